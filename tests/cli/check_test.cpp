#include "tests/cli/tool.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace heddle::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

std::vector<std::string> defect_kinds(const Json& report) {
  std::vector<std::string> kinds;
  for (const Json& defect : report.at("defects")) kinds.push_back(defect.at("kind"));
  return kinds;
}

std::vector<std::string> verdicts(const std::vector<Json>& reports) {
  std::vector<std::string> all;
  for (const Json& report : reports)
    all.push_back(std::string(report.at("scenario")) + " " + std::string(report.at("verdict")));
  return all;
}

TEST(CheckTest, DefectIsReportedOnStandardOutputWithStatusOne) {
  const Finished finished = heddle({"check", "counter/unlocked"});
  EXPECT_EQ(finished.status, 1);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("lost update on count"), HasSubstr("\nwhy "),
                                  HasSubstr("heddle replay h1:counter/unlocked:"), HasSubstr("\ndefect: ")));
  EXPECT_EQ(finished.err, "");
}

TEST(CheckTest, VerifiedScenarioEndsWithStatusZero) {
  const Finished finished = heddle({"check", "counter/locked"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("verified: "), HasSubstr("2 executions"), HasSubstr("exhaustive")));
  EXPECT_EQ(finished.err, "");
}

TEST(CheckTest, SeveralScenariosAreReportedInTheOrderGivenAndTheWorstStatusWins) {
  const Finished finished =
      heddle({"check", "philosophers/ordered", "counter/unlocked", "counter/locked", "--json"});
  EXPECT_EQ(finished.status, 1);
  EXPECT_THAT(
      verdicts(json_lines(finished.out)),
      ElementsAre("philosophers/ordered verified", "counter/unlocked defect", "counter/locked verified"));
}

TEST(CheckTest, DefectOutranksInconclusive) {
  EXPECT_EQ(heddle({"check", "counter/locked", "counter/unlocked", "--executions", "1", "--quiet"}).status,
            1);
}

TEST(CheckTest, ScenarioNamedTwiceIsCheckedOnce) {
  EXPECT_THAT(json_lines(heddle({"check", "counter/locked", "counter/locked", "--json"}).out), SizeIs(1));
  const std::size_t tagged = json_lines(heddle({"check", "--tag", "visibility", "--json"}).out).size();
  EXPECT_THAT(
      json_lines(heddle({"check", "--tag", "visibility", "visibility/get_count_locked", "--json"}).out),
      SizeIs(tagged));
}

TEST(CheckTest, TagChoosesTheScenariosThatCarryIt) {
  std::vector<std::string> tagged;
  for (const Json& scenario : json_lines(heddle({"list", "--tag", "visibility", "--json"}).out))
    tagged.push_back(scenario.at("scenario"));
  std::vector<std::string> checked;
  for (const Json& report : json_lines(heddle({"check", "--tag", "visibility", "--json"}).out))
    checked.push_back(report.at("scenario"));
  EXPECT_EQ(checked, tagged);
  EXPECT_THAT(checked, Contains("visibility/get_count_unlocked"));
  EXPECT_THAT(checked, Not(Contains("counter/unlocked")));
}

TEST(CheckTest, AllChecksEveryScenario) {
  std::vector<std::string> checked;
  for (const Json& report : json_lines(heddle({"check", "--all", "--json"}).out))
    checked.push_back(report.at("scenario"));
  EXPECT_EQ(checked, scenario_names());
}

TEST(CheckTest, EveryScenarioIsAsDeclared) {
  const Finished finished = heddle({"check", "--all", "--expected", "--json"});
  EXPECT_EQ(finished.status, 0);
  for (const Json& report : json_lines(finished.out))
    EXPECT_EQ(report.at("as_declared"), true) << report.at("scenario");
}

TEST(CheckTest, ExpectedSaysWhetherTheVerdictIsTheDeclaredOne) {
  const Finished as_declared = heddle({"check", "counter/unlocked", "--expected"});
  EXPECT_EQ(as_declared.status, 0);
  EXPECT_THAT(as_declared.out, HasSubstr("as declared: "));
  const Finished otherwise = heddle({"check", "counter/unlocked", "--set", "threads=1", "--expected"});
  EXPECT_EQ(otherwise.status, 1);
  EXPECT_THAT(otherwise.out, HasSubstr("NOT as declared"));
}

TEST(CheckTest, ExpectedStaysInconclusiveWhenTheSearchWasCut) {
  EXPECT_EQ(heddle({"check", "counter/locked", "--executions", "1", "--expected"}).status, 2);
}

