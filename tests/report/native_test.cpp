// tests/report/native_test.cpp - the reports of native runs, from made-up data.

#include "checker/report/native_report.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace heddle::checker {
namespace {

using Json = nlohmann::ordered_json;
using heddle::native::Fault;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class NativeReportTest : public testing::Test {
 protected:
  NativeReportTest() {
    scenario_.name = "group/name";
    seen_.runs = 1'000;
    seen_.elapsed = std::chrono::seconds(2);
    model_.exhaustive = true;
    model_.complete = 3;
  }
  void saw(const std::string& r1, std::uint64_t runs) { seen_.outcomes.push_back({{{"r1", r1}}, runs, 0}); }
  void reached(const std::string& r1) {
    Outcome outcome;
    outcome.values = {{"r1", r1}};
    outcome.witness.token = "h1:group/name:" + r1 + ":00000000";
    model_.outcomes.push_back(outcome);
  }
  std::string text() {
    const native::Comparison comparison = native::compare(seen_, model_, declared_);
    return native_text({scenario_, parameters_, seen_, model_, comparison}, Style());
  }
  Json json() {
    const native::Comparison comparison = native::compare(seen_, model_, declared_);
    return Json::parse(native_json({scenario_, parameters_, seen_, model_, comparison}));
  }

  Scenario scenario_;
  Parameters parameters_{{integer("threads", 2, 1, 16)}};
  heddle::native::Result seen_;
  Result model_;
  std::vector<DeclaredOutcome> declared_;
};

TEST_F(NativeReportTest, HeadSaysHowManyRunsInWhichForm) {
  EXPECT_THAT(text(),
              HasSubstr("group/name  threads=2\n1,000 runs on this machine in 2.0 s (500/s), each with "
                        "threads of its own\n(whole).\n"));
  seen_.form_reason = "it is large";
  EXPECT_THAT(text(), HasSubstr("Not the stress form: it is large."));
  seen_.form = heddle::native::Form::Stress;
  seen_.form_reason.clear();
  EXPECT_THAT(text(), HasSubstr("(stress).\n"));
}

TEST_F(NativeReportTest, WithoutOutcomesItSaysSo) {
  EXPECT_THAT(text(), HasSubstr("no run recorded an outcome"));
}

TEST_F(NativeReportTest, EachOutcomeHasItsCountShareAndPlaceInTheModel) {
  saw("0", 900);
  saw("2", 100);
  reached("0");
  reached("1");
  EXPECT_THAT(text(), AllOf(HasSubstr("  r1=0     sometimes          900   90.000 %  reachable\n"),
                            HasSubstr("  r1=1     never                0    0.000 %  reachable\n"
                                      "           heddle explain h1:group/name:1:00000000\n"),
                            HasSubstr("  r1=2     sometimes          100   10.000 %  NOT REACHABLE\n")));
  EXPECT_THAT(text(), HasSubstr("NOT REACHABLE  on this machine there was the outcome r1=2."));
  EXPECT_THAT(text(), HasSubstr("this is a bug of the model"));
  seen_.weak_orders = true;
  EXPECT_THAT(text(), HasSubstr("weaker model may allow it."));
}

TEST_F(NativeReportTest, GradesStandBesideTheOutcomes) {
  declared_ = {{"r1=0", Grade::Expected, ""}, {"r1=1", Grade::Interesting, "a lesson"}};
  saw("0", 1);
  saw("1", 1);
  saw("2", 1);
  reached("0");
  reached("1");
  reached("2");
  EXPECT_THAT(text(), AllOf(HasSubstr("reachable, expected\n"),
                            HasSubstr("reachable, interesting\n           a lesson\n"),
                            HasSubstr("reachable, not declared\n")));
  EXPECT_EQ(json().at("outcomes").at(1).at("grade"), "interesting");
  EXPECT_EQ(json().at("outcomes").at(1).at("why"), "a lesson");
  EXPECT_EQ(json().at("outcomes").at(2).at("grade"), "undeclared");
}

TEST_F(NativeReportTest, OfManyOutcomesTheMostFrequentAreShown) {
  for (int i = 0; i < 50; ++i) saw(std::to_string(i), static_cast<std::uint64_t>(i) + 1);
  model_.exhaustive = false;
  EXPECT_THAT(text(), AllOf(HasSubstr("  r1=49 "), Not(HasSubstr("  r1=9 ")),
                            HasSubstr("  and 10 more; --json lists all of them\n")));
  EXPECT_EQ(json().at("outcomes").size(), 50u);
}

TEST_F(NativeReportTest, ADeadlockIsToldThreadByThread) {
  seen_.fault = Fault{
      .kind = Fault::Kind::Hang,
      .run = 1'234,
      .message = "no run has ended for 5000 ms",
      .deadlock = true,
      .threads = {{"T1", "waits to lock b", "dir/file.cpp", 15}, {"T2", "was running or asleep", "", 0}}};
  EXPECT_THAT(text(), HasSubstr("deadlock  in run 1,234: no run has ended for 5000 ms\n"
                                "    T1 waits to lock b (file.cpp:15)\n"
                                "    T2 was running or asleep\n"));
  const Json fault = json().at("fault");
  EXPECT_EQ(fault.at("kind"), "hang");
  EXPECT_EQ(fault.at("run"), 1'234);
  EXPECT_EQ(fault.at("deadlock"), true);
  EXPECT_EQ(fault.at("threads").at(0), Json::parse(R"({"thread": "T1", "what": "waits to lock b",
                                                       "file": "dir/file.cpp", "line": 15})"));
}

TEST_F(NativeReportTest, ACrashComesWithWhatWasPrinted) {
  seen_.fault = Fault{.kind = Fault::Kind::Crash, .run = 7, .message = "T1 crashed: SIGSEGV"};
  seen_.output = "last words";
  EXPECT_THAT(text(), AllOf(HasSubstr("crashed  in run 7: T1 crashed: SIGSEGV\n"),
                            HasSubstr("what it printed\nlast words\n")));
  EXPECT_EQ(json().at("fault").at("kind"), "crash");
  EXPECT_EQ(json().at("output"), "last words");
}

TEST_F(NativeReportTest, FailuresHaveTheirFirstRun) {
  seen_.failed = 3;
  seen_.failures = {{"expected 1 == 2 (a.cpp:3)", 3, 12}};
  EXPECT_THAT(text(), HasSubstr("failed  expected 1 == 2 (a.cpp:3), in 3 runs, the first of them: run 12\n"));
  EXPECT_EQ(json().at("failures").at(0),
            Json::parse(R"x({"message": "expected 1 == 2 (a.cpp:3)", "runs": 3, "first_run": 12})x"));
}

TEST_F(NativeReportTest, WhatWasLeftOutOrCutShortIsSaid) {
  seen_.discarded = 2;
  seen_.interrupted = true;
  model_.exhaustive = false;
  model_.reason = "the limit of time is reached";
  saw("0", 1);
  EXPECT_THAT(text(), AllOf(HasSubstr("2 runs left out, by assume()."), HasSubstr("Interrupted"),
                            HasSubstr("NOT explored completely"), HasSubstr("not reached so far")));
  EXPECT_EQ(json().at("outcomes").at(0).at("reachable"), nullptr);
}

TEST(ScalingTest, ComparesWithOneThread) {
  Scenario scenario;
  scenario.name = "group/name";
  const Scaling scaling{
      scenario, 1'000'000, {{1, std::chrono::milliseconds(10)}, {2, std::chrono::milliseconds(40)}}};
  EXPECT_THAT(scaling_text({scaling}, Style()), HasSubstr("group/name  1,000,000 increments in all\n"
                                                          "  threads         ms   speed-up\n"
                                                          "        1      10.00       1.00\n"
                                                          "        2      40.00       0.25\n"));
  EXPECT_EQ(Json::parse(scaling_json({scaling})).at("rows").at(1).at("speed_up"), 0.25);
}

}  // namespace
}  // namespace heddle::checker
