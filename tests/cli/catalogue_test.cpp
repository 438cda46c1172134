// tests/cli/catalogue_test.cpp - list, show and outcomes.

#include "tests/cli/tool.hpp"

#include <gmock/gmock.h>

#include <set>

namespace heddle::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

TEST(ListTest, NamesEveryScenarioWithLessonParametersAndDeclaredVerdict) {
  const Finished finished = heddle({"list"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "");
  EXPECT_THAT(finished.out, AllOf(HasSubstr("counter/unlocked  [threads=2 increments=1]\n"),
                                  HasSubstr("++count is a read and a write"), HasSubstr("lost-update"),
                                  HasSubstr("verified")));
  for (const std::string& name : scenario_names()) EXPECT_THAT(finished.out, HasSubstr(name));
}

TEST(ListTest, TagSelects) {
  const Finished finished = heddle({"list", "--tag", "deadlock"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("philosophers/naive"), Not(HasSubstr("counter/unlocked"))));
}

TEST(ListTest, JsonTellsTheSame) {
  const std::vector<Json> scenarios = json_lines(heddle({"list", "--json"}).out);
  EXPECT_THAT(scenario_names(),
              IsSupersetOf({"counter/unlocked", "deadlock/gated", "visibility/get_count_locked"}));
  std::set<std::string> names;
  for (const Json& scenario : scenarios) {
    EXPECT_EQ(scenario.at("schema"), "heddle.list/1");
    names.insert(scenario.at("scenario"));
    EXPECT_TRUE(scenario.at("lesson").is_string());
    EXPECT_THAT(std::string(scenario.at("lesson")), Not(HasSubstr("\n")));
    EXPECT_TRUE(scenario.at("tags").is_array());
    EXPECT_TRUE(scenario.at("declared").is_string());
    for (const Json& parameter : scenario.at("parameters")) {
      EXPECT_TRUE(parameter.at("name").is_string());
      EXPECT_TRUE(parameter.contains("default"));
      EXPECT_NE(parameter.at("help"), "") << scenario.at("scenario");
    }
  }
  for (const Json& scenario : scenarios)
    if (scenario.at("pair") != "") {
      EXPECT_TRUE(names.contains(scenario.at("pair"))) << scenario.at("pair");
    }
}

TEST(ShowTest, TellsStorySourceParametersAndPair) {
  const Finished finished = heddle({"show", "counter/unlocked"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "");
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("Two requests count themselves"), HasSubstr("++count;\n"),
                    HasSubstr("threads=2"), HasSubstr("1 to 16"), HasSubstr("threads that count"),
                    HasSubstr("counter/locked"), HasSubstr("lost-update")));
}

TEST(ShowTest, WorksForEveryScenario) {
  for (const std::string& name : scenario_names()) {
    const Finished finished = heddle({"show", name});
    EXPECT_EQ(finished.status, 0) << name;
    // A family of litmus tests is one file.
    const std::string file = name.starts_with("litmus/") ? "scenarios/litmus/" : "scenarios/" + name + ".cpp";
    EXPECT_THAT(finished.out, AllOf(HasSubstr(file), HasSubstr("heddle::Registered"))) << name;
  }
}

struct OutcomeCase {
  std::string name;
  std::vector<std::string> arguments;
  std::vector<std::string> outcomes;  // the values, in the order in which they are reported
};

void PrintTo(const OutcomeCase& each, std::ostream* out) { *out << each.name; }

class OutcomeTest : public testing::TestWithParam<OutcomeCase> {};

TEST_P(OutcomeTest, AreExactlyTheReachableOnes) {
  std::vector<std::string> arguments{"outcomes"};
  arguments.insert(arguments.end(), GetParam().arguments.begin(), GetParam().arguments.end());
  const Json report = heddle_json(arguments);
  EXPECT_EQ(report.at("exhaustive"), true);
  std::vector<std::string> found;
  std::int64_t executions = 0;
  for (const Json& outcome : report.at("outcomes")) {
    std::string values;
    for (const auto& [name, value] : outcome.at("values").items()) values += std::string(value);
    found.push_back(values);
    executions += std::int64_t(outcome.at("executions"));
  }
  EXPECT_EQ(found, GetParam().outcomes);
  EXPECT_EQ(report.at("executions").at("complete"), executions) << "every execution has one outcome";
}

INSTANTIATE_TEST_SUITE_P(
    Catalogue, OutcomeTest,
    testing::Values(
        OutcomeCase{"unlocked_2x1", {"counter/unlocked"}, {"1", "2"}},
        OutcomeCase{"unlocked_2x2", {"counter/unlocked", "--set", "increments=2"}, {"2", "3", "4"}},
        OutcomeCase{"unlocked_2x3", {"counter/unlocked", "--set", "increments=3"}, {"2", "3", "4", "5", "6"}},
        OutcomeCase{"unlocked_3x1", {"counter/unlocked", "--set", "threads=3"}, {"1", "2", "3"}},
        OutcomeCase{"unlocked_4x1", {"counter/unlocked", "--set", "threads=4"}, {"1", "2", "3", "4"}},
        OutcomeCase{"locked_2x2", {"counter/locked", "--set", "increments=2"}, {"4"}},
        OutcomeCase{"atomic_3x1", {"counter/atomic", "--set", "threads=3"}, {"3"}},
        OutcomeCase{"two_locks", {"counter/two_locks"}, {"1", "2"}},
        OutcomeCase{
            "get_count_locked", {"visibility/get_count_locked"}, {"00", "01", "02", "11", "12", "22"}},
        OutcomeCase{
            "get_count_unlocked", {"visibility/get_count_unlocked"}, {"00", "01", "02", "11", "12", "22"}}),
    [](const auto& each) { return each.param.name; });

TEST(OutcomesTest, TextTellsValuesCountsAndAWitnessEach) {
  const Finished finished = heddle({"outcomes", "counter/unlocked", "--strategy", "all"});
  EXPECT_EQ(finished.status, 1);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("count=1  4 executions"), HasSubstr("count=2  2 executions")));
  EXPECT_EQ(tokens_in(finished.out).size(), 4u);  // of two outcomes and two defects
}

TEST(OutcomesTest, JsonGradesThemWhereTheScenarioDeclaresSome) {
  const Json unlocked = heddle_json({"outcomes", "counter/unlocked"});
  EXPECT_EQ(unlocked.at("outcomes").at(0).at("grade"), "forbidden");
  EXPECT_EQ(unlocked.at("outcomes").at(0).at("why"), "an increment is lost");
  EXPECT_EQ(unlocked.at("outcomes").at(1).at("grade"), "expected");
  const Json three = heddle_json({"outcomes", "visibility/get_count_locked", "--set", "reads=3"});
  EXPECT_FALSE(three.at("outcomes").at(0).contains("grade")) << "nothing is declared for three reads";
}

TEST(OutcomesTest, VerifiedScenarioEndsWithStatusZero) {
  EXPECT_EQ(heddle({"outcomes", "counter/locked"}).status, 0);
  EXPECT_EQ(heddle({"outcomes", "counter/locked", "--executions", "1"}).status, 2);
}

TEST(OutcomesTest, DeadlockIsAnOutcomeToo) {
  const Finished finished = heddle({"outcomes", "deadlock/opposite_order"});
  EXPECT_EQ(finished.status, 1);
  EXPECT_THAT(finished.out, HasSubstr("deadlock: ")) << "the report must say which defect it counts";
}

}  // namespace
}  // namespace heddle::test
