// scenarios/litmus/iriw.cpp - IRIW, independent reads of independent writes: which of two stores was first?
//
//     T1: x = 1    T2: y = 1    T3: r1 = x; r2 = y    T4: r3 = y; r4 = x    r1=1 r2=0 r3=1 r4=0?
//
// T3 has seen x before y, T4 has seen y before x. Sc forbids it, and so does x86: a store that has left its
// buffer is there for all others at once. POWER allows it even where the loads stay in order, because a store
// may reach one processor before another. C++ therefore allows it with release and acquire: they order T3
// after T1 and T4 after T2, and nothing else. Under seq_cst all agree on one order.

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

void independent_reads(Orders order) {
  heddle::atomic<int> x{0, "x"};
  heddle::atomic<int> y{0, "y"};
  int r1 = 0;
  int r2 = 0;
  int r3 = 0;
  int r4 = 0;

  heddle::thread first([&] { x.store(1, order.store); });
  heddle::thread second([&] { y.store(1, order.store); });
  heddle::thread third([&] {
    r1 = x.load(order.load);
    r2 = y.load(order.load);
  });
  heddle::thread fourth([&] {
    r3 = y.load(order.load);
    r4 = x.load(order.load);
  });
  first.join();
  second.join();
  third.join();
  fourth.join();

  heddle::outcome("r1", r1);
  heddle::outcome("r2", r2);
  heddle::outcome("r3", r3);
  heddle::outcome("r4", r4);
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
      {"*", Grade::Expected, "the readers agree on an order of the stores"},
  };
  return {
      .name = variant.name,
      .lesson = variant.lesson,
      .story =
          "Two threads store, and two others look at both variables, in opposite directions. Do they have to "
          "agree which store came first?",
      .tags = {"litmus"},
      .outcomes = [outcomes](const heddle::Parameters&) { return outcomes; },
      .pair = variant.pair,
      .body = [orders = variant.orders](const heddle::Parameters&) { independent_reads(orders); },
      .where = variant.where,
  };
}

const heddle::Registered iriw{scenario({
    .name = "litmus/iriw",
    .lesson = "IRIW: two readers disagree about the order of two stores",
    .pair = "litmus/iriw+sc",
    .weak = {"r1=1 r2=0 r3=1 r4=0", Grade::Interesting, "rc11: the loads of a reader change places"},
})};

const heddle::Registered acquire{scenario({
    .name = "litmus/iriw+acq",
    .lesson = "IRIW: release and acquire do not make readers agree",
    .pair = "litmus/iriw+sc",
    .orders = {.store = rel, .load = acq},
    .weak = {"r1=1 r2=0 r3=1 r4=0", Grade::Interesting,
             "rc11: a store may reach one reader before the other"},
})};

const heddle::Registered seq_cst{scenario({
    .name = "litmus/iriw+sc",
    .lesson = "IRIW: the seq_cst stores are in one order, for all",
    .pair = "litmus/iriw",
    .orders = {.store = sc, .load = sc},
    .weak = {"r1=1 r2=0 r3=1 r4=0", Grade::Forbidden, "none: both readers see the one order"},
})};

}  // namespace
