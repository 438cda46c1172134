// tests/cli/models_test.cpp - checks under other memory models than sc.

#include "tests/cli/tool.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace heddle::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string contents(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(ModelsTest, EachModelHasItsRowAndTheWorstDecides) {
  const Finished finished = heddle({"check", "visibility/publish_flag", "--model", "all"});
  EXPECT_EQ(finished.status, 1);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("  sc    verified"), HasSubstr("  tso   verified"),
                                  HasSubstr("  rc11  stale-read")));
  EXPECT_EQ(heddle({"check", "litmus/sb", "--model", "all"}).status, 0);
}

TEST(ModelsTest, ExpectedIsJudgedModelByModel) {
  EXPECT_EQ(heddle({"check", "visibility/publish_flag", "--model", "all", "--expected"}).status, 0);
  EXPECT_EQ(heddle({"check", "visibility/publish_flag", "--model", "rc11", "--expected"}).status, 0);
}

TEST(ModelsTest, JsonNamesTheModelAndTheStaleStep) {
  const Json report = heddle_json({"check", "visibility/publish_flag", "--model", "rc11"});
  EXPECT_EQ(report.at("model"), "rc11");
  const Json& defect = report.at("defects").at(0);
  EXPECT_EQ(defect.at("kind"), "stale-read");
  EXPECT_EQ(defect.at("object"), "data");
  const Json& steps = defect.at("witness").at("steps");
  ASSERT_EQ(steps.size(), 4u);
  const Json& read = steps.at(3);
  EXPECT_EQ(read.at("stale"), true);
  EXPECT_EQ(read.at("reads_from"), "initial");
  EXPECT_EQ(read.at("overlooked"), 0);
  EXPECT_EQ(read.at("order"), "relaxed");
  EXPECT_EQ(steps.at(2).at("stale"), false);
  EXPECT_EQ(steps.at(2).at("reads_from"), 1);
}

TEST(ModelsTest, JsonHasALineForEachModel) {
  const std::vector<Json> reports =
      json_lines(heddle({"check", "litmus/mp", "--model", "all", "--json"}).out);
  std::vector<std::string> models;
  std::vector<int> graphs;
  for (const Json& report : reports) {
    models.push_back(report.at("model"));
    graphs.push_back(report.at("executions").at("complete"));
  }
  EXPECT_THAT(models, ElementsAre("sc", "tso", "rc11"));
  EXPECT_THAT(graphs, ElementsAre(3, 3, 4));
}

TEST(ModelsTest, EveryTokenOfAWeakModelIsReplayed) {
  std::size_t tokens = 0;
  for (const char* const tag : {"visibility", "mutual-exclusion"}) {
    for (const Json& report : json_lines(heddle({"check", "--tag", tag, "--model", "all", "--json"}).out)) {
      for (const Json& defect : report.at("defects")) {
        const std::string token = defect.at("witness").at("token");
        const Json replayed = heddle_json({"replay", token});
        ASSERT_FALSE(replayed.at("defects").empty()) << token;
        EXPECT_EQ(replayed.at("defects").at(0).at("kind"), defect.at("kind")) << token;
        EXPECT_EQ(replayed.at("model"), report.at("model")) << token;
        ++tokens;
      }
    }
  }
  EXPECT_GT(tokens, 8u);
}

TEST(ModelsTest, OutcomesOfAModelCarryItsTokens) {
  const Json report = heddle_json({"outcomes", "litmus/sb", "--model", "tso"});
  ASSERT_EQ(report.at("outcomes").size(), 4u);
  for (const Json& outcome : report.at("outcomes")) {
    const Json replayed = heddle_json({"replay", outcome.at("token")});
    EXPECT_EQ(replayed.at("outcomes").at(0).at("values"), outcome.at("values"));
  }
}

Finished histories(std::vector<std::string> arguments) {
  return Process(HEDDLE_HISTORIES, {.arguments = std::move(arguments)}).wait();
}

TEST(ModelsTest, AnOrderOfAllStepsIsRefusedWithThePlace) {
  const Finished finished = histories({"check", "history/recorded", "--model", "rc11"});
  EXPECT_EQ(finished.status, 64);
  EXPECT_THAT(finished.err, AllOf(HasSubstr("the history of a concurrent object"),
                                  HasSubstr("histories.cpp:19"), HasSubstr("Check it under sc")));
  // Where others are checked as well, they still are.
  const Finished both =
      histories({"check", "history/recorded", "history/none", "--model", "rc11", "--quiet"});
  EXPECT_EQ(both.status, 64);
  EXPECT_THAT(both.out, HasSubstr("history/none under rc11: verified"));
}

TEST(ModelsTest, StrategiesOfInterleavingsAreRefused) {
  const Finished finished = heddle({"check", "litmus/sb", "--model", "tso", "--strategy", "random"});
  EXPECT_EQ(finished.status, 64);
  EXPECT_THAT(finished.err, HasSubstr("which only sc has"));
}

TEST(GraphCommandTest, DrawsTheRelationsOfTheFirstDefect) {
  const Finished finished = heddle({"graph", "visibility/publish_flag", "--model", "rc11"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("digraph execution"), HasSubstr("label=\"T2\""),
                                  HasSubstr("s4 -> s1 [label=\"fr\""), HasSubstr("s2 -> s3 [label=\"rf\""),
                                  Not(HasSubstr("label=\"sw\""))));
}

TEST(GraphCommandTest, ShowsWhatSynchronises) {
  const Json report = heddle_json({"outcomes", "litmus/mp+rel+acq", "--model", "rc11"});
  std::string drawn;
  for (const Json& outcome : report.at("outcomes")) drawn += heddle({"graph", outcome.at("token")}).out;
  EXPECT_THAT(drawn, HasSubstr("s2 -> s3 [label=\"sw\""));
}

TEST(GraphCommandTest, WritesFilesOfBothKinds) {
  const std::string directory = fresh_directory("graph");
  EXPECT_EQ(heddle({"graph", "litmus/sb", "-o", directory + "/a.dot"}).status, 0);
  EXPECT_THAT(contents(directory + "/a.dot"), HasSubstr("digraph"));
  const Finished drawn = heddle({"graph", "litmus/sb", "-o", directory + "/a.svg"});
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_THAT(contents(directory + "/a.svg"), HasSubstr("<svg"));
  EXPECT_FALSE(std::filesystem::exists(directory + "/a.svg.dot"));
}

TEST(GraphCommandTest, RefusesWhatItCannotDraw) {
  EXPECT_EQ(heddle({"graph", "litmus/sb", "-o", "a.png"}).status, 64);
  EXPECT_EQ(heddle({"graph", "litmus/nothing"}).status, 64);
  const Finished neither = heddle({"graph", "deadlock/common_order"});
  EXPECT_EQ(neither.status, 64);
  EXPECT_THAT(neither.err, HasSubstr("neither a defect nor outcomes"));
}

}  // namespace
}  // namespace heddle::test
