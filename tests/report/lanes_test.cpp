#include "checker/report/lanes.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace heddle::checker {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

class LanesTest : public testing::Test {
 protected:
  LanesTest() {
    std::filesystem::create_directories(root_);
    std::ofstream file(root_ + "/demo.cpp");
    for (int n = 1; n <= 300; ++n) file << "  statement_" << n << "_with_quite_a_long_name(argument);\n";
  }
  ~LanesTest() override { std::filesystem::remove_all(root_); }

  Step& add(const std::string& thread, const std::string& operation, const std::string& object,
            const std::string& value = {}) {
    const auto index = static_cast<std::uint32_t>(witness_.steps.size());
    witness_.steps.push_back({.index = index,
                              .thread = thread,
                              .operation = operation,
                              .object = object,
                              .value = value,
                              .file = "demo.cpp",
                              .line = static_cast<int>(index) + 1});
    if (std::find(witness_.threads.begin(), witness_.threads.end(), thread) == witness_.threads.end())
      witness_.threads.push_back(thread);
    return witness_.steps.back();
  }
  std::vector<std::string> shown(std::size_t width) {
    SourceText source(root_);
    return lines(lanes(witness_, source, Style{.width = width}));
  }

  std::string root_ = testing::TempDir() + "heddle-lanes-" + std::to_string(getpid());
  Witness witness_;
};

class LanesWidthTest : public LanesTest, public testing::WithParamInterface<std::size_t> {};

