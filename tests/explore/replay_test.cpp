// tests/explore/replay_test.cpp - a token shows again what it was given for, or says why not.

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>

namespace heddle {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using tests::Body;
using tests::everything;

TEST(ReplayTest, EveryOutcomeIsReplayedFromItsToken) {
  for (const tests::Program& program : tests::small_programs()) {
    SCOPED_TRACE(program.name);
    const Result result = outcomes(program.body);
    EXPECT_TRUE(result.exhaustive);
    ASSERT_FALSE(result.outcomes.empty());
    for (const Outcome& each : result.outcomes) {
      const Result replayed = replay(program.body, each.witness.token);
      ASSERT_EQ(replayed.outcomes.size(), 1u) << replayed.reason;
      EXPECT_EQ(tests::written(replayed.outcomes[0]), tests::written(each)) << each.witness.token;
      EXPECT_EQ(replayed.outcomes[0].witness.token, each.witness.token);
      EXPECT_EQ(replayed.outcomes[0].witness.preemptions, each.witness.preemptions);
      EXPECT_EQ(replayed.complete, 1u);
    }
  }
}

TEST(ReplayTest, EveryDefectIsReplayedFromItsToken) {
  for (const StrategyKind strategy : {StrategyKind::Optimal, StrategyKind::All, StrategyKind::Preemptions,
                                      StrategyKind::Random, StrategyKind::Pct}) {
    for (const tests::Program& program : tests::small_programs()) {
      SCOPED_TRACE(program.name + std::string(", strategy ") + std::to_string(static_cast<int>(strategy)));
      Options options = everything(strategy);
      options.executions = 2'000;
      options.minimize_executions = 500;
      for (const Defect& defect : check(program.body, options).defects) {
        const Result replayed = replay(program.body, defect.witness.token);
        EXPECT_EQ(replayed.verdict, Verdict::Defect) << replayed.reason;
        const auto same = std::find_if(
            replayed.defects.begin(), replayed.defects.end(),
            [&](const Defect& d) { return d.kind == defect.kind && d.message == defect.message; });
        ASSERT_NE(same, replayed.defects.end()) << defect.message << "\n" << tests::summary(replayed);
        EXPECT_EQ(same->witness.token, defect.witness.token);
        EXPECT_EQ(same->because, defect.because);
        EXPECT_EQ(tests::steps_of(same->witness), tests::steps_of(defect.witness));
      }
    }
  }
}

TEST(ReplayTest, WhereATokenEndsEarlyTheExecutionGoesOnWithoutPreemption) {
  const Body body = [] {
    var<int> count{0, "count"};
    const auto work = [&] {
      ++count;
      count += 10;
      count += 100;
    };
    tests::run_threads({work, work});
    outcome("count", count);
  };
  const Result result = check(body);
  const Defect* defect = tests::defect_of(result, DefectKind::LostUpdate);
  ASSERT_NE(defect, nullptr);
  const Result replayed = replay(body, defect->witness.token);
  ASSERT_EQ(replayed.outcomes.size(), 1u) << replayed.reason;
  const Witness& whole = replayed.outcomes.front().witness;
  EXPECT_EQ(whole.steps.size(), 13u);
  EXPECT_LT(defect->witness.steps.size(), 13u);
  EXPECT_EQ(whole.preemptions, defect->witness.preemptions);
}

TEST(ReplayTest, TheAnswersOfChoicesAreReplayed) {
  const Body body = [] { outcome("sum", choose(3) * 10 + choose(4)); };
  const Result result = outcomes(body);
  ASSERT_EQ(result.outcomes.size(), 12u);
  EXPECT_THAT(result.outcomes.back().witness.token, HasSubstr("+2.3:"));
  EXPECT_EQ(tests::written(replay(body, result.outcomes.back().witness.token).outcomes.front()), "sum=23");
}

TEST(ReplayTest, TheNameIsPartOfTheToken) {
  Options options;
  options.name = "counter/mine,threads=2";
  const Result result = check(tests::racy_increments(2, 1), options);
  ASSERT_FALSE(result.defects.empty());
  EXPECT_THAT(result.defects.front().witness.token, testing::StartsWith("h1:counter/mine,threads=2:"));
}

TEST(ReplayTest, WhatIsNotATokenIsRefused) {
  EXPECT_THROW(replay(tests::store_buffering(), ""), std::invalid_argument);
  EXPECT_THROW(replay(tests::store_buffering(), "h1:name:1-2"), std::invalid_argument);
}

std::string refusal(const Body& body, const std::string& token) {
  const Result result = replay(body, token);
  EXPECT_EQ(result.verdict, Verdict::ControlLost) << token;
  EXPECT_TRUE(result.defects.empty());
  return result.reason;
}

TEST(ReplayTest, AThreadThatDoesNotExistIsNamedWithItsStep) {
  EXPECT_THAT(refusal(tests::split_increments(2, 1), "h1::1-3:00000000"),
              AllOf(HasSubstr("its step 2 is of thread T3"), HasSubstr("does not run at that point")));
}

TEST(ReplayTest, AThreadThatHasEndedIsNamedWithItsStep) {
  EXPECT_THAT(refusal(tests::split_increments(2, 1), "h1::1x2-2-1:00000000"),
              AllOf(HasSubstr("its step 4 is of thread T1"), HasSubstr("does not run at that point")));
}

TEST(ReplayTest, AThreadThatWaitsIsNamedWithItsStep) {
  EXPECT_THAT(refusal(tests::opposite_order(), "h1::1x2-2:00000000"),
              AllOf(HasSubstr("its step 3 is of thread T2"), HasSubstr("cannot take a step at that point")));
}

TEST(ReplayTest, MainIsCalledMainInTheMessage) {
  EXPECT_THAT(refusal(tests::split_increments(2, 1), "h1::0:00000000"),
              HasSubstr("its step 1 is of thread main"));
}

TEST(ReplayTest, AnAnswerThatIsNotOfferedIsNamed) {
  EXPECT_THAT(refusal([] { outcome("answer", choose(2)); }, "h1::+2:00000000"),
              HasSubstr("it answers 2 to a choose(2)"));
}

TEST(ReplayTest, ATokenOfAnotherProgramWithTheSameThreadsIsRefused) {
  const auto body = [](bool changed) -> Body {
    return [changed] {
      atomic<int> x{0, "x"}, y{0, "y"};
      tests::run_threads({[&, changed] { (changed ? y : x).store(1); }, [&] { x.store(2); }});
      outcome("x", x);
    };
  };
  const Result result = outcomes(body(false));
  for (const Outcome& each : result.outcomes) {
    EXPECT_EQ(replay(body(false), each.witness.token).verdict, Verdict::Inconclusive);
    EXPECT_THAT(refusal(body(true), each.witness.token),
                AllOf(HasSubstr("no longer fits"), HasSubstr("The program has changed")));
  }
}

TEST(ReplayTest, ATokenOfAProgramWithMoreStepsIsRefused) {
  const Result result = outcomes(tests::split_increments(2, 2));
  for (const Outcome& each : result.outcomes) refusal(tests::split_increments(2, 1), each.witness.token);
}

TEST(ReplayTest, AReplayIsInconclusiveUnlessItShowsADefect) {
  const Result result = outcomes(tests::store_buffering());
  const Result replayed = replay(tests::store_buffering(), result.outcomes.front().witness.token);
  EXPECT_EQ(replayed.verdict, Verdict::Inconclusive);
  EXPECT_EQ(replayed.reason, "a replay runs one execution");
  EXPECT_FALSE(replayed.exhaustive);
}

// ---- the searches among each other ------------------------------------------------------------------

TEST(StrategyTest, OptimalAndAllAgreeOnEverySmallProgram) {
  for (const tests::Program& program : tests::small_programs()) {
    SCOPED_TRACE(program.name);
    const Result optimal = check(program.body, everything(StrategyKind::Optimal));
    const Result all = check(program.body, everything(StrategyKind::All));
    EXPECT_TRUE(optimal.exhaustive && all.exhaustive);
    EXPECT_EQ(tests::outcomes_of(optimal), tests::outcomes_of(all));
    EXPECT_EQ(optimal.complete, all.complete - all.redundant);
    EXPECT_EQ(optimal.redundant, 0u);
    std::set<std::string> in_optimal, in_all;
    for (const Defect& defect : optimal.defects)
      in_optimal.insert(std::string(to_string(defect.kind)) + " " + defect.object);
    for (const Defect& defect : all.defects)
      in_all.insert(std::string(to_string(defect.kind)) + " " + defect.object);
    EXPECT_EQ(in_optimal, in_all);
    EXPECT_EQ(optimal.verdict, all.verdict);
  }
}

TEST(StrategyTest, ALimitOnExecutionsMakesACleanVerdictInconclusive) {
  for (const StrategyKind strategy : {StrategyKind::Optimal, StrategyKind::All, StrategyKind::Preemptions}) {
    Options options = everything(strategy);
    options.executions = 5;
    const Result result = check(tests::split_increments(2, 2), options);
    EXPECT_EQ(result.complete, 5u);
    EXPECT_EQ(result.verdict, Verdict::Inconclusive);
    EXPECT_EQ(result.reason, "the limit of 5 executions was reached");
  }
}

TEST(StrategyTest, AnInterruptionEndsWithTheVerdictSoFar) {
  Options options = everything(StrategyKind::All);
  options.interrupted = [] { return true; };
  const Result result = check(tests::split_increments(2, 5), options);
  EXPECT_EQ(result.verdict, Verdict::Inconclusive);
  EXPECT_EQ(result.reason, "it was interrupted");
  EXPECT_LT(result.complete, 1'000u);
}

TEST(StrategyTest, TheEstimateEndsAtTheTotal) {
  Options options = everything(StrategyKind::All);
  double last = 0;
  std::uint64_t reports = 0, executions = 0;
  options.on_progress = [&](const Progress& progress) {
    EXPECT_GE(progress.executions, executions);
    executions = progress.executions;
    last = progress.estimate;
    ++reports;
  };
  const Result result = check(tests::split_increments(2, 5), options);
  EXPECT_EQ(result.complete, 184'756u);
  EXPECT_GT(reports, 0u);
  if (executions > 100'000) {
    EXPECT_NEAR(last, 184'756, 184'756 * 0.5);
  }
}

}  // namespace
}  // namespace heddle
