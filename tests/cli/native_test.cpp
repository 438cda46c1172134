// tests/cli/native_test.cpp - the command `native`: what it says, and with which status it ends.
//
// What comes up natively is a matter of luck; what is asserted here is what always does.

#include "tests/cli/tool.hpp"

#include <gmock/gmock.h>

#include <csignal>

namespace heddle::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::vector<std::string> locked{"native", "counter/locked", "--runs", "600"};

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(NativeTest, AScenarioInWhichNothingGoesWrongEndsWithZero) {
  const Finished finished = heddle(locked);
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "");
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("counter/locked  threads=2 increments=1\n600 runs on this machine in "),
                    HasSubstr("count=2  always             600  100.000 %  reachable, expected"),
                    HasSubstr("The model was explored completely: 2 executions.")));
}

TEST(NativeTest, JsonTellsTheSame) {
  const Json report = heddle_json(locked);
  EXPECT_EQ(report.at("schema"), "heddle.native/1");
  EXPECT_EQ(report.at("scenario"), "counter/locked");
  EXPECT_EQ(report.at("parameters"), Json::parse(R"({"threads": 2, "increments": 1})"));
  EXPECT_EQ(report.at("form"), "stress");
  EXPECT_EQ(report.at("form_reason"), "");
  EXPECT_EQ(report.at("runs"), 600);
  EXPECT_EQ(report.at("discarded"), 0);
  EXPECT_EQ(report.at("failed"), 0);
  EXPECT_EQ(report.at("interrupted"), false);
  EXPECT_TRUE(report.at("seconds").is_number());
  EXPECT_EQ(report.at("model").at("name"), "sc");
  EXPECT_EQ(report.at("model").at("verdict"), "verified");
  EXPECT_EQ(report.at("model").at("exhaustive"), true);
  EXPECT_EQ(report.at("model").at("executions"), 2);
  ASSERT_EQ(report.at("outcomes").size(), 1u);
  const Json& outcome = report.at("outcomes").at(0);
  EXPECT_EQ(outcome.at("values"), Json::parse(R"({"count": "2"})"));
  EXPECT_EQ(outcome.at("runs"), 600);
  EXPECT_EQ(outcome.at("failed"), 0);
  EXPECT_EQ(outcome.at("share"), 1.0);
  EXPECT_EQ(outcome.at("seen"), "always");
  EXPECT_EQ(outcome.at("reachable"), true);
  EXPECT_EQ(outcome.at("grade"), "expected");
  EXPECT_EQ(outcome.at("why"), "every increment counts");
  EXPECT_THAT(std::string(outcome.at("token")), testing::StartsWith("h1:counter/locked:"));
  EXPECT_EQ(report.at("missed"), Json::array());
  EXPECT_EQ(report.at("unreachable"), Json::array());
  EXPECT_EQ(report.at("weaker_model_may_allow"), false);
  EXPECT_EQ(report.at("failures"), Json::array());
  EXPECT_EQ(report.at("witness"), "");
  EXPECT_EQ(report.at("fault"), nullptr);
  EXPECT_EQ(report.at("output"), "");
}

TEST(NativeTest, FormCanBeChosen) {
  EXPECT_EQ(heddle_json(with(locked, {"--form", "stress"})).at("form"), "stress");
  const Json whole = heddle_json(with(locked, {"--form", "whole", "--threads-pinned"}));
  EXPECT_EQ(whole.at("form"), "whole");
  EXPECT_EQ(whole.at("runs"), 600);
}

TEST(NativeTest, ReachableAndNeverSeenComesWithItsToken) {
  // One run sees one outcome of the three.
  const Finished finished =
      heddle({"native", "litmus/store_buffering", "--set", "order=seq_cst", "--runs", "1"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(tokens_in(finished.out).size(), 2u);
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("never                0    0.000 %  reachable, expected"),
                    HasSubstr("r1=0 r2=0  never                0    0.000 %  not reachable, forbidden"),
                    HasSubstr("Never seen is not impossible: the tokens above reach it.")));
}

TEST(NativeTest, WhatTheModelHasAndOneRunDidNotShowIsNamed) {
  // One run hardly ever deadlocks; when it does, there is nothing that it did not show.
  const Json report = heddle_json({"native", "philosophers/naive", "--runs", "1", "--form", "whole"});
  if (report.at("fault").is_null()) {
    ASSERT_EQ(report.at("missed").size(), 1u);
    EXPECT_THAT(std::string(report.at("missed").at(0).at("message")), HasSubstr("deadlock"));
  }
}

TEST(NativeTest, AModelThatIsTooLargeIsNotTakenForComplete) {
  const Json report = heddle_json({"native", "counter/locked", "--set", "increments=10000", "--runs", "3"});
  EXPECT_EQ(report.at("form"), "whole");
  EXPECT_THAT(std::string(report.at("form_reason")), HasSubstr("takes more than 2000 steps"));
  EXPECT_EQ(report.at("model").at("exhaustive"), false);
  ASSERT_EQ(report.at("outcomes").size(), 1u);
  EXPECT_EQ(report.at("outcomes").at(0).at("values").at("count"), "20000");
  EXPECT_EQ(report.at("outcomes").at(0).at("reachable"), nullptr);
}

TEST(NativeTest, SpeedUpIsMeasured) {
  const Finished finished =
      heddle({"native", "--scaling", "counter/locked", "counter/atomic", "--runs", "1"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("counter/locked  720,720 increments in all\n"),
                    HasSubstr("counter/atomic  720,720 increments in all\n"),
                    HasSubstr("  threads         ms   speed-up\n"), HasSubstr("A measurement")));
  const Json report = heddle_json({"native", "--scaling", "counter/atomic", "--runs", "1"});
  EXPECT_EQ(report.at("schema"), "heddle.scaling/1");
  EXPECT_EQ(report.at("scenario"), "counter/atomic");
  EXPECT_EQ(report.at("increments"), 720'720);
  ASSERT_GE(report.at("rows").size(), 2u);
  EXPECT_EQ(report.at("rows").at(0).at("threads"), 1);
  EXPECT_EQ(report.at("rows").at(0).at("speed_up"), 1.0);
}

Finished interrupted(const std::vector<std::string>& arguments) {
  Process process(HEDDLE_TOOL, {.arguments = arguments, .err_columns = 80});
  process.await_error_text(" runs, ");
  process.signal(SIGINT);
  return process.wait();
}

TEST(NativeInterruptTest, EndsWithTheHistogramSoFar) {
  for (const char* const form : {"stress", "whole"}) {
    const Finished finished = interrupted({"native", "counter/locked", "--time", "1h", "--form", form});
    EXPECT_EQ(finished.status, 2);
    EXPECT_THAT(finished.out, AllOf(HasSubstr("in the model (sc)"), HasSubstr("Interrupted")));
  }
}

TEST(NativeInterruptTest, LeavesNoProcessBehindWhenItIsKilled) {
  Process process(HEDDLE_TOOL,
                  {.arguments = {"native", "counter/locked", "--time", "1h"}, .err_columns = 80});
  process.await_error_text(" runs, ");
  process.signal(SIGKILL);
  // The output ends when the last process that holds it has ended.
  EXPECT_EQ(process.wait().status, 128 + SIGKILL);
}

}  // namespace
}  // namespace heddle::test
