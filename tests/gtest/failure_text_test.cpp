// What a failed test shows of an exploration, and what it leaves for files and for the XML.

#include "checker/gtest/failure_text.hpp"

#include "tests/gtest/bodies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace heddle {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using tests::everything;
using tests::why_not;

std::string content(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// What stands behind "trace   " in a message.
std::string trace_file(const std::string& message) {
  const std::size_t begin = message.find("\ntrace   ") + 9;
  return message.substr(begin, message.find('\n', begin) - begin);
}

std::ptrdiff_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

// Loses an update after many steps.
void long_body() {
  atomic<int> turns{0, "turns"};
  for (int i = 0; i < 300; ++i) turns.store(i);
  require_eq(turns, 1000);
}

class OutputsDirectory {
 public:
  OutputsDirectory() {
    std::filesystem::create_directories(path_);
    setenv("TEST_UNDECLARED_OUTPUTS_DIR", path_.c_str(), 1);
  }
  ~OutputsDirectory() { unsetenv("TEST_UNDECLARED_OUTPUTS_DIR"); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ =
      testing::TempDir() + "heddle_outputs_" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST(FailureTextTest, ALongTraceIsCutInTheMessageAndWholeInTheFile) {
  const OutputsDirectory outputs;
  const std::string message = checker::told_defects(check(long_body));
  EXPECT_LE(lines(message), 60);
  EXPECT_THAT(message, HasSubstr("steps not shown ..."));
  EXPECT_THAT(message, HasSubstr("why (without any preemption)"));
  EXPECT_THAT(message, HasSubstr("replay  heddle::replay(body, \"h1::0x301:"));
  const std::string file = content(trace_file(message));
  EXPECT_THAT(file, Not(HasSubstr("not shown")));
  EXPECT_THAT(file, HasSubstr("\n 301  "));
  EXPECT_THAT(file, HasSubstr("heddle::replay(body, \"h1::0x301:"));
}

TEST(FailureTextTest, AShortTraceIsShownWhole) {
  const OutputsDirectory outputs;
  const std::string message = checker::told_defects(check(tests::unlocked));
  EXPECT_THAT(message, Not(HasSubstr("not shown")));
  EXPECT_THAT(content(trace_file(message)), HasSubstr(message.substr(0, message.find("\nalso"))));
}

TEST(FailureTextTest, TheFileIsCalledAfterTheTest) {
  const OutputsDirectory outputs;
  const std::string message = checker::told_defects(check(tests::unlocked));
  EXPECT_EQ(trace_file(message),
            outputs.path() + "/heddle-gtest_test-FailureTextTest.TheFileIsCalledAfterTheTest.txt");
}

TEST(FailureTextTest, TheSecondExplorationOfATestHasAFileOfItsOwn) {
  const OutputsDirectory outputs;
  const Result first = check(tests::unlocked);
  const Result second = check(long_body);
  EXPECT_THAT(trace_file(checker::told_defects(first)), EndsWith("HasAFileOfItsOwn.txt"));
  EXPECT_THAT(trace_file(checker::told_defects(second)), EndsWith("HasAFileOfItsOwn_2.txt"));
  EXPECT_NE(content(trace_file(checker::told_defects(first))),
            content(trace_file(checker::told_defects(second))));
}

TEST(FailureTextTest, WithoutADirectoryOfOutputsTheFileIsATemporaryOne) {
  unsetenv("TEST_UNDECLARED_OUTPUTS_DIR");
  const std::string file = trace_file(checker::told_defects(check(tests::unlocked)));
  EXPECT_EQ(file.rfind(testing::TempDir(), 0), 0u) << file;
  EXPECT_THAT(content(file), HasSubstr("lost update"));
}

TEST(FailureTextTest, AFileThatCannotBeWrittenIsNoFailureOfItsOwn) {
  setenv("TEST_UNDECLARED_OUTPUTS_DIR", "/nowhere/at/all", 1);
  const std::string message = checker::told_defects(check(tests::unlocked));
  unsetenv("TEST_UNDECLARED_OUTPUTS_DIR");
  EXPECT_THAT(message, HasSubstr("trace   (cannot write /nowhere/at/all/heddle-gtest_test-"));
}

TEST(FailureTextTest, AMatcherThatIsNotAskedWhyWritesNothing) {
  const OutputsDirectory outputs;
  EXPECT_FALSE(Verified().Matches(check(tests::unlocked)));
  EXPECT_TRUE(std::filesystem::is_empty(outputs.path()));
  why_not(Verified(), check(tests::unlocked));
  EXPECT_FALSE(std::filesystem::is_empty(outputs.path()));
  std::filesystem::remove_all(outputs.path());
}

TEST(FailureTextTest, ANamedExplorationIsReplayedOnTheCommandLine) {
  Options options;
  options.name = "counter/mine";
  EXPECT_THAT(checker::told_defects(check(tests::unlocked, options)),
              HasSubstr("\nreplay  heddle replay h1:counter/mine:"));
}

TEST(FailureTextTest, OtherDefectsAreNamedInALineEach) {
  const std::string message = checker::told_defects(check(tests::unlocked, everything()));
  EXPECT_THAT(message,
              HasSubstr("\nalso    data race on count: T1 and T2 access it and nothing orders them\n"));
}

TEST(FailureTextTest, ManyDefectsAreCounted) {
  const auto body = [] {
    for (std::size_t i = 0; i < 40; ++i)
      if (choose(2) == 1) throw std::runtime_error("number " + std::to_string(i));
  };
  const Result result = check(body, everything());
  ASSERT_EQ(result.defects.size(), 40u);
  const std::string message = checker::told_defects(result);
  EXPECT_LE(lines(message), 60);
  EXPECT_THAT(message, HasSubstr("\nalso    34 more defects\n"));
}

// ---- properties -----------------------------------------------------------------------------------------

// The names of the properties of the running test that end in this.
std::string value_of(const std::string& key) {
  const testing::TestResult& test = *testing::UnitTest::GetInstance()->current_test_info()->result();
  for (int i = 0; i < test.test_property_count(); ++i)
    if (test.GetTestProperty(i).key() == key) return test.GetTestProperty(i).value();
  return "none";
}

TEST(PropertiesTest, AnExplorationLeavesItsCountsAndItsToken) {
  const Result result = check(tests::unlocked);
  EXPECT_EQ(value_of("heddle_verdict"), "defect");
  EXPECT_EQ(value_of("heddle_executions"), std::to_string(result.complete));
  EXPECT_EQ(value_of("heddle_steps"), std::to_string(result.steps));
  EXPECT_EQ(value_of("heddle_token"), result.defects.front().witness.token);
}

TEST(PropertiesTest, WithoutADefectThereIsNoToken) {
  check(tests::locked);
  EXPECT_EQ(value_of("heddle_verdict"), "verified");
  EXPECT_EQ(value_of("heddle_token"), "none");
}

TEST(PropertiesTest, ExplorationsOfOneTestAreNumbered) {
  check(tests::locked);
  check(tests::unlocked);
  check(tests::split);
  EXPECT_EQ(value_of("heddle_verdict"), "verified");
  EXPECT_EQ(value_of("heddle_verdict_2"), "defect");
  EXPECT_EQ(value_of("heddle_verdict_3"), "verified");
  EXPECT_EQ(value_of("heddle_verdict_4"), "none");
}

}  // namespace
}  // namespace heddle