TEST(CheckTest, KeepGoingExploresEverythingAndReportsEachDefectOnce) {
  const Json stopped = heddle_json({"check", "counter/unlocked"});
  EXPECT_EQ(stopped.at("exhaustive"), false);
  EXPECT_LT(stopped.at("executions").at("complete"), 4);
  const Json all = heddle_json({"check", "counter/unlocked", "--keep-going"});
  EXPECT_EQ(all.at("exhaustive"), true);
  EXPECT_EQ(all.at("executions").at("complete"), 4);
  EXPECT_THAT(defect_kinds(all), ElementsAre("lost-update", "data-race"));
  EXPECT_EQ(all.at("defects")[0].at("executions"), 2);
  EXPECT_EQ(all.at("defects")[1].at("executions"), 4);
}

TEST(CheckTest, SetChangesParametersAndIsRepeatable) {
  const Json report = heddle_json(
      {"check", "counter/unlocked", "--set", "threads=3", "--set", "increments=2", "--executions", "5"});
  EXPECT_EQ(report.at("parameters"), (Json{{"threads", 3}, {"increments", 2}}));
}

TEST(CheckTest, SetIsRefusedBeforeAnythingIsExplored) {
  const Finished finished = heddle({"check", "counter/locked", "deadlock/gated", "--set", "threads=3"});
  EXPECT_EQ(finished.status, 64);
  EXPECT_EQ(finished.out, "");
}

struct StrategyCase {
  std::string name;
  std::vector<std::string> options;
  int complete;
  bool exhaustive;
};

void PrintTo(const StrategyCase& each, std::ostream* out) { *out << each.name; }

class StrategyTest : public testing::TestWithParam<StrategyCase> {};

TEST_P(StrategyTest, ExploresTheKnownNumberOfExecutions) {
  const StrategyCase& param = GetParam();
  std::vector<std::string> arguments{"check", "counter/unlocked", "--keep-going", "--strategy", param.name};
  arguments.insert(arguments.end(), param.options.begin(), param.options.end());
  const Json report = heddle_json(arguments);
  EXPECT_EQ(report.at("strategy"), param.name);
  EXPECT_EQ(report.at("executions").at("complete"), param.complete);
  EXPECT_EQ(report.at("exhaustive"), param.exhaustive);
  EXPECT_THAT(defect_kinds(report), Contains("lost-update"));
}

INSTANTIATE_TEST_SUITE_P(All, StrategyTest,
                         testing::Values(StrategyCase{"optimal", {}, 4, true},
                                         StrategyCase{"all", {}, 6, true},
                                         StrategyCase{"random", {"--executions", "60"}, 60, false},
                                         StrategyCase{"pct", {"--executions", "60"}, 60, false},
                                         StrategyCase{"preemptions", {}, 6, true}),
                         [](const auto& each) { return each.param.name; });

TEST(CheckTest, PreemptionBoundLeavesOutWhatNeedsMore) {
  const Finished none = heddle({"check", "deadlock/opposite_order", "--preemptions", "0"});
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.out, HasSubstr("more than 0 preemptions"));
  const Json one = heddle_json({"check", "deadlock/opposite_order", "--preemptions", "1"});
  EXPECT_EQ(one.at("strategy"), "preemptions");
  EXPECT_THAT(defect_kinds(one), ElementsAre("deadlock"));
}

TEST(CheckTest, SeedDeterminesARandomExploration) {
  const auto outcomes = [](const std::string& seed) {
    return heddle_json({"check", "counter/unlocked", "--strategy", "random", "--executions", "100",
                        "--keep-going", "--seed", seed})
        .at("outcomes")
        .dump();
  };
  EXPECT_EQ(outcomes("7"), outcomes("7"));
  EXPECT_NE(outcomes("7"), outcomes("8"));
  EXPECT_EQ(heddle_json({"check", "counter/unlocked", "--strategy", "random", "--seed", "7"}).at("seed"), 7);
}

TEST(CheckTest, RandomReportNamesItsSeedWhateverTheVerdict) {
  EXPECT_THAT(
      heddle({"check", "counter/locked", "--strategy", "random", "--seed", "7", "--executions", "9"}).out,
      HasSubstr("seed 7"));
  EXPECT_THAT(
      heddle({"check", "counter/unlocked", "--strategy", "random", "--seed", "7", "--executions", "9"}).out,
      HasSubstr("seed 7"));
}

TEST(CheckTest, ExecutionLimitGivesAnInconclusiveVerdict) {
  const Finished finished = heddle({"check", "philosophers/ordered", "--executions", "3"});
  EXPECT_EQ(finished.status, 2);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("inconclusive: no defect so far. 3 executions explored"),
                                  HasSubstr("NOT exhaustive"), HasSubstr("limit of 3 executions")));
  EXPECT_THAT(heddle({"check", "counter/locked", "--executions", "1"}).out,
              HasSubstr("limit of 1 execution was"));
}

