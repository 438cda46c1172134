// scenarios/litmus/lb.cpp - LB, load buffering: each thread reads what the other is about to write
//
//     T1: r1 = x; y = 1        T2: r2 = y; x = 1        r1=1 r2=1?
//
// The first of the four steps is a load, and reads 0: sc forbids it. So does x86, where no store overtakes a
// load before it. ARM and POWER allow it, and the C++ standard does for relaxed orders. RC11 does not: it
// forbids every cycle of program order and reads-from. A model that allowed this one, and yet no values out
// of thin air (T1: y = x, T2: x = y, both 42), would have to know about dependencies. So nothing here shows
// what a compiler may make of this program.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <vector>

namespace {

using heddle::Grade;

constexpr auto rlx = heddle::memory_order_relaxed;
constexpr auto rel = heddle::memory_order_release;
constexpr auto acq = heddle::memory_order_acquire;
constexpr auto sc = heddle::memory_order_seq_cst;

struct Orders {
  heddle::memory_order store = rlx;
  heddle::memory_order load = rlx;
};

void load_buffering(Orders order) {
  heddle::atomic<int> x{0, "x"};
  heddle::atomic<int> y{0, "y"};
  int r1 = 0;
  int r2 = 0;

  heddle::thread first([&] {
    r1 = x.load(order.load);
    y.store(1, order.store);
  });
  heddle::thread second([&] {
    r2 = y.load(order.load);
    x.store(1, order.store);
  });
  first.join();
  second.join();

  heddle::outcome("r1", r1);
  heddle::outcome("r2", r2);
}

struct Variant {
  const char* name;
  const char* lesson;
  const char* pair;
  Orders orders;
  heddle::DeclaredOutcome weak;
  heddle::location where = heddle::location::current();
};

heddle::Scenario scenario(const Variant& variant) {
  const std::vector<heddle::DeclaredOutcome> outcomes = {
      variant.weak,
      {"r1=0 r2=0", Grade::Expected, "both loads come before both stores"},
      {"r1=0 r2=1", Grade::Expected, "T1 comes first"},
      {"r1=1 r2=0", Grade::Expected, "T2 comes first"},
  };
  return {
      .name = variant.name,
      .lesson = variant.lesson,
      .story =
          "A store would have to overtake the load before it, in both threads. ARM, POWER and the C++ "
          "standard let relaxed ones do so; RC11, the standard repaired, forbids it to be rid of values out "
          "of thin air.",
      .tags = {"litmus"},
      .outcomes = [outcomes](const heddle::Parameters&) { return outcomes; },
      .pair = variant.pair,
      .body = [orders = variant.orders](const heddle::Parameters&) { load_buffering(orders); },
      .where = variant.where,
  };
}

const heddle::Registered lb{scenario({
    .name = "litmus/lb",
    .lesson = "LB: a store would have to overtake the load before it",
    .pair = "litmus/lb+rel+acq",
    .weak = {"r1=1 r2=1", Grade::Forbidden, "none: rc11 forbids it along with values out of thin air"},
})};

const heddle::Registered rel_acq{scenario({
    .name = "litmus/lb+rel+acq",
    .lesson = "LB: with release and acquire C++ forbids it as well",
    .pair = "litmus/lb",
    .orders = {.store = rel, .load = acq},
    .weak = {"r1=1 r2=1", Grade::Forbidden, "none: happens-before would be a cycle"},
})};

const heddle::Registered scs{scenario({
    .name = "litmus/lb+scs",
    .lesson = "LB: the seq_cst accesses are in one order",
    .pair = "litmus/lb",
    .orders = {.store = sc, .load = sc},
    .weak = {"r1=1 r2=1", Grade::Forbidden, "none: one of the loads is the first of all four"},
})};

}  // namespace
