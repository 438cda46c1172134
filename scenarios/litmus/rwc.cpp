// scenarios/litmus/rwc.cpp - RWC, read to write causality: SB, in which one thread only saw the store
//
//     T1: x = 1    T2: r1 = x; r2 = y    T3: y = 1; r3 = x    r1=1 r2=0 r3=0?
//
// T2 has seen x and misses y, so y is written after x; and then T3 misses x. Sc forbids it. x86 allows it:
// T3's load is done while its store waits. C++ allows it with less than seq_cst, release and acquire
// included: T2 does not read from T3, nor T3 from T1, so nothing orders T3 after the others.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <vector>

namespace {

using heddle::Grade;

constexpr auto rlx = heddle::memory_order_relaxed;
constexpr auto sc = heddle::memory_order_seq_cst;

struct Orders {
  heddle::memory_order store = rlx;
  heddle::memory_order load = rlx;
};

void read_write_causality(Orders order) {
  heddle::atomic<int> x{0, "x"};
  heddle::atomic<int> y{0, "y"};
  int r1 = 0;
  int r2 = 0;
  int r3 = 0;

  heddle::thread first([&] { x.store(1, order.store); });
  heddle::thread second([&] {
    r1 = x.load(order.load);
    r2 = y.load(order.load);
  });
  heddle::thread third([&] {
    y.store(1, order.store);
    r3 = x.load(order.load);
  });
  first.join();
  second.join();
  third.join();

  heddle::outcome("r1", r1);
  heddle::outcome("r2", r2);
  heddle::outcome("r3", r3);
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
      {"*", Grade::Expected, "the loads agree with one order of the stores"},
  };
  return {
      .name = variant.name,
      .lesson = variant.lesson,
      .story =
          "SB in which one thread has only seen the store, and not made it. It misses the store of another "
          "thread, which must be a later one then. Does that other thread see the first store?",
      .tags = {"litmus"},
      .outcomes = [outcomes](const heddle::Parameters&) { return outcomes; },
      .pair = variant.pair,
      .body = [orders = variant.orders](const heddle::Parameters&) { read_write_causality(orders); },
      .where = variant.where,
  };
}

const heddle::Registered relaxed{scenario({
    .name = "litmus/rwc",
    .lesson = "RWC: a load overtakes the store before it",
    .pair = "litmus/rwc+sc",
    .weak = {"r1=1 r2=0 r3=0", Grade::Interesting,
             "tso, rc11: y=1 still waits in its buffer while x is read"},
})};

const heddle::Registered seq_cst{scenario({
    .name = "litmus/rwc+sc",
    .lesson = "RWC: the seq_cst accesses are in one order",
    .pair = "litmus/rwc",
    .orders = {.store = sc, .load = sc},
    .weak = {"r1=1 r2=0 r3=0", Grade::Forbidden, "none: x=1 comes before y=1, and the load of x after it"},
})};

}  // namespace
