// tests/explore/optimal_test.cpp - each class once, and exactly as many as there are.

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace heddle {
namespace {

using testing::ElementsAre;
using tests::Body;
using tests::everything;
using tests::outcomes_of;

Result expect_classes(const Body& body, std::uint64_t classes) {
  Result result = check(body, everything());
  EXPECT_TRUE(result.exhaustive) << result.reason;
  EXPECT_EQ(result.complete, classes);
  EXPECT_EQ(result.redundant, 0u);
  EXPECT_EQ(result.blocked, 0u);
  return result;
}

TEST(OptimalTest, TwoThreadsThatReadAndWriteKTimes) {
  const std::uint64_t classes[] = {4, 34, 328, 3'334, 34'904};
  for (int k = 1; k <= 5; ++k) {
    SCOPED_TRACE(k);
    expect_classes(tests::split_increments(2, k), classes[k - 1]);
  }
}

TEST(OptimalTest, MoreThreadsThatReadAndWrite) {
  expect_classes(tests::split_increments(3, 1), 36);
  expect_classes(tests::split_increments(3, 2), 7'134);
  expect_classes(tests::split_increments(4, 1), 576);
}

TEST(OptimalTest, ThreadsThatTakeALock) {
  expect_classes(tests::locked_increments(2, 1), 2);
  expect_classes(tests::locked_increments(3, 1), 6);
  expect_classes(tests::locked_increments(4, 1), 24);
  expect_classes(tests::locked_increments(2, 2), 6);
  expect_classes(tests::locked_increments(2, 3), 20);
}

TEST(OptimalTest, EightThreadsThatTakeALockHaveAsManyClassesAsOrders) {
  expect_classes(tests::locked_increments(8, 1), 40'320);
}

TEST(OptimalTest, StoreBuffering) {
  EXPECT_THAT(outcomes_of(expect_classes(tests::store_buffering(), 3)),
              ElementsAre("r1=0 r2=1", "r1=1 r2=0", "r1=1 r2=1"));
}

TEST(OptimalTest, EachReaderIsBeforeOrAfterTheWriter) {
  for (int readers = 1; readers <= 8; ++readers) {
    SCOPED_TRACE(readers);
    const Result result = expect_classes(tests::one_writer(readers), std::uint64_t{1} << readers);
    EXPECT_EQ(result.outcomes.size(), std::size_t{1} << readers);
  }
}

TEST(OptimalTest, LastZero) {
  for (int size = 1; size <= 10; ++size) {
    SCOPED_TRACE(size);
    // (size + 3) * 2^(size - 2)
    expect_classes(tests::lastzero(size),
                   (static_cast<std::uint64_t>(size) + 3) * (std::uint64_t{1} << size) / 4);
  }
}

TEST(OptimalTest, IndependentThreadsHaveOneClass) {
  expect_classes(
      [] {
        std::deque<atomic<int>> own(6);
        std::vector<std::function<void()>> bodies;
        for (atomic<int>& each : own)
          bodies.emplace_back([&] {
            each.store(1);
            each.load();
          });
        tests::run_threads(bodies);
      },
      1);
}

TEST(OptimalTest, AProgramWithoutThreadsHasOneClass) {
  const Result result = expect_classes([] { outcome("answer", 42); }, 1);
  EXPECT_EQ(result.verdict, Verdict::Verified);
  EXPECT_EQ(result.steps, 0u);
  EXPECT_EQ(result.threads, 1u);
  EXPECT_THAT(outcomes_of(result), ElementsAre("answer=42"));
}

TEST(OptimalTest, DeadlocksAreClassesAsWell) {
  const Result result = expect_classes(tests::opposite_order(), 3);
  EXPECT_EQ(result.deadlocked, 1u);
}

TEST(OptimalTest, EveryAnswerOfAChoiceIsTried) {
  const Result result = expect_classes([] { outcome("sum", choose(3) * 10 + choose(4)); }, 12);
  EXPECT_EQ(result.outcomes.size(), 12u);
  EXPECT_EQ(tests::written(result.outcomes.front()), "sum=0");
  EXPECT_EQ(tests::written(result.outcomes.back()), "sum=23");
}

TEST(OptimalTest, ChoicesOfThreadsMultiplyWithTheirInterleavings) {
  // Two orders for each pair of answers; the third answer writes nothing.
  const Result result = expect_classes(
      [] {
        atomic<int> x{0, "x"};
        const auto work = [&](int base) {
          const std::size_t answer = choose(3);
          if (answer < 2) x.store(base + static_cast<int>(answer));
        };
        tests::run_threads({[&] { work(10); }, [&] { work(20); }});
        outcome("x", x);
      },
      2 * 2 * 2 + 2 + 2 + 1);
  EXPECT_THAT(outcomes_of(result), ElementsAre("x=0", "x=10", "x=11", "x=20", "x=21"));
}

TEST(OptimalTest, AChoiceMayDependOnWhatWasRead) {
  const Result result = expect_classes(
      [] {
        atomic<int> x{0, "x"};
        std::string seen;
        tests::run_threads({[&] { x.store(1); },
                            [&] { seen = x.load() == 0 ? "early" : "late" + std::to_string(choose(2)); }});
        outcome("seen", seen);
      },
      3);
  EXPECT_THAT(outcomes_of(result), ElementsAre("seen=early", "seen=late0", "seen=late1"));
}

TEST(OptimalTest, AnAssumptionThatFailsBlocksTheExecutionAndIsNoDefect) {
  const Result result = check([] {
    atomic<int> x{0, "x"};
    tests::run_threads({[&] { x.store(1); },
                        [&] {
                          assume(x.load() == 1);
                          outcome("seen", 1);
                        }});
  });
  EXPECT_EQ(result.verdict, Verdict::Verified);
  EXPECT_TRUE(result.exhaustive);
  EXPECT_EQ(result.complete, 1u);
  EXPECT_EQ(result.blocked, 1u);
  EXPECT_EQ(result.deadlocked, 0u);
  EXPECT_THAT(outcomes_of(result), ElementsAre("seen=1"));
}

TEST(OptimalTest, AnAssumptionThatNeverHoldsLeavesNoExecution) {
  const Result result = check([] { assume(false); });
  EXPECT_EQ(result.complete, 0u);
  EXPECT_EQ(result.blocked, 1u);
  EXPECT_TRUE(result.outcomes.empty());
}

TEST(OptimalTest, AnAssumptionWhileAnotherWaitsForALockIsNoDeadlock) {
  const Result result = check([] {
    mutex guard{"guard"};
    tests::run_threads({[&] {
                          const lock_guard hold(guard);
                          assume(false);
                        },
                        [&] { const lock_guard hold(guard); }});
  });
  EXPECT_EQ(result.verdict, Verdict::Inconclusive) << "nothing was seen to its end, so nothing is verified";
  EXPECT_EQ(result.deadlocked, 0u);
  EXPECT_EQ(result.blocked, 2u);
}

TEST(OptimalTest, StepsCountTheVisibleOperationsOfAllExecutions) {
  // Two steps by each thread and two joins in each of four executions, and the read of the outcome.
  const Result result = check(tests::split_increments(2, 1));
  EXPECT_EQ(result.complete, 4u);
  EXPECT_GE(result.steps, 4u * (2 + 2 + 1));
  EXPECT_LE(result.steps, 4u * (2 + 2 + 1 + 2));
}

}  // namespace
}  // namespace heddle
