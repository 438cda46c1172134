#include "checker/report/source_text.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace heddle::checker {
namespace {

class SourceTextTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(root_ + "/group");
    std::ofstream(root_ + "/group/file.cpp") << "first\n\t  second;  \r\n   \nlast";
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  std::string root_ = testing::TempDir() + "heddle-source-" + std::to_string(getpid());
};

TEST_F(SourceTextTest, GivesLinesWithoutSurroundingBlanks) {
  SourceText source(root_);
  EXPECT_EQ(source.line("group/file.cpp", 1), "first");
  EXPECT_EQ(source.line("group/file.cpp", 2), "second;");
  EXPECT_EQ(source.line("group/file.cpp", 3), "");
  EXPECT_EQ(source.line("group/file.cpp", 4), "last");
}

TEST_F(SourceTextTest, LineThatDoesNotExistIsEmpty) {
  SourceText source(root_);
  EXPECT_EQ(source.line("group/file.cpp", 0), "");
  EXPECT_EQ(source.line("group/file.cpp", -1), "");
  EXPECT_EQ(source.line("group/file.cpp", 5), "");
  EXPECT_EQ(source.line("group/nothing.cpp", 1), "");
}

TEST_F(SourceTextTest, AbsolutePathsAreTakenAsTheyAre) {
  SourceText source("/nowhere");
  EXPECT_EQ(source.line(root_ + "/group/file.cpp", 1), "first");
}

TEST_F(SourceTextTest, GivesAllLines) {
  SourceText source(root_);
  EXPECT_EQ(source.lines("group/file.cpp").size(), 4u);
  EXPECT_TRUE(source.lines("group/nothing.cpp").empty());
}

TEST_F(SourceTextTest, FileIsReadOnce) {
  SourceText source(root_);
  EXPECT_EQ(source.line("group/file.cpp", 1), "first");
  std::filesystem::remove_all(root_);
  EXPECT_EQ(source.line("group/file.cpp", 4), "last");
}

}  // namespace
}  // namespace heddle::checker
