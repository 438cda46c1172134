// tests/report/text_test.cpp - sentences of the text reports; tests/golden/ has whole ones.

#include "checker/report/text.hpp"
#include "tests/report/kinds.hpp"

#include <heddle/check.hpp>

#include <gmock/gmock.h>

#include <chrono>

namespace heddle::checker {
namespace {

using testing::HasSubstr;
using testing::Not;

Options impatient() {
  Options options;
  options.keep_going = true;
  options.unresponsive = std::chrono::milliseconds(50);
  return options;
}

TEST(AdvisoryTest, NamesBothPlacesOfBothThreadsAndDoesNotChangeTheVerdict) {
  const Scenario scenario = test::kind("opposite_order");
  Options one_execution;
  one_execution.executions = 1;
  const Result result = check(scenario, {}, one_execution);
  ASSERT_EQ(result.advisories.size(), 1u);
  EXPECT_TRUE(result.defects.empty());
  SourceText source(HEDDLE_TEST_ROOT);
  const std::string text = check_text({scenario, {}, one_execution, result}, source, Style{});
  EXPECT_THAT(text, HasSubstr("advisory"));
  EXPECT_THAT(text, HasSubstr("T1 takes b"));
  EXPECT_THAT(text, HasSubstr("T2 takes a"));
}

TEST(PlaceTest, MutexMisuseNamesTheLineThatMisuses) {
  const Result result = check(test::kind("lock_twice"), {});
  ASSERT_EQ(result.defects.size(), 1u);
  std::string told = result.defects[0].message;
  for (const std::string& reason : result.defects[0].because) told += " " + reason;
  EXPECT_THAT(told, HasSubstr("kinds.cpp:77")) << "the second lock";
}

TEST(PlaceTest, LossOfControlNamesItsPlace) {
  EXPECT_THAT(check(test::kind("sleeping"), {}, impatient()).reason, HasSubstr("kinds.cpp:"));
  EXPECT_THAT(check(test::kind("forgetful_at_once"), {}).reason, HasSubstr("kinds.cpp:"));
}

// ---- verdict sentences ------------------------------------------------------------------------------

struct Sentence {
  Scenario scenario = test::kind("assertion");
  Parameters parameters;
  Options options;
  Result result;
  std::string text() const {
    return verdict_text({scenario, parameters, options, result}, Style{.width = 1'000});
  }
};

TEST(VerdictTextTest, VerifiedSaysThatTheSearchIsExhaustive) {
  Sentence sentence;
  sentence.result = {.verdict = Verdict::Verified, .exhaustive = true, .complete = 14};
  EXPECT_THAT(sentence.text(), testing::AllOf(testing::StartsWith("verified: no defect"),
                                              HasSubstr("14 executions"), HasSubstr("exhaustive")));
}

TEST(VerdictTextTest, OneExecutionIsSingular) {
  Sentence sentence;
  sentence.result = {.verdict = Verdict::Verified, .exhaustive = true, .complete = 1};
  EXPECT_THAT(sentence.text(), testing::AllOf(HasSubstr("1 execution"), Not(HasSubstr("1 executions"))));
}

TEST(VerdictTextTest, InconclusiveNamesStrategySeedAndReason) {
  Sentence sentence;
  sentence.options.strategy = StrategyKind::Pct;
  sentence.options.seed = 42;
  sentence.result = {
      .verdict = Verdict::Inconclusive, .reason = "the time limit was reached", .complete = 10'000};
  EXPECT_THAT(sentence.text(),
              testing::AllOf(HasSubstr("inconclusive"), HasSubstr("pct"), HasSubstr("seed 42"),
                             HasSubstr("NOT exhaustive"), HasSubstr("time limit")));
}

TEST(VerdictTextTest, ExecutionsThatWereAbandonedAreTold) {
  Sentence sentence;
  sentence.result = {.verdict = Verdict::Verified, .exhaustive = true, .complete = 3, .blocked = 2};
  EXPECT_THAT(sentence.text(), HasSubstr("2 abandoned"));
}

TEST(VerdictTextTest, ControlLostGivesTheReason) {
  Sentence sentence;
  sentence.result = {.verdict = Verdict::ControlLost, .reason = "T1 sleeps. Use heddle::yield."};
  EXPECT_EQ(sentence.text(), "control-lost: T1 sleeps. Use heddle::yield.\n");
}

}  // namespace
}  // namespace heddle::checker
