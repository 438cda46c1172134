#include "checker/report/json.hpp"
#include "tests/report/kinds.hpp"

#include <heddle/check.hpp>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace heddle::checker {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> all;
  for (const auto& [key, value] : object.items()) all.push_back(key);
  return all;
}

std::string refusal(const std::string& text) {
  try {
    schedule_in(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

class ReportJsonTest : public testing::Test {
 protected:
  ReportJsonTest() {
    options_.keep_going = options_.witness_outcomes = true;
    result_ = check(scenario_, {}, options_);
  }
  Scenario scenario_ = test::kind("nested_threads");
  Parameters parameters_{
      {integer("seats", 3, 2, 5), flag("fair", true), word("order", "left", {"left", "right"})}};
  Options options_;
  Result result_;
  ReportData data_{scenario_, parameters_, options_, result_};
};

TEST_F(ReportJsonTest, ReliedUponKeysComeInTheOrderOfTheContract) {
  const Json report = Json::parse(check_json(data_));
  std::vector<std::string> relied;
  for (const std::string& key : keys(report))
    if (key != "reason" && key != "as_declared") relied.push_back(key);
  EXPECT_THAT(relied, ElementsAre("schema", "scenario", "parameters", "model", "runtime", "strategy",
                                  "verdict", "exhaustive", "executions", "steps", "watched", "seconds",
                                  "peak_rss_bytes", "defects", "outcomes"));
}

TEST_F(ReportJsonTest, IsOneLine) {
  EXPECT_THAT(check_json(data_), testing::Not(HasSubstr("\n")));
  EXPECT_THAT(outcomes_json(data_), testing::Not(HasSubstr("\n")));
  EXPECT_THAT(replay_json(data_), testing::Not(HasSubstr("\n")));
}

TEST_F(ReportJsonTest, ParametersKeepTheirTypes) {
  EXPECT_EQ(Json::parse(check_json(data_)).at("parameters").dump(),
            R"({"seats":3,"fair":true,"order":"left"})");
}

TEST_F(ReportJsonTest, NumbersAreThoseOfTheResult) {
  result_.complete = 18'446'744'073'709'551'615u;
  result_.blocked = 2;
  result_.redundant = 3;
  result_.elapsed = std::chrono::milliseconds(1'500);
  const Json report = Json::parse(check_json(data_));
  EXPECT_EQ(report.at("executions").at("complete"), 18'446'744'073'709'551'615u);
  EXPECT_EQ(report.at("executions").at("blocked"), 2);
  EXPECT_EQ(report.at("executions").at("redundant"), 3);
  EXPECT_EQ(report.at("seconds"), 1.5);
}

TEST_F(ReportJsonTest, AdvisoriesAreMarkedDefects) {
  result_.defects.clear();
  result_.advisories.push_back({.kind = DefectKind::LockOrder, .object = "a", .message = "opposite orders"});
  const Json defects = Json::parse(check_json(data_)).at("defects");
  ASSERT_EQ(defects.size(), 1u);
  EXPECT_EQ(defects[0].at("kind"), "lock-order");
  EXPECT_EQ(defects[0].at("advisory"), true);
}

TEST_F(ReportJsonTest, TextThatIsNotUtf8DoesNotEndTheReport) {
  result_.defects.front().message = "expected \xff";
  EXPECT_NO_THROW({ check_json(data_); });
}

TEST_F(ReportJsonTest, ScheduleFileGivesBackWhatItIsOf) {
  for (const Defect& defect : result_.defects) {
    const std::string file = schedule_json(scenario_.name, parameters_, defect);
    EXPECT_EQ(schedule_in(file).token, defect.witness.token);
    EXPECT_EQ(schedule_in(file).scenario, scenario_.name);
    EXPECT_EQ(schedule_in(file).kind, to_string(defect.kind));
    const Json saved = Json::parse(file);
    EXPECT_EQ(saved.at("schema"), "heddle.schedule/1");
    EXPECT_EQ(saved.at("scenario"), scenario_.name);
    EXPECT_EQ(saved.at("kind"), to_string(defect.kind));
    EXPECT_EQ(saved.at("steps").size(), defect.witness.steps.size());
  }
}

TEST_F(ReportJsonTest, ListHasOneLinePerScenario) {
  scenario_.parameters = {integer("seats", 3, 2, 5, "philosophers"), flag("fair", true),
                          word("order", "left", {"left", "right"})};
  scenario_.expects = DefectKind::LostUpdate;
  const std::string text = list_json({&scenario_, &scenario_});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  const Json scenario = Json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(scenario.at("declared"), "lost-update");
  EXPECT_EQ(scenario.at("parameters")[0].dump(),
            R"({"name":"seats","default":3,"least":2,"greatest":5,"help":"philosophers"})");
  EXPECT_EQ(scenario.at("parameters")[1].at("default"), true);
  EXPECT_EQ(scenario.at("parameters")[2].at("words").dump(), R"(["left","right"])");
}

TEST(ScheduleInTest, TakesABareTokenWithBlanksAroundIt) {
  EXPECT_EQ(schedule_in("h1:a:1:00000000").token, "h1:a:1:00000000");
  EXPECT_EQ(schedule_in("\n  h1:a:1:00000000\n").token, "h1:a:1:00000000");
}

TEST(ScheduleInTest, SaysWhatIsWrongWithAFile) {
  EXPECT_THAT(refusal(""), HasSubstr("empty"));
  EXPECT_THAT(refusal(" \n\t"), HasSubstr("empty"));
  EXPECT_THAT(refusal("{"), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal("{}"), HasSubstr("heddle.schedule/1"));
  EXPECT_THAT(refusal(R"({"schema":"heddle.check/1","token":"h1:a:1:00000000"})"),
              HasSubstr("heddle.schedule/1"));
  EXPECT_THAT(refusal(R"({"schema":"heddle.schedule/1"})"), HasSubstr("no token"));
  EXPECT_THAT(refusal(R"({"schema":"heddle.schedule/1","token":1})"), HasSubstr("no token"));
  EXPECT_THAT(refusal(R"({"schema":1})"), HasSubstr("heddle.schedule/1"));
}

}  // namespace
}  // namespace heddle::checker