TEST(CheckTest, CutSearchDoesNotClaimToHaveSeenEveryInterleaving) {
  const Finished finished =
      heddle({"check", "philosophers/ordered", "--strategy", "all", "--executions", "3"});
  EXPECT_THAT(finished.out, Not(HasSubstr("every interleaving")));
}

TEST(CheckTest, TimeLimitGivesAnInconclusiveVerdictInTime) {
  const auto start = std::chrono::steady_clock::now();
  const Finished finished =
      heddle({"check", "counter/locked", "--set", "threads=12", "--set", "increments=20", "--time", "200ms"});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  EXPECT_EQ(finished.status, 2);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("inconclusive: "), HasSubstr("time limit")));
}

TEST(CheckTest, StepLimitIsADefectOfTheScenario) {
  const Json report = heddle_json({"check", "counter/locked", "--steps", "5"});
  EXPECT_EQ(report.at("verdict"), "defect");
  EXPECT_THAT(defect_kinds(report), ElementsAre("step-limit"));
}

TEST(CheckTest, SaveWritesOneFilePerWitnessThatReplays) {
  const std::string directory = fresh_directory("save") + "/new";
  const Finished finished =
      heddle({"check", "counter/unlocked", "--keep-going", "--save", directory, "--set", "threads=3"});
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) files.push_back(entry.path());
  ASSERT_THAT(files, SizeIs(2));
  for (const std::string& file : files) {
    EXPECT_THAT(finished.err, HasSubstr("saved " + file));
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    const Json saved = Json::parse(text.str());
    EXPECT_EQ(saved.at("schema"), "heddle.schedule/1");
    EXPECT_EQ(saved.at("parameters").at("threads"), 3);
    const Finished replayed = heddle({"replay", file});
    EXPECT_EQ(replayed.status, 1);
    EXPECT_THAT(replayed.out, HasSubstr(std::string(saved.at("message"))));
  }
  EXPECT_THAT(finished.out, Not(HasSubstr("saved ")));
}

TEST(CheckTest, SaveIntoNowhereIsAUsageError) {
  const Finished finished = heddle({"check", "counter/unlocked", "--save", "/dev/null/nowhere"});
  EXPECT_EQ(finished.status, 64);
  EXPECT_THAT(finished.err, HasSubstr("/dev/null/nowhere"));
}

TEST(CheckTest, QuietPrintsOnlyTheVerdicts) {
  const Finished finished = heddle({"check", "counter/unlocked", "counter/locked", "--quiet"});
  EXPECT_THAT(finished.out, AllOf(StartsWith("counter/unlocked: defect"),
                                  HasSubstr("\ncounter/locked: verified"), Not(HasSubstr("why"))));
  EXPECT_EQ(finished.err, "");
}

TEST(CheckTest, NextCommandChecksThePairWithTheSameParameters) {
  EXPECT_THAT(heddle({"check", "counter/unlocked"}).out, HasSubstr("heddle check counter/locked\n"));
  EXPECT_THAT(heddle({"check", "counter/unlocked", "--set", "threads=3"}).out,
              HasSubstr("heddle check counter/locked --set threads=3"));
}

TEST(CheckTest, EveryLineButTokensFitsEightyColumns) {
  for (const char* const quiet : {"", "--quiet"}) {
    std::vector<std::string> arguments{"check", "--all", "--expected"};
    if (*quiet != '\0') arguments.emplace_back(quiet);
    for (const std::string& line : lines(heddle(arguments).out))
      if (line.find("h1:") == std::string::npos) {
        EXPECT_LE(line.size(), 80u) << line;
      }
  }
}

TEST(CheckTest, TwoRunsSayTheSame) {
  EXPECT_EQ(heddle({"check", "--all", "--keep-going"}).out, heddle({"check", "--all", "--keep-going"}).out);
  const auto timeless = [] {
    std::string all;
    for (Json report : json_lines(heddle({"check", "--all", "--keep-going", "--json"}).out)) {
      report.erase("seconds");
      report.erase("peak_rss_bytes");
      all += report.dump() + "\n";
    }
    return all;
  };
  EXPECT_EQ(timeless(), timeless());
}

TEST(CheckTest, ReportDoesNotDependOnTheWorkingDirectory) {
  const std::string elsewhere = fresh_directory("elsewhere");
  EXPECT_EQ(heddle(Launch{.arguments = {"check", "counter/unlocked"}, .directory = elsewhere}).out,
            heddle({"check", "counter/unlocked"}).out);
}

}  // namespace
}  // namespace heddle::test
