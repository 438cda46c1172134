// scenarios/litmus/isa2.cpp - ISA2: a message x that reaches its reader through two flags y and z
//
//     T1: x = 1; y = 1    T2: r1 = y; z = 1    T3: r2 = z; r3 = x    r1=1 r2=1 r3=0?
//
// MP with a messenger who never touches the message. Sc and x86 forbid that it is missing. ARM and POWER
// allow it, and C++ does with relaxed orders. If both flags are released and acquired, the message comes
// along: happens-before is transitive, for which the fences of POWER are cumulative.

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

// Of the flags: the message is always relaxed.
struct Orders {
  heddle::memory_order store = rlx;
  heddle::memory_order load = rlx;
};

void isa2(Orders order) {
  heddle::atomic<int> x{0, "x"};
  heddle::atomic<int> y{0, "y"};
  heddle::atomic<int> z{0, "z"};
  int r1 = 0;
  int r2 = 0;
  int r3 = 0;

  heddle::thread first([&] {
    x.store(1, rlx);
    y.store(1, order.store);
  });
  heddle::thread second([&] {
    r1 = y.load(order.load);
    z.store(1, order.store);
  });
  heddle::thread third([&] {
    r2 = z.load(order.load);
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
      {"*", Grade::Expected, "who sees both flags sees the message"},
  };
  return {
      .name = variant.name,
      .lesson = variant.lesson,
      .story =
          "One thread writes a message and raises a flag, the next one sees the flag and raises another. "
          "Does who sees the second flag see the message?",
      .tags = {"litmus"},
      .outcomes = [outcomes](const heddle::Parameters&) { return outcomes; },
      .pair = variant.pair,
      .body = [orders = variant.orders](const heddle::Parameters&) { isa2(orders); },
      .where = variant.where,
  };
}

const heddle::Registered relaxed{scenario({
    .name = "litmus/isa2",
    .lesson = "ISA2: a flag overtakes the message",
    .pair = "litmus/isa2+rel+acq",
    .weak = {"r1=1 r2=1 r3=0", Grade::Interesting, "rc11: the accesses of any thread change places"},
})};

const heddle::Registered rel_acq{scenario({
    .name = "litmus/isa2+rel+acq",
    .lesson = "ISA2: happens-before reaches through a messenger",
    .pair = "litmus/isa2",
    .orders = {.store = rel, .load = acq},
    .weak = {"r1=1 r2=1 r3=0", Grade::Forbidden, "none: the message comes along with both flags"},
})};

}  // namespace
