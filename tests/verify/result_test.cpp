// tests/verify/result_test.cpp - what a Result says of the exploration, and what options are refused.

#include "checker/verify/class_register.hpp"

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace heddle {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::everything;
using tests::run_threads;

std::string refusal(const Options& options) {
  try {
    check([] {}, options);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(OptionsTest, OptionsOutOfRangeAreRefused) {
  Options options;
  options.steps = 0;
  EXPECT_EQ(refusal(options), "the limit of steps must be from 1 to 60000");
  options.steps = 60'001;
  EXPECT_EQ(refusal(options), "the limit of steps must be from 1 to 60000");
  options = {};
  options.pct_depth = 0;
  EXPECT_EQ(refusal(options), "the depth of pct must be at least 1");
  options = {};
  options.stack_bytes = 1000;
  EXPECT_EQ(refusal(options), "a stack must have at least 16 KiB");
  for (const char* name : {"a:b", "a b", "a\tb", "a\nb"}) {
    options = {};
    options.name = name;
    EXPECT_EQ(refusal(options), "the name of an exploration must not contain colons or spaces");
  }
  options = {};
  options.unresponsive = std::chrono::milliseconds(-1);
  EXPECT_NE(refusal(options), "accepted");
  options = {};
  options.time = std::chrono::milliseconds(-1);
  EXPECT_NE(refusal(options), "accepted");
}

TEST(OptionsTest, OptionsAtTheirLimitsAreAccepted) {
  Options options;
  options.steps = 60'000;
  options.stack_bytes = 16 * 1024;
  options.unresponsive = std::chrono::milliseconds(0);
  EXPECT_EQ(refusal(options), "accepted");
  EXPECT_EQ(check(tests::store_buffering(), options).complete, 3u);
}

TEST(OptionsTest, RefusedOptionsLeaveTheNextExplorationAlone) {
  Options options;
  options.steps = 0;
  refusal(options);
  EXPECT_EQ(check(tests::store_buffering()).complete, 3u);
}

TEST(OptionsTest, LargeFramesFitALargeStack) {
  Options options;
  options.stack_bytes = 4 * 1024 * 1024;
  const Result result = check(
      [] {
        volatile char large[2 * 1024 * 1024];
        large[0] = 1;
        large[sizeof large - 1] = large[0];
        require_eq(static_cast<int>(large[sizeof large - 1]), 1);
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::Verified);
}

TEST(OptionsTest, AnExecutionMayHaveSixtyThousandSteps) {
  Options options;
  options.steps = 60'000;
  const Result result = check(
      [] {
        atomic<int> n{0, "n"};
        thread worker([&] {
          for (int i = 0; i < 59'990; ++i) n.fetch_add(1);
        });
        worker.join();
        require_eq(n, 59'990);
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::Verified) << result.reason;
}

TEST(ResultTest, CountsWhatWasExplored) {
  const Result result = check(tests::store_buffering());
  EXPECT_EQ(result.verdict, Verdict::Verified);
  EXPECT_TRUE(result.exhaustive);
  EXPECT_EQ(result.reason, "");
  EXPECT_EQ(result.complete, 3u);
  EXPECT_EQ(result.blocked, 0u);
  EXPECT_EQ(result.redundant, 0u);
  EXPECT_EQ(result.deadlocked, 0u);
  EXPECT_EQ(result.threads, 3u);
  EXPECT_GT(result.steps, 0u);
  EXPECT_GT(result.elapsed.count(), 0);
  EXPECT_TRUE(result.defects.empty());
  EXPECT_TRUE(result.advisories.empty());
  for (const Outcome& each : result.outcomes)
    EXPECT_EQ(each.witness.token, "") << "only outcomes() gives them witnesses";
}

TEST(ResultTest, OutcomesAreSortedNaturallyAndCounted) {
  const Result result = check([] { outcome("n", static_cast<int>(choose(12))); });
  std::string order;
  for (const Outcome& each : result.outcomes) {
    order += tests::written(each) + " ";
    EXPECT_EQ(each.executions, 1u);
  }
  EXPECT_EQ(order, "n=0 n=1 n=2 n=3 n=4 n=5 n=6 n=7 n=8 n=9 n=10 n=11 ");
}

TEST(ResultTest, ExecutionsOfOutcomesSumUpToTheExecutions) {
  const Result result = check(tests::split_increments(2, 3));
  std::uint64_t sum = 0;
  for (const Outcome& each : result.outcomes) sum += each.executions;
  EXPECT_EQ(sum, 328u);
}

TEST(ResultTest, TheFirstDefectEndsTheSearchUnlessItIsToKeepGoing) {
  const Result first = check(tests::racy_increments(2, 2));
  EXPECT_FALSE(first.exhaustive);
  EXPECT_EQ(first.reason, "it stopped at the first defect");
  EXPECT_LT(first.complete, 34u);
  const Result all = check(tests::racy_increments(2, 2), everything());
  EXPECT_TRUE(all.exhaustive);
  EXPECT_EQ(all.reason, "");
  EXPECT_EQ(all.complete, 34u);
  EXPECT_EQ(all.verdict, Verdict::Defect);
}

TEST(ResultTest, DefectsAreSortedByKind) {
  const Result result = check(
      [] {
        var<int> count{0, "count"};
        mutex a{"a"}, b{"b"};
        run_threads({[&] {
                       ++count;
                       const lock_guard hold_a(a);
                       const lock_guard hold_b(b);
                     },
                     [&] {
                       ++count;
                       const lock_guard hold_b(b);
                       const lock_guard hold_a(a);
                     }});
        require(count.load() < 2);
      },
      everything());
  std::vector<DefectKind> kinds;
  for (const Defect& defect : result.defects) kinds.push_back(defect.kind);
  EXPECT_THAT(kinds, ElementsAre(DefectKind::Deadlock, DefectKind::LostUpdate, DefectKind::Assertion,
                                 DefectKind::DataRace));
}

TEST(ResultTest, ATimeLimitEndsTheSearch) {
  Options options = everything(StrategyKind::All);
  options.time = std::chrono::milliseconds(50);
  const Result result = check(tests::split_increments(3, 4), options);
  EXPECT_EQ(result.verdict, Verdict::Inconclusive);
  EXPECT_EQ(result.reason, "the time limit was reached");
  EXPECT_LT(result.elapsed, std::chrono::seconds(5));
}

TEST(ResultTest, TwoExplorationsAreEqual) {
  for (const tests::Program& program : tests::small_programs()) {
    EXPECT_EQ(tests::summary(outcomes(program.body)), tests::summary(outcomes(program.body))) << program.name;
  }
}

TEST(ResultTest, ANameOfEachKindAndVerdictIsAsOnTheCommandLine) {
  EXPECT_EQ(to_string(DefectKind::LostUpdate), "lost-update");
  EXPECT_EQ(to_string(DefectKind::DataRace), "data-race");
  EXPECT_EQ(to_string(DefectKind::MutexMisuse), "mutex-misuse");
  EXPECT_EQ(to_string(DefectKind::StepLimit), "step-limit");
  EXPECT_EQ(to_string(DefectKind::LockOrder), "lock-order");
  EXPECT_EQ(to_string(Verdict::ControlLost), "control-lost");
  EXPECT_EQ(to_string(Verdict::Verified), "verified");
}

TEST(ResultTest, TextOutcomesAndEnumerationsAreWritten) {
  enum class Winner { Nobody, First };
  const Result result = check([] {
    outcome("text", "literal");
    outcome("string", std::string("of characters"));
    outcome("truth", true);
    outcome("winner", Winner::First);
    outcome("letter", 'x');
    outcome("half", 0.5);
  });
  ASSERT_EQ(result.outcomes.size(), 1u);
  EXPECT_EQ(tests::written(result.outcomes[0]),
            "half=0.5 letter='x' string=of characters text=literal truth=true winner=1");
}

TEST(ClassRegisterTest, RecognisesWhatItHasSeen) {
  checker::ClassRegister classes;
  for (checker::Hash n = 1; n <= 20'000; ++n) EXPECT_FALSE(classes.seen(checker::mixed(n)));
  for (checker::Hash n = 1; n <= 20'000; ++n) EXPECT_TRUE(classes.seen(checker::mixed(n)));
  EXPECT_FALSE(classes.sampled());
}

TEST(ClassRegisterTest, GoesOnSamplingWhenItIsFull) {
  checker::ClassRegister classes;
  constexpr checker::Hash many = 1'000'000;
  for (checker::Hash n = 1; n <= many; ++n)
    ASSERT_FALSE(classes.seen(checker::mixed(n))) << "never a repetition that was none";
  EXPECT_TRUE(classes.sampled());
  unsigned known = 0;
  for (checker::Hash n = 1; n <= many; ++n) known += classes.seen(checker::mixed(n)) ? 1 : 0;
  EXPECT_GT(known, 5'000u);
  EXPECT_LT(known, many) << "and memory does not grow";
}

}  // namespace
}  // namespace heddle
