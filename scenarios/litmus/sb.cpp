// scenarios/litmus/sb.cpp - SB, store buffering: each thread stores, then looks for the other's store
//
//     T1: x = 1; r1 = y        T2: y = 1; r2 = x        r1=0 r2=0?
//
// Whatever the order of the four steps, the last one is a load and sees the other thread's store, so sc
// forbids it. A processor with store buffers allows it, x86 as well: both loads are done while both stores
// wait. C++ allows it too, even with release and acquire: they order a thread after the one that it reads
// from, and here neither reads from the other. It takes seq_cst for both accesses of a thread, or a seq_cst
// fence between them, and in both threads.

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
  bool fences = false;  // seq_cst, between the two accesses
};

void store_buffering(Orders order) {
  heddle::atomic<int> x{0, "x"};
  heddle::atomic<int> y{0, "y"};
  int r1 = 0;
  int r2 = 0;

  heddle::thread first([&] {
    x.store(1, order.store);
    if (order.fences) heddle::atomic_thread_fence(sc);
    r1 = y.load(order.load);
  });
  heddle::thread second([&] {
    y.store(1, order.store);
    if (order.fences) heddle::atomic_thread_fence(sc);
    r2 = x.load(order.load);
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
      {"r1=0 r2=1", Grade::Expected, "T1 comes first"},
      {"r1=1 r2=0", Grade::Expected, "T2 comes first"},
      {"r1=1 r2=1", Grade::Expected, "both stores come before both loads"},
  };
  return {
      .name = variant.name,
      .lesson = variant.lesson,
      .story =
          "Each thread announces itself and looks for the other, as in Dekker's and Peterson's algorithms. "
          "If each may miss the other, both go on.",
      .tags = {"litmus"},
      .outcomes = [outcomes](const heddle::Parameters&) { return outcomes; },
      .pair = variant.pair,
      .body = [orders = variant.orders](const heddle::Parameters&) { store_buffering(orders); },
      .where = variant.where,
  };
}

const heddle::Registered sb{scenario({
    .name = "litmus/sb",
    .lesson = "SB: a load overtakes the store before it",
    .pair = "litmus/sb+scs",
    .weak = {"r1=0 r2=0", Grade::Interesting, "tso, rc11: both stores still wait in their buffers"},
})};

const heddle::Registered rel_acq{scenario({
    .name = "litmus/sb+rel+acq",
    .lesson = "SB: release and acquire do not keep a load behind a store",
    .pair = "litmus/sb+scs",
    .orders = {.store = rel, .load = acq},
    .weak = {"r1=0 r2=0", Grade::Interesting, "tso, rc11: the stores wait, and who reads 0 acquires nothing"},
})};

const heddle::Registered sc_rlx{scenario({
    .name = "litmus/sb+sc+rlx",
    .lesson = "SB: seq_cst stores are enough on x86, and not in C++",
    .pair = "litmus/sb+scs",
    .orders = {.store = sc},
    .weak = {"r1=0 r2=0", Grade::Interesting,
             "rc11: the loads are relaxed; under tso the stores do not wait"},
})};

const heddle::Registered scs{scenario({
    .name = "litmus/sb+scs",
    .lesson = "SB: the seq_cst accesses are in one order",
    .pair = "litmus/sb",
    .orders = {.store = sc, .load = sc},
    .weak = {"r1=0 r2=0", Grade::Forbidden, "none: one of the stores is the first of all four"},
})};

const heddle::Registered scfences{scenario({
    .name = "litmus/sb+scfences",
    .lesson = "SB: of two seq_cst fences one comes first",
    .pair = "litmus/sb",
    .orders = {.fences = true},
    .weak = {"r1=0 r2=0", Grade::Forbidden, "none: what precedes the first fence is seen after the second"},
})};

}  // namespace
