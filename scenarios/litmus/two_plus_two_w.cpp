// scenarios/litmus/two_plus_two_w.cpp - 2+2W: two threads write two variables in opposite directions
//
//     T1: x = 1; y = 2         T2: y = 1; x = 2         in the end x=1 y=1?
//
// Nobody reads: what is asked is in which order the writes to each variable come. If both first stores have
// the last word, each comes after the other thread's second store, and that after the first: a cycle. Sc
// forbids it, and so does x86, where a buffer is a queue. ARM and POWER allow it, and C++ does, even if the
// stores release: a release means something only to who acquires it, and nobody does. The seq_cst stores are
// in one order, and the order of each variable agrees with it.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <vector>

namespace {

using heddle::Grade;

constexpr auto rlx = heddle::memory_order_relaxed;
constexpr auto rel = heddle::memory_order_release;
constexpr auto sc = heddle::memory_order_seq_cst;

struct Orders {
  heddle::memory_order store = rlx;
};

void two_plus_two_writes(Orders order) {
  heddle::atomic<int> x{0, "x"};
  heddle::atomic<int> y{0, "y"};

  heddle::thread first([&] {
    x.store(1, order.store);
    y.store(2, order.store);
  });
  heddle::thread second([&] {
    y.store(1, order.store);
    x.store(2, order.store);
  });
  first.join();
  second.join();

  heddle::outcome("x", x);
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
      {"x=1 y=2", Grade::Expected, "T1 comes last"},
      {"x=2 y=1", Grade::Expected, "T2 comes last"},
      {"x=2 y=2", Grade::Expected, "both first stores come before both second ones"},
  };
  return {
      .name = variant.name,
      .lesson = variant.lesson,
      .story =
          "Each thread writes both variables, and each begins with another one. Whoever writes a variable "
          "last has the last word there: may both first stores have it?",
      .tags = {"litmus"},
      .outcomes = [outcomes](const heddle::Parameters&) { return outcomes; },
      .pair = variant.pair,
      .body = [orders = variant.orders](const heddle::Parameters&) { two_plus_two_writes(orders); },
      .where = variant.where,
  };
}

const heddle::Registered relaxed{scenario({
    .name = "litmus/2+2w",
    .lesson = "2+2W: two stores of a thread change places",
    .pair = "litmus/2+2w+sc",
    .weak = {"x=1 y=1", Grade::Interesting, "rc11: the second stores overtake the first"},
})};

const heddle::Registered release{scenario({
    .name = "litmus/2+2w+rel",
    .lesson = "2+2W: releases that nobody acquires order no writes",
    .pair = "litmus/2+2w+sc",
    .orders = {.store = rel},
    .weak = {"x=1 y=1", Grade::Interesting, "rc11: nobody acquires, so nothing is ordered"},
})};

const heddle::Registered seq_cst{scenario({
    .name = "litmus/2+2w+sc",
    .lesson = "2+2W: the seq_cst stores are in one order",
    .pair = "litmus/2+2w",
    .orders = {.store = sc},
    .weak = {"x=1 y=1", Grade::Forbidden, "none: the last of the four stores is a second one"},
})};

}  // namespace
