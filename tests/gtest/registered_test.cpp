// register_scenario_tests(): a program of registered scenarios, run as ctest runs it.

#include "tests/cli/subprocess.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace heddle {
namespace {

using testing::HasSubstr;
using testing::Not;

test::Finished registered(const std::vector<std::string>& arguments) {
  return test::run(HEDDLE_REGISTERED_ODD, {.arguments = arguments, .environment = {}, .directory = {}});
}

TEST(RegisteredTest, EachScenarioIsATestOfItsGroup) {
  const test::Finished list = registered({"--gtest_list_tests"});
  EXPECT_EQ(list.status, 0);
  EXPECT_EQ(list.out,
            "odd.\n  by_hand\n  falsely_broken\n  falsely_sound\n  hollow\n  locked\n  nested_deep\n"
            "  unlocked\n  with_dash\n  with_dash_\nscenario.\n  alone\n");
}

TEST(RegisteredTest, AScenarioThatIsAsDeclaredPasses) {
  const test::Finished run = registered(
      {"--gtest_filter=odd.locked:odd.unlocked:odd.by_hand:odd.with_dash_:odd.nested_deep:scenario.alone"});
  EXPECT_EQ(run.status, 0) << run.out;
  EXPECT_THAT(run.out, HasSubstr("[  PASSED  ] 6 tests."));
}

TEST(RegisteredTest, ADefectThatIsNotDeclaredFailsAtTheScenarioWithItsTrace) {
  const test::Finished run = registered({"--gtest_filter=odd.falsely_sound"});
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, testing::ContainsRegex("registered_odd.cpp:[0-9]+: Failure"));
  EXPECT_THAT(run.out, HasSubstr("Scenario: odd/falsely_sound\nExpected: is as declared: verified\n"));
  EXPECT_THAT(run.out, HasSubstr("defect  lost update on count"));
  EXPECT_THAT(run.out, HasSubstr("replay  heddle replay h1:odd/falsely_sound:"));
}

TEST(RegisteredTest, AnotherDefectThanDeclaredFails) {
  const test::Finished run = registered({"--gtest_filter=odd.falsely_broken"});
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, HasSubstr("Expected: is as declared: deadlock reported first\n"));
  EXPECT_THAT(run.out, HasSubstr("which found other defects"));
}

TEST(RegisteredTest, AScenarioWithNothingToExploreFails) {
  const test::Finished run = registered({"--gtest_filter=odd.hollow"});
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, HasSubstr("in which nothing was explored"));
}

TEST(RegisteredTest, TheXmlHasTheCountsAndTheToken) {
  const std::string path = testing::TempDir() + "heddle_registered.xml";
  registered({"--gtest_filter=odd.unlocked:odd.locked", "--gtest_output=xml:" + path});
  std::ostringstream xml;
  xml << std::ifstream(path).rdbuf();
  EXPECT_THAT(xml.str(), HasSubstr(R"(<property name="heddle_verdict" value="verified"/>)"));
  EXPECT_THAT(xml.str(), HasSubstr(R"(<property name="heddle_executions" value="2"/>)"));
  EXPECT_THAT(xml.str(), testing::ContainsRegex(R"(<property name="heddle_steps" value="[1-9][0-9]*"/>)"));
  EXPECT_THAT(xml.str(), testing::ContainsRegex(R"(<property name="heddle_token" value="h1:odd/unlocked:)"));
}

}  // namespace
}  // namespace heddle