TEST_P(LanesWidthTest, NoLineIsWiderAndNoneEndsInBlanks) {
  for (int round = 0; round < 3; ++round) {
    for (const std::string thread : {"main", "T1", "T2", "T3", "T1.1"}) {
      Step& step = add(thread, "write", "accounts_receivable", "10000 -> 10001");
      step.preempted = witness_.steps.size() > 1;
      step.waits.push_back({"T2", "accounts_receivable is held by T1.1"});
    }
    for (const std::string& line : shown(GetParam())) {
      EXPECT_LE(line.size(), GetParam()) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Widths, LanesWidthTest, testing::Values(60, 80, 120, 200));

TEST_F(LanesTest, EachThreadHasItsColumn) {
  add("T1", "read", "x", "0");
  add("T2", "write", "x", "0 -> 1");
  EXPECT_THAT(
      shown(90),
      ElementsAre("  in demo.cpp",  //
                  "step  T1          T2",
                  "   1  read x = 0                  1  statement_1_with_quite_a_long_name(argument);",
                  "   2              write x 0 -> 1  2  statement_2_with_quite_a_long_name(argument);"));
}

TEST_F(LanesTest, PreemptedThreadSaysSoInItsOwnColumn) {
  add("T1", "read", "x", "0");
  add("T2", "write", "x", "0 -> 1").preempted = true;
  const std::vector<std::string> rows = shown(100);
  EXPECT_THAT(rows[3], testing::StartsWith("   2  preempted   write x 0 -> 1"));
}

TEST_F(LanesTest, WaitingThreadHasARowBetweenTheSteps) {
  add("T1", "lock", "guard").waits.push_back({"T2", "guard is held by T1"});
  add("T2", "lock", "guard");
  const std::vector<std::string> rows = shown(100);
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[3], "                  waits: guard is held by T1");
}

TEST_F(LanesTest, ThreadsWithoutStepsHaveNoColumn) {
  witness_.threads = {"main", "T1", "T2"};
  add("T2", "read", "x", "0");
  EXPECT_EQ(shown(80)[1], "step  T2");
}

TEST_F(LanesTest, ColumnsStandInTheOrderOfTheThreads) {
  witness_.threads = {"main", "T1", "T1.1", "T2"};
  for (const char* const thread : {"T2", "T1.1", "main", "T1"}) add(thread, "yield", "");
  EXPECT_EQ(shown(80)[1], "step  main   T1     T1.1   T2");
}

TEST_F(LanesTest, ListsTheStepsWhereColumnsDoNotFit) {
  for (const char* const thread : {"T1", "T2", "T3", "T4"}) add(thread, "lock", "a mutex with a long name");
  witness_.steps[1].preempted = true;
  const std::vector<std::string> rows = shown(80);
  EXPECT_EQ(rows[1], "step  thread  operation");
  EXPECT_THAT(rows[2], testing::StartsWith("   1  T1      lock a mutex with a long name"));
  EXPECT_EQ(rows[3], "      T1      preempted");
  EXPECT_THAT(rows[4], testing::StartsWith("   2  T2      lock a mutex with a long name"));
}

TEST_F(LanesTest, SourceIsShortenedWithDots) {
  add("T1", "read", "x", "0");
  for (const std::string& line : shown(60)) EXPECT_LE(line.size(), 60u);
  add("T2", "write", "a_long_name", "100 -> 200");
  EXPECT_TRUE(shown(70)[2].ends_with("..."));
}

TEST_F(LanesTest, FilesAreNamedPerStepWhenThereAreSeveral) {
  add("T1", "read", "x", "0");
  add("T2", "read", "x", "0").file = "group/other.cpp";
  const std::vector<std::string> rows = shown(100);
  EXPECT_EQ(rows[0], "step  T1          T2");
  EXPECT_THAT(rows[1], HasSubstr(" demo.cpp:1  statement_1"));
  EXPECT_THAT(rows[2], HasSubstr("other.cpp:2"));
}

TEST_F(LanesTest, StepWithoutAPlaceIsShown) {
  add("T1", "read", "x", "0").file.clear();
  EXPECT_THAT(shown(80), ElementsAre("step  T1", "   1  read x = 0"));
}

TEST_F(LanesTest, LongExecutionsShowTheirBeginningAndEnd) {
  for (int n = 0; n < 200; ++n) add(n % 2 == 0 ? "T1" : "T2", "read", "x", "0");
  const std::vector<std::string> rows = shown(80);
  ASSERT_EQ(rows.size(), 2u + 40 + 1 + 20);
  EXPECT_THAT(rows[2 + 39], testing::StartsWith("  40  "));
  EXPECT_EQ(rows[2 + 40], "      ... 140 steps not shown ...");
  EXPECT_THAT(rows[2 + 41], testing::StartsWith(" 181  "));
  EXPECT_THAT(rows.back(), testing::StartsWith(" 200  "));
}

TEST_F(LanesTest, SixtyStepsAreShownInFull) {
  for (int n = 0; n < 60; ++n) add("T1", "read", "x", "0");
  EXPECT_EQ(shown(80).size(), 62u);
  add("T1", "read", "x", "0");
  EXPECT_THAT(shown(80), testing::Contains("      ... 1 step not shown ..."));
}

TEST_F(LanesTest, NumbersStayAlignedWithFiveDigits) {
  for (int n = 0; n < 70; ++n) add("T1", "read", "x", "0");
  for (Step& step : witness_.steps) step.index += 9'960;
  const std::vector<std::string> rows = shown(80);
  EXPECT_EQ(rows[3].find("read"), rows.back().find("read")) << rows[3] << "\n" << rows.back();
}

TEST_F(LanesTest, ExecutionWithoutStepsSaysSo) {
  EXPECT_THAT(shown(80), ElementsAre("  no visible operation"));
}

TEST(StepTextTest, TellsOperationObjectAndValue) {
  EXPECT_EQ(step_text({.operation = "read", .object = "count", .value = "0"}), "read count = 0");
  EXPECT_EQ(step_text({.operation = "write", .object = "count", .value = "0 -> 1"}), "write count 0 -> 1");
  EXPECT_EQ(step_text({.operation = "lock", .object = "guard"}), "lock guard");
  EXPECT_EQ(step_text({.operation = "yield"}), "yield");
  EXPECT_EQ(step_text({.operation = "choose", .value = "1 of 0..1"}), "choose 1 of 0..1");
}

}  // namespace
}  // namespace heddle::checker
