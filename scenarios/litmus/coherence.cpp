// scenarios/litmus/coherence.cpp - coRR, coWW, coRW, coWR: what every memory keeps, on a single variable
//
//     coRR  T1: x = 1           T2: r1 = x; r2 = x    r1=1 r2=0?
//     coWW  T1: x = 1; x = 2                          in the end x=1?
//     coRW  T1: r1 = x; x = 1   T2: x = 2             r1=1? or r1=2 and in the end x=2?
//     coWR  T1: x = 1; r1 = x   T2: x = 2             r1=0? or r1=2 and in the end x=1?
//
// The writes to one variable are in one order, and no thread goes back in it. Sc, x86 and C++ forbid all of
// these, C++ for atomic variables and whatever orders: it is what relaxed promises, and no more. Of a plain
// variable a compiler may exchange two loads, or load it again.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <vector>

namespace {

using heddle::Grade;

constexpr auto rlx = heddle::memory_order_relaxed;

void read_read(const heddle::Parameters&) {
  heddle::atomic<int> x{0, "x"};
  int r1 = 0;
  int r2 = 0;
  heddle::thread first([&] { x.store(1, rlx); });
  heddle::thread second([&] {
    r1 = x.load(rlx);
    r2 = x.load(rlx);
  });
  first.join();
  second.join();
  heddle::outcome("r1", r1);
  heddle::outcome("r2", r2);
}

void write_write(const heddle::Parameters&) {
  heddle::atomic<int> x{0, "x"};
  heddle::thread first([&] {
    x.store(1, rlx);
    x.store(2, rlx);
  });
  first.join();
  heddle::outcome("x", x);
}

void read_write(const heddle::Parameters&) {
  heddle::atomic<int> x{0, "x"};
  int r1 = 0;
  heddle::thread first([&] {
    r1 = x.load(rlx);
    x.store(1, rlx);
  });
  heddle::thread second([&] { x.store(2, rlx); });
  first.join();
  second.join();
  heddle::outcome("r1", r1);
  heddle::outcome("x", x);
}

void write_read(const heddle::Parameters&) {
  heddle::atomic<int> x{0, "x"};
  int r1 = 0;
  heddle::thread first([&] {
    x.store(1, rlx);
    r1 = x.load(rlx);
  });
  heddle::thread second([&] { x.store(2, rlx); });
  first.join();
  second.join();
  heddle::outcome("r1", r1);
  heddle::outcome("x", x);
}

struct Variant {
  const char* name;
  const char* lesson;
  const char* pair;
  std::vector<heddle::DeclaredOutcome> outcomes;
  void (*body)(const heddle::Parameters&);
  heddle::location where = heddle::location::current();
};

heddle::Scenario scenario(const Variant& variant) {
  return {
      .name = variant.name,
      .lesson = variant.lesson,
      .story =
          "The writes to one variable are in one order, and no thread goes back in it: not with two loads, "
          "not with two stores, not with one of each. Relaxed orders promise that and no more; for plain "
          "variables nothing does.",
      .tags = {"litmus"},
      .outcomes = [outcomes = variant.outcomes](const heddle::Parameters&) { return outcomes; },
      .pair = variant.pair,
      .body = variant.body,
      .where = variant.where,
  };
}

const heddle::Registered corr{scenario({
    .name = "litmus/corr",
    .lesson = "coRR: a second load does not see an older value",
    .pair = "litmus/coww",
    .outcomes = {{"r1=0 r2=0", Grade::Expected, "T2 comes first"},
                 {"r1=0 r2=1", Grade::Expected, "the store comes between the loads"},
                 {"r1=1 r2=0", Grade::Forbidden, "none: x would go back"},
                 {"r1=1 r2=1", Grade::Expected, "T1 comes first"}},
    .body = read_read,
})};

const heddle::Registered coww{scenario({
    .name = "litmus/coww",
    .lesson = "coWW: the stores of a thread to one variable keep their order",
    .pair = "litmus/corr",
    .outcomes = {{"x=1", Grade::Forbidden, "none: the second store is the last"},
                 {"x=2", Grade::Expected, "the second store is the last"}},
    .body = write_write,
})};

const heddle::Registered corw{scenario({
    .name = "litmus/corw",
    .lesson = "coRW: a store comes after what the load before it saw",
    .pair = "litmus/cowr",
    .outcomes = {{"r1=0 x=1", Grade::Expected, "T2 stores between the load and the store"},
                 {"r1=0 x=2", Grade::Expected, "T1 comes first"},
                 {"r1=2 x=1", Grade::Expected, "T2 comes first"},
                 {"r1=2 x=2", Grade::Forbidden, "none: T1 would write before what it has read"},
                 {"r1=1 x=1", Grade::Forbidden, "none: T1 would read what it has not yet written"},
                 {"r1=1 x=2", Grade::Forbidden, "none: T1 would read what it has not yet written"}},
    .body = read_write,
})};

const heddle::Registered cowr{scenario({
    .name = "litmus/cowr",
    .lesson = "coWR: a load sees the store before it, or a later one",
    .pair = "litmus/corw",
    .outcomes = {{"r1=1 x=1", Grade::Expected, "T2 comes first"},
                 {"r1=1 x=2", Grade::Expected, "T1 comes first"},
                 {"r1=2 x=2", Grade::Expected, "T2 stores between the store and the load"},
                 {"r1=2 x=1", Grade::Forbidden, "none: T1 would miss its own, later store"},
                 {"r1=0 x=1", Grade::Forbidden, "none: T1 would miss its own store"},
                 {"r1=0 x=2", Grade::Forbidden, "none: T1 would miss its own store"}},
    .body = write_read,
})};

}  // namespace
