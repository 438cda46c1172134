// tests/field/torn_looks_test.cpp - loops that look twice in a round, while others write in between
//
// Such a round may leave a thread where it was and still not be the one that comes next: what it has read
// first is not there any more. So its thread does not wait for ever.

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/thread.hpp>

#include <algorithm>

namespace heddle {
namespace {

using tests::each_class;
using tests::expect_defect;
using tests::expect_outcomes;
using tests::expect_verified;
using tests::together;

// It fails at 1 and at 0 and at 1 again, and remembers the same as two tries before.
TEST(TornLookTest, ACompareExchangeLoopBetweenOtherWrites) {
  expect_outcomes({"x=1", "x=2"}, [] {
    atomic<int> x{0, "x"};
    together(
        [&] {
          for (int seen = x.load(); !x.compare_exchange_strong(seen, seen + 1);) {
          }
        },
        [&] {
          x.store(1);
          x.store(0);
          x.fetch_add(1);
        });
    outcome("x", x.load());
  });
}

// The lock is free when the thread looks and taken when it tries.
void test_and_test_and_set(int attempts, bool remembers) {
  atomic<int> x{0, "x"};
  together(
      [&] {
        for (int n = 0; n < attempts; ++n)
          if (x.exchange(1) == 0) x.store(0);
      },
      [&] {
        int greatest = 0;
        for (;;) {
          int seen = x.load();
          if (seen == 0) seen = x.exchange(1);
          if (seen == 0) break;
          if (remembers) greatest = std::max(greatest, seen);
        }
        require(greatest <= 1);
        x.store(0);
      });
}

TEST(TornLookTest, ALockThatIsTestedAndThenTaken) {
  expect_verified([] { test_and_test_and_set(2, false); });
  expect_verified([] { test_and_test_and_set(2, true); });
  expect_verified([] { test_and_test_and_set(3, false); }, each_class);
}

// A lock that is set to something else is never free again.
TEST(TornLookTest, ALoopOfExchangesThatCountsAtFirst) {
  expect_defect(DefectKind::Livelock,
                [] {
                  atomic<int> x{0, "x"}, y{0, "y"};
                  thread one([&] {
                    if (x.exchange(1) != 0) return;
                    y.fetch_add(1);
                    x.store(0);
                  });
                  thread two([&] {
                    x.store(2);
                    y.fetch_add(1);
                  });
                  thread three([&] {
                    int count = 0;
                    while (x.exchange(1) != 0)
                      if (count < 2) ++count;
                    y.fetch_add(1);
                    x.store(0);
                  });
                  one.join();
                  two.join();
                  three.join();
                },
                {tests::sc, tests::graphs});
}

}  // namespace
}  // namespace heddle
