// tests/cli/token_test.cpp - every token that is printed replays to what it was printed for.

#include "tests/cli/tool.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace heddle::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The text without the line breaks of its wrapping.
std::string unwrapped(const std::string& text) {
  std::istringstream in(text);
  std::string words;
  for (std::string word; in >> word;) words += word + ' ';
  return words;
}

// The replay of a defect's token tells the same story, step by step.
void expect_same_defect(const Json& defect) {
  const std::string token = defect.at("witness").at("token");
  const Json replayed = heddle_json({"replay", token});
  EXPECT_EQ(replayed.at("verdict"), "defect") << token;
  const Json* same = nullptr;
  for (const Json& each : replayed.at("defects"))
    if (each.at("kind") == defect.at("kind") && each.at("object") == defect.at("object")) same = &each;
  ASSERT_NE(same, nullptr) << token << " does not show " << defect.at("kind");
  EXPECT_EQ(same->at("message"), defect.at("message")) << token;
  EXPECT_EQ(same->at("because"), defect.at("because")) << token;
  EXPECT_EQ(same->at("witness").at("steps"), defect.at("witness").at("steps")) << token;
  EXPECT_EQ(same->at("witness").at("token"), token);

  const Finished text = heddle({"replay", token});
  EXPECT_EQ(text.status, 1) << token;
  EXPECT_THAT(unwrapped(text.out), HasSubstr(std::string(defect.at("message"))))
      << "the text does not show the defect of " << token;
}

void expect_same_outcome(const Json& outcome) {
  const std::string token = outcome.at("token");
  const Json replayed = heddle_json({"replay", token});
  ASSERT_EQ(replayed.at("outcomes").size(), 1u) << token;
  EXPECT_EQ(replayed.at("outcomes")[0].at("values"), outcome.at("values")) << token;
  for (const auto& [name, value] : outcome.at("values").items())
    EXPECT_THAT(heddle({"explain", token}).out, HasSubstr(name + "=" + std::string(value))) << token;
}

TEST(TokenTest, EveryTokenOfEveryReportReplays) {
  for (const Json& report : json_lines(heddle({"check", "--all", "--keep-going", "--json"}).out)) {
    SCOPED_TRACE(report.at("scenario"));
    for (const Json& defect : report.at("defects")) expect_same_defect(defect);
    for (const Json& outcome : report.at("outcomes")) expect_same_outcome(outcome);
  }
}

TEST(TokenTest, EveryTokenOfEveryTextReportReplays) {
  for (const std::string& name : scenario_names()) {
    for (const std::string& token : tokens_in(heddle({"check", name}).out))
      EXPECT_EQ(heddle({"replay", token}).status, 1) << token;
    for (const std::string& token : tokens_in(heddle({"outcomes", name}).out)) {
      const Finished explained = heddle({"explain", token});
      EXPECT_LE(explained.status, 1) << token;
      EXPECT_THAT(explained.out, HasSubstr("replayed: ")) << token;
    }
  }
}

class TokenByStrategyTest : public testing::TestWithParam<std::string> {};

TEST_P(TokenByStrategyTest, ReplaysWhicheverStrategyFoundIt) {
  for (const std::string scenario : {"counter/unlocked", "philosophers/naive", "deadlock/alien_method"}) {
    const Json report =
        heddle_json({"check", scenario, "--strategy", GetParam(), "--executions", "500", "--keep-going"});
    ASSERT_FALSE(report.at("defects").empty()) << scenario;
    for (const Json& defect : report.at("defects")) expect_same_defect(defect);
  }
}

INSTANTIATE_TEST_SUITE_P(All, TokenByStrategyTest,
                         testing::Values("optimal", "all", "random", "pct", "preemptions"),
                         [](const auto& each) { return each.param; });

TEST(TokenTest, CarriesTheParametersThatWereSet) {
  const Json report = heddle_json({"check", "philosophers/naive", "--set", "seats=5"});
  const std::string token = report.at("defects")[0].at("witness").at("token");
  EXPECT_THAT(token, HasSubstr("philosophers/naive,seats=5:"));
  expect_same_defect(report.at("defects")[0]);
}

TEST(TokenTest, OfAStepLimitReplaysToTheStepLimit) {
  const Json report = heddle_json({"check", "counter/locked", "--steps", "5"});
  expect_same_defect(report.at("defects")[0]);
}

TEST(ReplayTest, TellsTheExecutionAndItsOutcome) {
  const Json report = heddle_json({"outcomes", "counter/locked"});
  const Finished finished = heddle({"replay", report.at("outcomes")[0].at("token")});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "");
  EXPECT_THAT(finished.out, AllOf(HasSubstr("read count = 0"), HasSubstr("waits"), HasSubstr("count=2"),
                                  HasSubstr("no defect")));
}

TEST(ReplayTest, OfAnOutcomeShowsTheWholeExecution) {
  // Both increments are two steps and the last read one: five steps, although a data race shows at the third.
  const Json report = heddle_json({"outcomes", "counter/unlocked"});
  for (const Json& outcome : report.at("outcomes")) {
    const Finished finished = heddle({"replay", outcome.at("token")});
    EXPECT_THAT(finished.out, HasSubstr("\n   5 ")) << finished.out;
    EXPECT_EQ(heddle_json({"replay", outcome.at("token")}).at("trace").size(), 5u);
  }
}

TEST(ReplayTest, TakesAScenarioAndItsParametersFromTheCommandLine) {
  const Json report = heddle_json({"check", "deadlock/opposite_order"});
  const std::string token = report.at("defects")[0].at("witness").at("token");
  EXPECT_EQ(heddle({"replay", token, "deadlock/opposite_order"}).status, 1);
  EXPECT_EQ(heddle({"replay", token, "deadlock/nowhere"}).status, 64);
}

TEST(ReplayTest, TokenOfAnotherProgramLosesControlAndSaysWhatToDo) {
  const std::string token =
      heddle_json({"check", "counter/unlocked"}).at("defects")[0].at("witness").at("token");
  const Finished other = heddle({"replay", token, "counter/locked"});
  EXPECT_EQ(other.status, 3);
  EXPECT_THAT(other.out,
              AllOf(HasSubstr("the token no longer fits"), HasSubstr("step 2"), HasSubstr("check again")));

  std::string changed = token;
  changed.back() = changed.back() == '0' ? '1' : '0';
  const Finished program = heddle({"explain", changed});
  EXPECT_EQ(program.status, 3);
  EXPECT_THAT(program.out, HasSubstr("no longer fits"));

  const Json json = heddle_json({"replay", changed});
  EXPECT_EQ(json.at("verdict"), "control-lost");
  EXPECT_THAT(std::string(json.at("reason")), HasSubstr("no longer fits"));
}

TEST(ExplainTest, TellsEachStepInWordsAndWhereItsValueComesFrom) {
  const std::string token =
      heddle_json({"check", "counter/unlocked"}).at("defects")[0].at("witness").at("token");
  const Finished finished = heddle({"explain", token});
  EXPECT_EQ(finished.status, 1);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("step by step"), HasSubstr("the initial value"),
                                  HasSubstr("wrote at step 4"), HasSubstr("count=1")));
  EXPECT_THAT(heddle({"replay", token}).out, Not(HasSubstr("step by step")));
}

}  // namespace
}  // namespace heddle::test
