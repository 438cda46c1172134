// tests/explore/enumerate_test.cpp - every interleaving, or every one with few preemptions.

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace heddle {
namespace {

using testing::ElementsAre;
using tests::everything;
using tests::outcomes_of;

Options bounded(int preemptions) {
  Options options = everything(StrategyKind::Preemptions);
  options.preemptions = preemptions;
  return options;
}

TEST(EnumerateTest, TwoThreadsOfTwoKStepsHaveAsManyInterleavingsAsThereAreChoices) {
  const std::uint64_t binomial[] = {6, 70, 924, 12'870, 184'756};  // of 4k over 2k
  for (int k = 1; k <= 5; ++k) {
    SCOPED_TRACE(k);
    const Result result = check(tests::split_increments(2, k), everything(StrategyKind::All));
    EXPECT_TRUE(result.exhaustive);
    EXPECT_EQ(result.verdict, Verdict::Verified);
    EXPECT_EQ(result.complete, binomial[k - 1]);
    EXPECT_EQ(result.blocked, 0u);
  }
}

TEST(EnumerateTest, RedundantExecutionsAreThoseBeyondTheClasses) {
  const Result result = check(tests::split_increments(2, 3), everything(StrategyKind::All));
  EXPECT_EQ(result.complete, 924u);
  EXPECT_EQ(result.complete - result.redundant, 328u);
}

TEST(EnumerateTest, EveryAnswerOfAChoiceIsTried) {
  EXPECT_EQ(check([] { outcome("sum", choose(3) * 10 + choose(4)); }, everything(StrategyKind::All)).complete,
            12u);
}

// How many interleavings of threads with so many steps each, none of which waits, have so many preemptions.
void count(std::vector<int> left, std::size_t last, unsigned preemptions,
           std::map<unsigned, std::uint64_t>& counts) {
  bool ended = true;
  for (std::size_t t = 0; t < left.size(); ++t) {
    if (left[t] == 0) continue;
    ended = false;
    const bool preempts = last != left.size() && last != t && left[last] > 0;
    --left[t];
    count(left, t, preemptions + (preempts ? 1 : 0), counts);
    ++left[t];
  }
  if (ended) ++counts[preemptions];
}

std::map<unsigned, std::uint64_t> interleavings_by_preemptions(const std::vector<int>& steps) {
  std::map<unsigned, std::uint64_t> counts;
  count(steps, steps.size(), 0, counts);
  return counts;
}

TEST(EnumerateTest, ABoundExploresExactlyTheInterleavingsWithAtMostThatManyPreemptions) {
  const struct { int threads, increments; } programs[] = {{2, 1}, {2, 2}, {2, 3}, {3, 1}};
  for (const auto& program : programs) {
    const auto by_preemptions = interleavings_by_preemptions(
        std::vector<int>(static_cast<std::size_t>(program.threads), 2 * program.increments));
    std::uint64_t expected = 0;
    for (const auto& [preemptions, interleavings] : by_preemptions) {
      SCOPED_TRACE(std::to_string(program.threads) + " threads, " + std::to_string(program.increments) +
                   " increments, bound " + std::to_string(preemptions));
      expected += interleavings;
      const Result result = check(tests::split_increments(program.threads, program.increments),
                                  bounded(static_cast<int>(preemptions)));
      EXPECT_EQ(result.complete, expected) << "each once, although every bound starts over";
      EXPECT_EQ(result.exhaustive, preemptions == by_preemptions.rbegin()->first);
    }
  }
}

TEST(EnumerateTest, WithoutPreemptionsEachThreadRunsThrough) {
  const Result result = check(tests::split_increments(3, 2), bounded(0));
  EXPECT_EQ(result.complete, 6u) << "the orders of three threads";
  EXPECT_THAT(outcomes_of(result), ElementsAre("count=6"));
  EXPECT_FALSE(result.exhaustive);
  EXPECT_EQ(result.verdict, Verdict::Inconclusive);
  EXPECT_EQ(result.reason, "executions with more than 0 preemptions were left out");
}

TEST(EnumerateTest, WaitingForALockIsNoPreemption) {
  // Only the one that comes first is chosen; the other waits for it.
  const Result result = check(tests::opposite_order(), bounded(0));
  EXPECT_EQ(result.complete, 2u);
  EXPECT_EQ(result.deadlocked, 0u);
  const Result one = check(tests::opposite_order(), bounded(1));
  EXPECT_GT(one.deadlocked, 0u);
}

TEST(EnumerateTest, ABoundThatLeavesNothingOutIsExhaustive) {
  const Result result = check(tests::store_buffering(), bounded(50));
  EXPECT_TRUE(result.exhaustive);
  EXPECT_EQ(result.verdict, Verdict::Verified);
  EXPECT_EQ(result.complete, 6u);
}

TEST(EnumerateTest, RaisingTheBoundForEverIsExhaustiveAndCountsNoExecutionTwice) {
  for (const tests::Program& program : tests::small_programs()) {
    SCOPED_TRACE(program.name);
    const Result all = check(program.body, everything(StrategyKind::All));
    const Result raised = check(program.body, bounded(-1));
    EXPECT_TRUE(all.exhaustive);
    EXPECT_TRUE(raised.exhaustive) << raised.reason;
    EXPECT_EQ(raised.complete, all.complete);
    EXPECT_EQ(raised.blocked, all.blocked);
    EXPECT_EQ(raised.deadlocked, all.deadlocked);
    EXPECT_EQ(raised.redundant, all.redundant);
    EXPECT_EQ(outcomes_of(raised), outcomes_of(all));
    ASSERT_EQ(raised.outcomes.size(), all.outcomes.size());
    for (std::size_t i = 0; i < all.outcomes.size(); ++i)
      EXPECT_EQ(raised.outcomes[i].executions, all.outcomes[i].executions) << tests::written(all.outcomes[i]);
    ASSERT_EQ(raised.defects.size(), all.defects.size());
    for (std::size_t i = 0; i < all.defects.size(); ++i)
      EXPECT_EQ(raised.defects[i].executions, all.defects[i].executions) << all.defects[i].message;
  }
}

TEST(EnumerateTest, TheFirstDefectFoundByRaisingTheBoundNeedsTheFewestPreemptions) {
  Options options = bounded(-1);
  options.keep_going = false;
  const Result result = check(tests::opposite_order(), options);
  ASSERT_EQ(result.verdict, Verdict::Defect);
  EXPECT_EQ(result.defects.front().witness.preemptions, 1u);
}

}  // namespace
}  // namespace heddle
