// scenarios/litmus/r.cpp - R: the order of two writes decides what a load may miss
//
//     T1: x = 1; y = 1         T2: y = 2; r1 = x        r1=0 and in the end y=2?
//
// T2's store to y is the last one, so it comes after both stores of T1, and yet T2 misses x. Sc forbids it.
// x86 allows it: T2's load is done while its store waits until T1 has written both. C++ allows it with less
// than seq_cst, release and acquire included: that y=2 comes after y=1 synchronizes nothing.

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

void shape_r(Orders order) {
  heddle::atomic<int> x{0, "x"};
  heddle::atomic<int> y{0, "y"};
  int r1 = 0;

  heddle::thread first([&] {
    x.store(1, order.store);
    y.store(1, order.store);
  });
  heddle::thread second([&] {
    y.store(2, order.store);
    r1 = x.load(order.load);
  });
  first.join();
  second.join();

  heddle::outcome("r1", r1);
  heddle::outcome("y", y);
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
      {"r1=0 y=1", Grade::Expected, "T2 comes first"},
      {"r1=1 y=1", Grade::Expected, "T2 stores before y=1 and loads after x=1"},
      {"r1=1 y=2", Grade::Expected, "T1 comes first"},
  };
  return {
      .name = variant.name,
      .lesson = variant.lesson,
      .story =
          "T1 writes as in MP, T2 writes and reads as in SB: it overwrites what T1 has written last, and "
          "then looks for what T1 has written before that.",
      .tags = {"litmus"},
      .outcomes = [outcomes](const heddle::Parameters&) { return outcomes; },
      .pair = variant.pair,
      .body = [orders = variant.orders](const heddle::Parameters&) { shape_r(orders); },
      .where = variant.where,
  };
}

const heddle::Registered relaxed{scenario({
    .name = "litmus/r",
    .lesson = "R: a load overtakes the store before it",
    .pair = "litmus/r+sc",
    .weak = {"r1=0 y=2", Grade::Interesting, "tso, rc11: y=2 still waits in its buffer while x is read"},
})};

const heddle::Registered seq_cst{scenario({
    .name = "litmus/r+sc",
    .lesson = "R: the seq_cst accesses are in one order",
    .pair = "litmus/r",
    .orders = {.store = sc, .load = sc},
    .weak = {"r1=0 y=2", Grade::Forbidden, "none: x=1 comes before y=1, that before y=2, the load last"},
})};

}  // namespace
