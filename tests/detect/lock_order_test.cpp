// tests/detect/lock_order_test.cpp - advice about orders of locks, only where nothing has been decided.

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heddle {
namespace {

using testing::HasSubstr;
using tests::Body;
using tests::run_threads;

void take_both(mutex& first, mutex& second) {
  const lock_guard hold(first);
  const lock_guard hold_other(second);
}

// A search that sees the threads only one after the other.
Result glance(const Body& body) {
  Options options;
  options.strategy = StrategyKind::Preemptions;
  options.preemptions = 0;
  return check(body, options);
}

Body opposite() {
  return [] {
    mutex a{"a"}, b{"b"};
    run_threads({[&] { take_both(a, b); }, [&] { take_both(b, a); }});
  };
}

TEST(LockOrderTest, OppositeOrdersAreAdvisedAgainstWhenTheSearchIsNotExhaustive) {
  const Result result = glance(opposite());
  EXPECT_TRUE(result.defects.empty());
  EXPECT_EQ(result.verdict, Verdict::Inconclusive) << "an advice is no defect";
  ASSERT_EQ(result.advisories.size(), 1u);
  EXPECT_EQ(result.advisories[0].kind, DefectKind::LockOrder);
  ASSERT_EQ(result.advisories[0].because.size(), 2u);
  EXPECT_THAT(result.advisories[0].because[0], HasSubstr("T1 takes b (lock_order_test.cpp:"));
  EXPECT_THAT(result.advisories[0].because[0], HasSubstr("while it holds a (lock_order_test.cpp:"));
  EXPECT_THAT(result.advisories[0].because[1], HasSubstr("T2 takes a"));
}

TEST(LockOrderTest, RandomSearchesAdviseAsWell) {
  // With one execution the deadlock is seldom met.
  bool advised = false;
  for (std::uint64_t seed = 1; seed <= 20 && !advised; ++seed) {
    Options options;
    options.strategy = StrategyKind::Random;
    options.executions = 1;
    options.seed = seed;
    const Result result = check(opposite(), options);
    if (result.verdict != Verdict::Defect) advised = result.advisories.size() == 1;
    else EXPECT_TRUE(result.advisories.empty()) << "the deadlock itself says it all";
  }
  EXPECT_TRUE(advised);
}

TEST(LockOrderTest, AnExhaustiveSearchDecidesAndAdvisesNothing) {
  const Result result = check([] {
    mutex a{"a"}, b{"b"};
    atomic<bool> second{false, "second"};
    run_threads({[&] {
                   take_both(a, b);
                   second.store(true);
                 },
                 [&] {
                   if (second.load()) take_both(b, a);
                 }});
  });
  EXPECT_EQ(result.verdict, Verdict::Verified);
  EXPECT_TRUE(result.advisories.empty());
}

TEST(LockOrderTest, ACommonOrderIsNeverAdvisedAgainst) {
  EXPECT_TRUE(glance([] {
                mutex a{"a"}, b{"b"};
                run_threads({[&] { take_both(a, b); }, [&] { take_both(a, b); }});
              }).advisories.empty());
}

TEST(LockOrderTest, AGateMakesTheInnerOrderHarmless) {
  EXPECT_TRUE(glance([] {
                mutex gate{"gate"}, a{"a"}, b{"b"};
                run_threads({[&] {
                               const lock_guard pass(gate);
                               take_both(a, b);
                             },
                             [&] {
                               const lock_guard pass(gate);
                               take_both(b, a);
                             }});
              }).advisories.empty());
}

TEST(LockOrderTest, DifferentGatesDoNot) {
  EXPECT_EQ(glance([] {
              mutex one{"one"}, other{"other"}, a{"a"}, b{"b"};
              run_threads({[&] {
                             const lock_guard pass(one);
                             take_both(a, b);
                           },
                           [&] {
                             const lock_guard pass(other);
                             take_both(b, a);
                           }});
            }).advisories.size(),
            1u);
}

TEST(LockOrderTest, OneThreadMayTakeThemInBothOrders) {
  EXPECT_TRUE(glance([] {
                mutex a{"a"}, b{"b"}, c{"c"};
                run_threads({[&] {
                               take_both(a, b);
                               take_both(b, a);
                             },
                             [&] { take_both(c, a); }, [&] { take_both(c, b); }});
              }).advisories.empty());
}

TEST(LockOrderTest, ATryLockClosesNoCycle) {
  EXPECT_TRUE(glance([] {
                mutex a{"a"}, b{"b"};
                run_threads({[&] { take_both(a, b); },
                             [&] {
                               const lock_guard hold(b);
                               if (a.try_lock()) a.unlock();
                             }});
              }).advisories.empty());
}

TEST(LockOrderTest, TakingSeveralAtOnceClosesNoCycle) {
  EXPECT_TRUE(glance([] {
                mutex a{"a"}, b{"b"};
                run_threads({[&] { const scoped_lock hold(a, b); }, [&] { const scoped_lock hold(b, a); }});
              }).advisories.empty());
}

TEST(LockOrderTest, ACycleOfThreeIsFound) {
  const Result result = glance([] {
    mutex a{"a"}, b{"b"}, c{"c"};
    run_threads({[&] { take_both(a, b); }, [&] { take_both(b, c); }, [&] { take_both(c, a); }});
  });
  ASSERT_EQ(result.advisories.size(), 1u);
  EXPECT_EQ(result.advisories[0].because.size(), 3u);
}

}  // namespace
}  // namespace heddle
