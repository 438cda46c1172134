// scenarios/litmus/wrc.cpp - WRC, write to read causality: a thread passes on what it has seen of another
//
//     T1: x = 1    T2: r1 = x; y = 1    T3: r2 = y; r3 = x    r1=1 r2=1 r3=0?
//
// T3 knows of T2's store, which T2 made knowing of T1's. Sc and x86 forbid that T3 misses that one. ARM and
// POWER allow it, where the accesses of T2 or of T3 change places; on POWER x may also reach T2 before T3.
// C++ allows it with relaxed orders. It is enough to release and acquire y, although x stays relaxed: T2's
// load of x then happens before T3's, and of two loads of one variable the later one never sees an older
// value (coherence).

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

void write_read_causality(Orders order) {
  heddle::atomic<int> x{0, "x"};
  heddle::atomic<int> y{0, "y"};
  int r1 = 0;
  int r2 = 0;
  int r3 = 0;

  heddle::thread first([&] { x.store(1, rlx); });
  heddle::thread second([&] {
    r1 = x.load(rlx);
    y.store(1, order.store);
  });
  heddle::thread third([&] {
    r2 = y.load(order.load);
    r3 = x.load(rlx);
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
      {"*", Grade::Expected, "who sees an effect sees its cause"},
  };
  return {
      .name = variant.name,
      .lesson = variant.lesson,
      .story =
          "One thread stores, the next one sees that and raises a flag, the third one sees the flag. Does it "
          "see the first store as well, which is not by the one who raised the flag?",
      .tags = {"litmus"},
      .outcomes = [outcomes](const heddle::Parameters&) { return outcomes; },
      .pair = variant.pair,
      .body = [orders = variant.orders](const heddle::Parameters&) { write_read_causality(orders); },
      .where = variant.where,
  };
}

const heddle::Registered relaxed{scenario({
    .name = "litmus/wrc",
    .lesson = "WRC: the news arrives before what it is about",
    .pair = "litmus/wrc+rel+acq",
    .weak = {"r1=1 r2=1 r3=0", Grade::Interesting, "rc11: the accesses of T2, or of T3, change places"},
})};

const heddle::Registered rel_acq{scenario({
    .name = "litmus/wrc+rel+acq",
    .lesson = "WRC: what is released includes what was seen before",
    .pair = "litmus/wrc",
    .orders = {.store = rel, .load = acq},
    .weak = {"r1=1 r2=1 r3=0", Grade::Forbidden,
             "none: T2's load of x happens before T3's, and x does not go back"},
})};

const heddle::Registered rel_rlx{scenario({
    .name = "litmus/wrc+rel+rlx",
    .lesson = "WRC: a release that nobody acquires",
    .pair = "litmus/wrc+rel+acq",
    .orders = {.store = rel},
    .weak = {"r1=1 r2=1 r3=0", Grade::Interesting, "rc11: T3 may read x before y"},
})};

}  // namespace
