// tests/explore/random_test.cpp - random strategies are repeatable, and prove nothing.

#include "checker/explore/random.hpp"

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace heddle {
namespace {

using tests::everything;
using tests::outcomes_of;
using tests::summary;

Options seeded(StrategyKind strategy, std::uint64_t seed, std::uint64_t executions) {
  Options options = everything(strategy);
  options.seed = seed;
  options.executions = executions;
  return options;
}

class RandomTest : public testing::TestWithParam<StrategyKind> {};

TEST_P(RandomTest, EqualSeedsGiveEqualExplorations) {
  for (const std::uint64_t seed : {0ull, 1ull, 0xffff'ffff'ffff'ffffull}) {
    const Result first = check(tests::racy_increments(3, 2), seeded(GetParam(), seed, 300));
    const Result second = check(tests::racy_increments(3, 2), seeded(GetParam(), seed, 300));
    EXPECT_EQ(summary(first), summary(second));
    EXPECT_EQ(first.complete, 300u);
  }
}

TEST_P(RandomTest, DifferentSeedsGiveDifferentExplorations) {
  std::set<std::string> all;
  for (std::uint64_t seed = 1; seed <= 8; ++seed)
    all.insert(summary(check(tests::split_increments(3, 2), seeded(GetParam(), seed, 200))));
  EXPECT_EQ(all.size(), 8u);
}

TEST_P(RandomTest, NeverVerifies) {
  const Result result = check(tests::locked_increments(2, 1), seeded(GetParam(), 1, 500));
  EXPECT_EQ(result.verdict, Verdict::Inconclusive);
  EXPECT_FALSE(result.exhaustive);
  EXPECT_EQ(result.reason, "the limit of 500 executions was reached");
  EXPECT_EQ(result.complete, 500u);
}

TEST_P(RandomTest, EndsWithoutALimitAsWell) {
  const Result result = check([] { outcome("answer", 42); }, seeded(GetParam(), 1, 0));
  EXPECT_EQ(result.complete, 10'000u);
  EXPECT_EQ(result.verdict, Verdict::Inconclusive);
}

TEST_P(RandomTest, ChoosesAmongTheAnswersAsWell) {
  const Result result = check([] { outcome("answer", choose(5)); }, seeded(GetParam(), 1, 500));
  ASSERT_EQ(result.outcomes.size(), 5u);
  for (const Outcome& each : result.outcomes) EXPECT_GT(each.executions, 50u);
}

TEST_P(RandomTest, ReachesEveryOutcomeOfASmallProgram) {
  for (const tests::Program& program : tests::small_programs()) {
    SCOPED_TRACE(program.name);
    const Result all = check(program.body, everything());
    Options options = seeded(GetParam(), 7, 3'000);
    options.pct_depth = 7;
    const Result random = check(program.body, options);
    EXPECT_EQ(outcomes_of(random), outcomes_of(all));
  }
}

TEST_P(RandomTest, ADefectItFindsIsReplayed) {
  const Result result = check(tests::opposite_order(), seeded(GetParam(), 3, 200));
  ASSERT_EQ(result.verdict, Verdict::Defect);
  const Result replayed = replay(tests::opposite_order(), result.defects.front().witness.token);
  ASSERT_FALSE(replayed.defects.empty()) << replayed.reason;
  EXPECT_EQ(replayed.defects.front().message, result.defects.front().message);
}

INSTANTIATE_TEST_SUITE_P(, RandomTest, testing::Values(StrategyKind::Random, StrategyKind::Pct),
                         [](const auto& kind) {
                           return kind.param == StrategyKind::Random ? "random" : "pct";
                         });

TEST(PctTest, FindsABugOfDepthTwoWithTheProbabilityItPromises) {
  // The first thread must stop after exactly one of its hundred steps, and the second must run then.
  const auto body = [] {
    atomic<int> window{0, "window"};
    tests::run_threads({[&] {
                          for (int i = 1; i <= 100; ++i) window.store(i);
                        },
                        [&] { require_ne(window.load(), 50); }});
  };
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Options options = seeded(StrategyKind::Pct, seed, 3'000);  // at least 1 of 2 * 101 should do it
    options.pct_depth = 2;
    const Result result = check(body, options);
    ASSERT_EQ(result.verdict, Verdict::Defect) << "seed " << seed;
    EXPECT_GT(result.defects.front().executions, 3'000u / (3 * 102) / 2) << "seed " << seed;
  }
}

TEST(PctTest, WithDepthOneThreadsRunInTheOrderOfTheirPriorities) {
  Options options = seeded(StrategyKind::Pct, 1, 500);
  options.pct_depth = 1;
  EXPECT_THAT(outcomes_of(check(tests::split_increments(2, 3), options)), testing::ElementsAre("count=6"));
}

TEST(GeneratorTest, IsUniformAndWithinItsRange) {
  checker::Generator generator(11);
  std::array<int, 6> counts{};
  for (int n = 0; n < 60'000; ++n) ++counts[generator.below(6)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 400);
  EXPECT_EQ(generator.below(1), 0u);
  for (int n = 0; n < 1000; ++n) EXPECT_LT(generator.below(~std::uint64_t{0}), ~std::uint64_t{0});
}

TEST(GeneratorTest, DrawsTheSameNumbersOnEveryComputer) {
  // The published first values of splitmix64 for this seed.
  checker::Generator generator(1234567);
  EXPECT_EQ(generator.next(), 6457827717110365317u);
  EXPECT_EQ(generator.next(), 3203168211198807973u);
  EXPECT_EQ(generator.next(), 9817491932198370423u);
}

}  // namespace
}  // namespace heddle
