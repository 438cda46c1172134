// scenarios/litmus/s.cpp - S: a write that follows what was seen comes after what it was seen with
//
//     T1: x = 2; y = 1         T2: r1 = y; x = 1        r1=1 and in the end x=2?
//
// T2 has seen y, so T1's store to x lies behind, and yet it has the last word over T2's. Sc and x86 forbid
// it: stores leave a buffer in their order, and T2's leaves it after the load. ARM and POWER allow it, and
// C++ does with relaxed orders. Release and acquire forbid it: x=2 then happens before x=1, and the order of
// the writes to one variable agrees with happens-before (coherence).

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

// Of y: x is always relaxed.
struct Orders {
  heddle::memory_order store = rlx;
  heddle::memory_order load = rlx;
};

void shape_s(Orders order) {
  heddle::atomic<int> x{0, "x"};
  heddle::atomic<int> y{0, "y"};
  int r1 = 0;

  heddle::thread first([&] {
    x.store(2, rlx);
    y.store(1, order.store);
  });
  heddle::thread second([&] {
    r1 = y.load(order.load);
    x.store(1, rlx);
  });
  first.join();
  second.join();

  heddle::outcome("r1", r1);
  heddle::outcome("x", x);
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
      {"r1=0 x=1", Grade::Expected, "T2 reads before y=1 and writes after x=2"},
      {"r1=0 x=2", Grade::Expected, "T2 comes first"},
      {"r1=1 x=1", Grade::Expected, "T1 comes first"},
  };
  return {
      .name = variant.name,
      .lesson = variant.lesson,
      .story =
          "MP with a write in the place of the second read: the one who has seen the flag replaces the "
          "message. Is the old message gone for good?",
      .tags = {"litmus"},
      .outcomes = [outcomes](const heddle::Parameters&) { return outcomes; },
      .pair = variant.pair,
      .body = [orders = variant.orders](const heddle::Parameters&) { shape_s(orders); },
      .where = variant.where,
  };
}

const heddle::Registered relaxed{scenario({
    .name = "litmus/s",
    .lesson = "S: a store overtakes the store or the load before it",
    .pair = "litmus/s+rel+acq",
    .weak = {"r1=1 x=2", Grade::Interesting, "rc11: the accesses of T1, or of T2, change places"},
})};

const heddle::Registered rel_acq{scenario({
    .name = "litmus/s+rel+acq",
    .lesson = "S: a write replaces what happens before it",
    .pair = "litmus/s",
    .orders = {.store = rel, .load = acq},
    .weak = {"r1=1 x=2", Grade::Forbidden, "none: x=2 happens before x=1"},
})};

}  // namespace
