// tests/cli/parts_test.cpp - the parts of the command line that need no process.

#include "checker/cli/arguments.hpp"
#include "checker/cli/exit_status.hpp"
#include "checker/cli/nearest.hpp"
#include "checker/cli/progress.hpp"

#include <gmock/gmock.h>

#include <array>

namespace heddle::checker {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

// ---- exit statuses ----------------------------------------------------------------------------------

TEST(ExitStatusTest, NumbersAreThoseThatScriptsRelyOn) {
  EXPECT_EQ(static_cast<int>(ExitStatus::Verified), 0);
  EXPECT_EQ(static_cast<int>(ExitStatus::Defect), 1);
  EXPECT_EQ(static_cast<int>(ExitStatus::Inconclusive), 2);
  EXPECT_EQ(static_cast<int>(ExitStatus::ControlLost), 3);
  EXPECT_EQ(static_cast<int>(ExitStatus::Usage), 64);
  EXPECT_EQ(static_cast<int>(ExitStatus::InternalError), 70);
}

TEST(ExitStatusTest, FollowsTheVerdict) {
  EXPECT_EQ(status_of(Verdict::Verified), ExitStatus::Verified);
  EXPECT_EQ(status_of(Verdict::Defect), ExitStatus::Defect);
  EXPECT_EQ(status_of(Verdict::Inconclusive), ExitStatus::Inconclusive);
  EXPECT_EQ(status_of(Verdict::ControlLost), ExitStatus::ControlLost);
}

TEST(ExitStatusTest, TheOneThatNeedsAttentionMostWins) {
  const std::array order{ExitStatus::Verified,    ExitStatus::Inconclusive, ExitStatus::Defect,
                         ExitStatus::ControlLost, ExitStatus::Usage,        ExitStatus::InternalError};
  for (std::size_t a = 0; a < order.size(); ++a)
    for (std::size_t b = 0; b < order.size(); ++b)
      EXPECT_EQ(worse(order[a], order[b]), order[std::max(a, b)]);
}

// ---- progress ---------------------------------------------------------------------------------------

TEST(ProgressTextTest, TellsCountRateEstimateWithItsErrorAndTime) {
  EXPECT_EQ(progress_text(
                {.executions = 12'870, .elapsed = seconds(3), .estimate = 18'000, .estimate_error = 2'000}),
            "12870 explored, 4.29k/s, of about 18k +- 2k, 3 s");
}

TEST(ProgressTextTest, LeavesOutWhatIsUnknown) {
  EXPECT_EQ(progress_text({.executions = 16, .elapsed = {}}), "16 explored, 0 s");
  EXPECT_EQ(progress_text({.executions = 16, .elapsed = milliseconds(500)}), "16 explored, 32/s, 0 s");
  EXPECT_EQ(progress_text({.executions = 16, .elapsed = seconds(1), .estimate = 40}),
            "16 explored, 16/s, of about 40, 1 s");
}

TEST(ProgressTextTest, RoundsToThreeDigits) {
  EXPECT_THAT(progress_text({.executions = 0, .elapsed = seconds(1), .estimate = 1'234'567}),
              HasSubstr("of about 1.23M,"));
  EXPECT_THAT(progress_text({.executions = 0, .elapsed = seconds(1), .estimate = 4.5678e12}),
              HasSubstr("of about 4.57e+12,"));
  EXPECT_THAT(progress_text({.executions = 0, .elapsed = seconds(1), .estimate = 999}),
              HasSubstr("of about 999,"));
}

TEST(ProgressTextTest, NeverPromisesLessThanWasExplored) {
  const std::string text = progress_text({.executions = 1'000, .elapsed = seconds(1), .estimate = 400});
  EXPECT_THAT(text, testing::Not(HasSubstr("of about 400,")));
}

TEST(ProgressLineTest, IsSilentForFifteenSecondsWithoutATerminal) {
  testing::internal::CaptureStderr();
  {
    ProgressLine line("counter/locked", false);
    for (int second = 0; second < 45; second += 5) line.show({.executions = 100, .elapsed = seconds(second)});
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "counter/locked: 100 explored, 7/s, 15 s\n"
            "counter/locked: 100 explored, 3/s, 30 s\n");
}

TEST(ProgressLineTest, IsRedrawnAndErasedOnATerminal) {
  testing::internal::CaptureStderr();
  {
    ProgressLine line("x", true);
    line.show({.executions = 1, .elapsed = {}});
    line.show({.executions = 2, .elapsed = {}});
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "\r\x1b[Kx: 1 explored, 0 s\r\x1b[Kx: 2 explored, 0 s\r\x1b[K");
}

// ---- mistyped names ---------------------------------------------------------------------------------

TEST(DistanceTest, CountsInsertionsDeletionsAndReplacements) {
  EXPECT_EQ(distance("", ""), 0u);
  EXPECT_EQ(distance("", "abc"), 3u);
  EXPECT_EQ(distance("abc", ""), 3u);
  EXPECT_EQ(distance("locked", "unlocked"), 2u);
  EXPECT_EQ(distance("kitten", "sitting"), 3u);
  EXPECT_EQ(distance("sitting", "kitten"), 3u);
}

const Registered nearest_a{{.name = "shelf/apple",
                            .lesson = {},
                            .story = {},
                            .tags = {},
                            .parameters = {},
                            .expects = {},
                            .pair = {},
                            .body = [](const Parameters&) {}}};
const Registered nearest_b{{.name = "shelf/banana",
                            .lesson = {},
                            .story = {},
                            .tags = {},
                            .parameters = {},
                            .expects = {},
                            .pair = {},
                            .body = [](const Parameters&) {}}};

TEST(NearestScenarioTest, ForgivesTypingErrorsAndAMissingGroup) {
  EXPECT_EQ(nearest_scenario("shelf/aple"), "shelf/apple");
  EXPECT_EQ(nearest_scenario("shlef/banana"), "shelf/banana");
  EXPECT_EQ(nearest_scenario("banana"), "shelf/banana");
  EXPECT_EQ(nearest_scenario("apple"), "shelf/apple");
}

// ---- arguments --------------------------------------------------------------------------------------

Arguments parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "heddle");
  return parse_arguments(static_cast<int>(words.size()), words.data());
}

TEST(ArgumentsTest, DefaultsAreThoseOfTheLibrary) {
  const Arguments arguments = parsed({"check", "counter/unlocked"});
  EXPECT_EQ(arguments.command, Command::Check);
  EXPECT_THAT(arguments.names, ElementsAre("counter/unlocked"));
  EXPECT_EQ(arguments.options.strategy, StrategyKind::Optimal);
  EXPECT_EQ(arguments.options.seed, 1u);
  EXPECT_EQ(arguments.options.executions, 0u);
  EXPECT_EQ(arguments.options.time, milliseconds(0));
  EXPECT_EQ(arguments.color, "auto");
  EXPECT_FALSE(arguments.json || arguments.quiet || arguments.all || arguments.expected ||
               arguments.options.keep_going);
}

TEST(ArgumentsTest, OptionsAndNamesMayComeInAnyOrder) {
  const Arguments arguments =
      parsed({"check", "--set", "a=1", "first", "--set", "b=2", "second", "--keep-going", "third"});
  EXPECT_THAT(arguments.names, ElementsAre("first", "second", "third"));
  EXPECT_THAT(arguments.settings, ElementsAre("a=1", "b=2"));
  EXPECT_TRUE(arguments.options.keep_going);
}

TEST(ArgumentsTest, TimesHaveUnits) {
  const auto time = [](const char* text) { return parsed({"check", "x", "--time", text}).options.time; };
  EXPECT_EQ(time("500ms"), milliseconds(500));
  EXPECT_EQ(time("5s"), seconds(5));
  EXPECT_EQ(time("2m"), seconds(120));
  EXPECT_EQ(time("1.5h"), seconds(5'400));
  EXPECT_EQ(time("3"), seconds(3));
  for (const char* const wrong : {"", "s", "5 x", "-1s", "nan", "1e300h", "5x"})
    EXPECT_THROW(time(wrong), UsageError) << wrong;
}

TEST(ArgumentsTest, PreemptionsImplyTheirStrategy) {
  EXPECT_EQ(parsed({"check", "x", "--preemptions", "2"}).options.strategy, StrategyKind::Preemptions);
  EXPECT_EQ(parsed({"check", "x", "--preemptions", "2"}).options.preemptions, 2);
  EXPECT_THROW(parsed({"check", "x", "--preemptions", "2", "--strategy", "random"}), UsageError)
      << "the two contradict each other";
}

TEST(ArgumentsTest, ReplayTakesAScheduleAndPerhapsAScenario) {
  EXPECT_EQ(parsed({"replay", "h1:a:1:00000000"}).schedule, "h1:a:1:00000000");
  const Arguments arguments = parsed({"explain", "file", "b", "--set", "c=1"});
  EXPECT_EQ(arguments.command, Command::Explain);
  EXPECT_EQ(arguments.schedule, "file");
  EXPECT_THAT(arguments.names, ElementsAre("b"));
  EXPECT_THAT(arguments.settings, ElementsAre("c=1"));
}

TEST(ArgumentsTest, HelpAndVersionAreNoErrors) {
  EXPECT_THROW(parsed({"--help"}), Printed);
  EXPECT_THROW(parsed({"--version"}), Printed);
  EXPECT_THROW(parsed({"check", "--help"}), Printed);
}

}  // namespace
}  // namespace heddle::checker
