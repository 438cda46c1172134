#include "checker/report/style.hpp"

#include <gmock/gmock.h>

namespace heddle::checker {
namespace {

TEST(WrappedTest, BreaksAtBlanksAndIndentsEveryLine) {
  EXPECT_EQ(wrapped("one two three four", 11, 2), "  one two\n  three\n  four\n");
}

TEST(WrappedTest, LineMayBeExactlyAsWideAsAllowed) {
  EXPECT_EQ(wrapped("abc def", 7, 0), "abc def\n");
  EXPECT_EQ(wrapped("abc def", 6, 0), "abc\ndef\n");
}

TEST(WrappedTest, KeepsAWordThatIsTooLong) {
  EXPECT_EQ(wrapped("a incomprehensible b", 5, 1), " a\n incomprehensible\n b\n");
}

TEST(WrappedTest, EmptyTextIsAnEmptyLine) { EXPECT_EQ(wrapped("", 80, 0), "\n"); }

TEST(CountedTest, ChoosesTheNumber) {
  EXPECT_EQ(counted(0, "execution"), "0 executions");
  EXPECT_EQ(counted(1, "execution"), "1 execution");
  EXPECT_EQ(counted(2, "execution"), "2 executions");
  EXPECT_EQ(counted(2, "class", "classes"), "2 classes");
}

TEST(QuotedTest, QuotesOnlyWhatAShellWouldTakeApart) {
  EXPECT_EQ(for_shell("h1:counter/unlocked,threads=3:1-2x2+0.1:0123abcd"),
            "h1:counter/unlocked,threads=3:1-2x2+0.1:0123abcd");
  EXPECT_EQ(for_shell("h1:a b"), "'h1:a b'");
  EXPECT_EQ(for_shell("$HOME"), "'$HOME'");
  EXPECT_EQ(for_shell("a*"), "'a*'");
  EXPECT_EQ(for_shell(""), "''");
}

TEST(QuotedTest, QuoteInTheTextSurvivesTheShell) { EXPECT_EQ(for_shell("it's"), "'it'\\''s'"); }

TEST(PaintTest, AddsNothingWithoutColour) {
  EXPECT_EQ(Style{}.paint(Tone::Bad, "defect"), "defect");
  const Style style{.color = true};
  EXPECT_EQ(style.paint(Tone::Bad, "defect"), "\x1b[1;31mdefect\x1b[0m");
  EXPECT_EQ(style.paint(Tone::Bad, ""), "");
}

}  // namespace
}  // namespace heddle::checker
