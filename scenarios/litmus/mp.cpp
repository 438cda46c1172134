// scenarios/litmus/mp.cpp - MP, message passing: one thread writes a message x and raises a flag y
//
//     T1: x = 1; y = 1         T2: r1 = y; r2 = x       r1=1 r2=0?
//
// Whoever sees the flag counts on the message. Sc and x86 forbid that it is missing: stores leave the buffer
// in their order, and loads are done in theirs. ARM and POWER allow it, where stores, and loads, overtake
// each other; so C++ does with relaxed orders, on whatever processor. The flag has to be released, which
// holds it behind the message, and acquired, which holds the second load behind the first: one alone is not
// enough.

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

// Of the flag: the message is always relaxed.
struct Orders {
  heddle::memory_order store = rlx;
  heddle::memory_order load = rlx;
  bool fences = false;  // release, between the stores; acquire, between the loads
};

void message_passing(Orders order) {
  heddle::atomic<int> x{0, "x"};
  heddle::atomic<int> y{0, "y"};
  int r1 = 0;
  int r2 = 0;

  heddle::thread first([&] {
    x.store(1, rlx);
    if (order.fences) heddle::atomic_thread_fence(rel);
    y.store(1, order.store);
  });
  heddle::thread second([&] {
    r1 = y.load(order.load);
    if (order.fences) heddle::atomic_thread_fence(acq);
    r2 = x.load(rlx);
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
      {"r1=0 r2=0", Grade::Expected, "T2 comes first"},
      {"r1=0 r2=1", Grade::Expected, "the flag is late, the message is there"},
      {"r1=1 r2=1", Grade::Expected, "T1 comes first"},
  };
  return {
      .name = variant.name,
      .lesson = variant.lesson,
      .story =
          "The reader that sees the flag raised counts on the message. With release and acquire it may; with "
          "less, a compiler or a processor may let the flag overtake the message, or the reading of the one "
          "that of the other.",
      .tags = {"litmus"},
      .outcomes = [outcomes](const heddle::Parameters&) { return outcomes; },
      .pair = variant.pair,
      .body = [orders = variant.orders](const heddle::Parameters&) { message_passing(orders); },
      .where = variant.where,
  };
}

const heddle::Registered mp{scenario({
    .name = "litmus/mp",
    .lesson = "MP: the flag overtakes the message",
    .pair = "litmus/mp+rel+acq",
    .weak = {"r1=1 r2=0", Grade::Interesting, "rc11: the two stores, or the two loads, change places"},
})};

const heddle::Registered rel_acq{scenario({
    .name = "litmus/mp+rel+acq",
    .lesson = "MP: whoever acquires the flag sees the message",
    .pair = "litmus/mp",
    .orders = {.store = rel, .load = acq},
    .weak = {"r1=1 r2=0", Grade::Forbidden, "none: the message comes along with the flag"},
})};

const heddle::Registered rel_rlx{scenario({
    .name = "litmus/mp+rel+rlx",
    .lesson = "MP: a release that nobody acquires",
    .pair = "litmus/mp+rel+acq",
    .orders = {.store = rel},
    .weak = {"r1=1 r2=0", Grade::Interesting, "rc11: the message may be read before the flag"},
})};

const heddle::Registered fences{scenario({
    .name = "litmus/mp+fences",
    .lesson = "MP: fences around relaxed accesses release and acquire as well",
    .pair = "litmus/mp",
    .orders = {.fences = true},
    .weak = {"r1=1 r2=0", Grade::Forbidden, "none: the fences synchronize through the flag"},
})};

}  // namespace
