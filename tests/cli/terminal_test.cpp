// tests/cli/terminal_test.cpp - colour, width, progress and Ctrl-C.

#include "tests/cli/tool.hpp"

#include <gmock/gmock.h>

#include <csignal>

namespace heddle::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> check_unlocked{"check", "counter/unlocked"};
// Far more executions than anybody waits for.
const std::vector<std::string> endless{"check",         "counter/locked", "--set", "threads=12",  "--set",
                                       "increments=20", "--strategy",     "all",   "--keep-going"};

std::string without_escapes(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') i = text.find('m', i);
    else plain += text[i];
  }
  return plain;
}

std::vector<std::string> with(std::vector<std::string> arguments, std::vector<std::string> more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(ColourTest, IsUsedOnATerminalOnly) {
  EXPECT_THAT(heddle(Launch{.arguments = check_unlocked, .out_columns = 80}).out, HasSubstr("\x1b["));
  EXPECT_THAT(heddle(check_unlocked).out, Not(HasSubstr("\x1b[")));
}

TEST(ColourTest, NoColorAndDumbTerminalsAreHonoured) {
  EXPECT_THAT(
      heddle(Launch{.arguments = check_unlocked, .environment = {{"NO_COLOR", "1"}}, .out_columns = 80}).out,
      Not(HasSubstr("\x1b[")));
  EXPECT_THAT(
      heddle(Launch{.arguments = check_unlocked, .environment = {{"TERM", "dumb"}}, .out_columns = 80}).out,
      Not(HasSubstr("\x1b[")));
}

TEST(ColourTest, OptionDecides) {
  EXPECT_THAT(heddle(with(check_unlocked, {"--color", "always"})).out, HasSubstr("\x1b["));
  EXPECT_THAT(heddle(Launch{.arguments = with(check_unlocked, {"--color", "always"}),
                            .environment = {{"NO_COLOR", "1"}}})
                  .out,
              HasSubstr("\x1b["));
  EXPECT_THAT(heddle(Launch{.arguments = with(check_unlocked, {"--color", "never"}), .out_columns = 80}).out,
              Not(HasSubstr("\x1b[")));
}

TEST(ColourTest, CarriesNoMeaningAlone) {
  const std::string plain = heddle(with(check_unlocked, {"--color", "never"})).out;
  const std::string painted = heddle(with(check_unlocked, {"--color", "always"})).out;
  EXPECT_EQ(without_escapes(painted), plain);
}

TEST(ColourTest, EndsOnTheLineItBeginsOn) {
  for (const std::string& line : lines(heddle(with(check_unlocked, {"--color", "always"})).out)) {
    const std::size_t last = line.rfind('\x1b');
    if (last != std::string::npos) {
      EXPECT_EQ(line.substr(last, 4), "\x1b[0m") << line;
    }
    EXPECT_THAT(line, Not(testing::StartsWith("\x1b[0m")));
  }
}

TEST(ColourTest, JsonIsNeverPainted) {
  EXPECT_THAT(heddle(with(check_unlocked, {"--json", "--color", "always"})).out, Not(HasSubstr("\x1b[")));
}

TEST(WidthTest, LanesFollowTheTerminal) {
  const std::vector<std::string> arguments{"check", "counter/two_locks", "--color", "never"};
  const auto widest = [&](unsigned short columns) {
    std::size_t most = 0;
    for (const std::string& line : lines(heddle(Launch{.arguments = arguments, .out_columns = columns}).out))
      if (line.find("h1:") == std::string::npos) most = std::max(most, line.size());
    return most;
  };
  EXPECT_LE(widest(60), 60u);
  EXPECT_LE(widest(80), 80u);
  const std::size_t wide = widest(120);
  EXPECT_GT(wide, 80u);
  EXPECT_LE(wide, 120u);
  EXPECT_LE(widest(200), 200u);
}

TEST(ProgressTest, IsOneRedrawnLineOnATerminal) {
  const Finished finished =
      heddle(Launch{.arguments = with(endless, {"--time", "500ms"}), .err_columns = 80});
  EXPECT_THAT(finished.err, HasSubstr("\r\x1b[Kcounter/locked: "));
  EXPECT_THAT(finished.err, HasSubstr(" explored, "));
  EXPECT_THAT(finished.err, Not(HasSubstr("\n")));
  EXPECT_TRUE(finished.err.ends_with("\r\x1b[K")) << "the line is left standing";
  EXPECT_THAT(finished.out, Not(HasSubstr("explored,")));
}

TEST(ProgressTest, IsSilentWithQuietAndWithoutATerminal) {
  EXPECT_EQ(heddle(Launch{.arguments = with(endless, {"--time", "300ms", "--quiet"}), .err_columns = 80}).err,
            "");
  EXPECT_EQ(heddle(with(endless, {"--time", "300ms"})).err, "");
}

TEST(ProgressTest, FitsANarrowTerminal) {
  const Finished finished =
      heddle(Launch{.arguments = with(endless, {"--time", "500ms"}), .err_columns = 40});
  std::size_t begin = finished.err.find("\x1b[K");
  while (begin != std::string::npos) {
    const std::size_t end = finished.err.find('\r', begin);
    EXPECT_LE((end == std::string::npos ? finished.err.size() : end) - begin - 3, 40u)
        << finished.err.substr(begin + 3, 80);
    begin = end == std::string::npos ? end : finished.err.find("\x1b[K", end);
  }
}

Finished interrupted(const std::vector<std::string>& arguments) {
  Process process(HEDDLE_TOOL, {.arguments = arguments, .err_columns = 80});
  process.await_error_text(" explored, ");
  process.signal(SIGINT);
  return process.wait();
}

TEST(InterruptTest, EndsWithThePartialVerdict) {
  const Finished finished = interrupted(endless);
  EXPECT_EQ(finished.status, 2);
  EXPECT_THAT(finished.out,
              testing::AllOf(HasSubstr("inconclusive: no defect so far. "), HasSubstr("interrupted")));
}

TEST(InterruptTest, KeepsTheDefectsFoundSoFar) {
  const Finished finished = interrupted(
      {"check", "counter/unlocked", "--set", "threads=6", "--set", "increments=6", "--keep-going"});
  EXPECT_EQ(finished.status, 1);
  EXPECT_THAT(finished.out, testing::AllOf(HasSubstr("lost update on count"), HasSubstr("interrupted")));
}

TEST(InterruptTest, EndsTheWholeCommandNotOneScenarioOnly) {
  Process process(HEDDLE_TOOL, {.arguments = {"check", "counter/locked", "counter/atomic", "--set",
                                              "threads=12", "--set", "increments=20", "--json"},
                                .err_columns = 80});
  process.await_error_text(" explored, ");
  process.signal(SIGINT);
  const Finished finished = process.wait();
  EXPECT_EQ(finished.status, 2);
  const std::vector<Json> reports = json_lines(finished.out);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].at("scenario"), "counter/locked");
  EXPECT_EQ(reports[0].at("verdict"), "inconclusive");
}

TEST(InterruptTest, WorksForOutcomes) {
  const Finished finished =
      interrupted({"outcomes", "counter/locked", "--set", "threads=12", "--set", "increments=5"});
  EXPECT_EQ(finished.status, 2);
  EXPECT_THAT(finished.out, HasSubstr("count=60"));
}

}  // namespace
}  // namespace heddle::test
