// tests/cli/usage_test.cpp - what cannot be done is refused with status 64 and a way out.

#include "tests/cli/tool.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace heddle::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct UsageCase {
  std::string name;
  std::vector<std::string> arguments;
  std::vector<std::string> says;  // all of these are in the message
};

void PrintTo(const UsageCase& each, std::ostream* out) { *out << each.name; }

class UsageTest : public testing::TestWithParam<UsageCase> {};

TEST_P(UsageTest, IsRefusedOnStandardErrorWithAWayOut) {
  const Finished finished = heddle(GetParam().arguments);
  EXPECT_EQ(finished.status, 64);
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, StartsWith("heddle: "));
  EXPECT_EQ(lines(finished.err).size(), 1u) << finished.err;
  EXPECT_LE(finished.err.size(), 300u) << finished.err;
  for (const std::string& part : GetParam().says) EXPECT_THAT(finished.err, HasSubstr(part));
}

INSTANTIATE_TEST_SUITE_P(
    All, UsageTest,
    testing::Values(
        UsageCase{"no_command", {}, {"command", "heddle --help"}},
        UsageCase{"unknown_command", {"chekc", "counter/unlocked"}, {"chekc", "check"}},
        UsageCase{"unknown_option", {"check", "counter/unlocked", "--bogus"}, {"--bogus", "--help"}},
        UsageCase{"no_scenario", {"check"}, {"--tag", "--all", "heddle list"}},
        UsageCase{
            "unknown_scenario", {"check", "counter/unloked"}, {"'counter/unloked'", "counter/unlocked?"}},
        UsageCase{"unknown_scenario_without_group", {"check", "naive"}, {"'naive'", "philosophers/naive?"}},
        UsageCase{"unknown_scenario_after_a_known_one",
                  {"check", "counter/locked", "counter/atomc"},
                  {"counter/atomic?"}},
        UsageCase{"unknown_scenario_besides_all", {"check", "--all", "counter/atomc"}, {"counter/atomic?"}},
        UsageCase{"unknown_scenario_of_show", {"show", "deadlock/gate"}, {"deadlock/gated?"}},
        UsageCase{"unknown_scenario_of_outcomes", {"outcomes", "counter/lock"}, {"counter/locked?"}},
        UsageCase{
            "unknown_scenario_of_replay", {"replay", "h1:counter/unlockd:1:00000000"}, {"counter/unlocked?"}},
        UsageCase{"nothing_like_a_scenario", {"check", "qqqqqqqqqqqqqqqqqqqq"}, {"heddle list"}},
        UsageCase{"unknown_tag", {"check", "--tag", "dead"}, {"'dead'", "deadlock"}},
        UsageCase{"unknown_tag_of_list", {"list", "--tag", "dead"}, {"deadlock"}},
        UsageCase{"unknown_parameter",
                  {"check", "counter/unlocked", "--set", "thread=3"},
                  {"'thread'", "threads, increments"}},
        UsageCase{
            "parameter_of_a_scenario_without", {"check", "deadlock/gated", "--set", "a=3"}, {"has none"}},
        UsageCase{"value_too_large",
                  {"check", "counter/unlocked", "--set", "threads=17"},
                  {"'17'", "from 1 to 16"}},
        UsageCase{
            "value_too_small", {"check", "counter/unlocked", "--set", "threads=0"}, {"'0'", "from 1 to 16"}},
        UsageCase{"value_no_number",
                  {"check", "counter/unlocked", "--set", "threads=two"},
                  {"'two'", "an integer from 1 to 16"}},
        UsageCase{
            "value_empty", {"check", "counter/unlocked", "--set", "threads="}, {"an integer from 1 to 16"}},
        UsageCase{"missing_equals",
                  {"check", "counter/unlocked", "--set", "threads"},
                  {"--set threads", "name=value"}},
        UsageCase{"missing_value", {"check", "counter/unlocked", "--set"}, {"--set"}},
        UsageCase{"unknown_strategy",
                  {"check", "counter/unlocked", "--strategy", "best"},
                  {"best", "optimal", "preemptions"}},
        UsageCase{
            "unknown_colour", {"check", "counter/unlocked", "--color", "blue"}, {"blue", "always", "never"}},
        UsageCase{"unknown_model",
                  {"check", "counter/unlocked", "--model", "power"},
                  {"power", "sc, tso, rc11, all"}},
        UsageCase{"outcomes_of_all_models",
                  {"outcomes", "litmus/sb", "--model", "all"},
                  {"'all'", "sc, tso, rc11"}},
        UsageCase{"graph_of_nothing", {"graph"}, {"what", "--help"}},
        UsageCase{"no_time", {"check", "counter/unlocked", "--time", "5x"}, {"--time", "'5x'", "5s"}},
        UsageCase{"no_executions", {"check", "counter/unlocked", "--executions", "0"}, {"--executions"}},
        UsageCase{"executions_no_number",
                  {"check", "counter/unlocked", "--executions", "many"},
                  {"--executions", "many"}},
        UsageCase{
            "negative_preemptions", {"check", "counter/unlocked", "--preemptions", "-1"}, {"--preemptions"}},
        UsageCase{
            "steps_out_of_range", {"check", "counter/unlocked", "--steps", "60001"}, {"--steps", "60000"}},
        UsageCase{"show_without_name", {"show"}, {"name", "--help"}},
        UsageCase{"outcomes_of_two", {"outcomes", "counter/locked", "counter/atomic"}, {"--help"}},
        UsageCase{"native_without_name", {"native"}, {"names", "--help"}},
        UsageCase{"native_of_an_unknown_scenario", {"native", "counter/lock"}, {"counter/locked?"}},
        UsageCase{"native_of_two",
                  {"native", "counter/locked", "counter/atomic"},
                  {"one scenario", "several only with --scaling"}},
        UsageCase{"native_of_no_form",
                  {"native", "counter/locked", "--form", "half"},
                  {"--form", "'half'", "stress, whole"}},
        UsageCase{
            "native_without_runs", {"native", "counter/locked", "--runs", "0"}, {"--runs", "from 1 on"}},
        UsageCase{"native_with_both_limits",
                  {"native", "counter/locked", "--runs", "5", "--time", "1s"},
                  {"--time", "--runs"}},
        UsageCase{"native_with_a_bad_parameter",
                  {"native", "counter/locked", "--set", "threads=17"},
                  {"from 1 to 16"}},
        UsageCase{"scaling_of_what_cannot_be_scaled",
                  {"native", "--scaling", "counter/locked", "deadlock/gated"},
                  {"deadlock/gated has no parameter threads", "counter/locked"}},
        UsageCase{"replay_without_token", {"replay"}, {"schedule", "--help"}},
        UsageCase{"replay_of_no_file", {"replay", "no-such-file"}, {"'no-such-file'", "token", "file"}},
        UsageCase{"replay_of_a_directory", {"replay", "/"}, {"directory"}},
        UsageCase{"replay_of_an_empty_file", {"replay", "/dev/null"}, {"/dev/null", "empty"}},
        UsageCase{"token_cut_short",
                  {"replay", "h1:counter/unlocked:1-2"},
                  {"not a replay token", "copy the whole"}},
        UsageCase{"token_of_another_version",
                  {"explain", "h9:counter/unlocked:1-2:00000000"},
                  {"another version", "h9"}},
        UsageCase{"token_with_a_bad_thread", {"replay", "h1:counter/unlocked:1-a:00000000"}, {"'a'"}},
        UsageCase{"token_with_a_bad_parameter",
                  {"replay", "h1:counter/unlocked,threads=99:1:00000000"},
                  {"from 1 to 16"}},
        UsageCase{"token_without_a_name", {"replay", "h1::1:00000000"}, {"name"}}),
    [](const auto& each) { return each.param.name; });

TEST(UsageMessageTest, DoesNotSuggestANameThatIsNothingLikeIt) {
  EXPECT_THAT(heddle({"check", "qqqqqqqqqqqqqqqqqqqq"}).err, Not(HasSubstr("did you mean")));
}

TEST(UsageMessageTest, FileOfAnotherKindIsRefused) {
  const std::string directory = fresh_directory("files");
  const auto refused = [&](const std::string& text) {
    const std::string file = directory + "/file.json";
    std::ofstream(file) << text;
    const Finished finished = heddle({"replay", file});
    EXPECT_EQ(finished.status, 64) << text;
    EXPECT_EQ(finished.out, "");
    return finished.err;
  };
  EXPECT_THAT(refused("{\"schema\": \"heddle.check/1\"}"), HasSubstr("heddle.schedule/1"));
  EXPECT_THAT(refused("{\"schema\": \"heddle.schedule/1\"}"), HasSubstr("no token"));
  EXPECT_THAT(refused("{\"schema\": "), HasSubstr("not valid JSON"));
  EXPECT_THAT(refused("  \n"), HasSubstr("empty"));
  EXPECT_THAT(refused("some notes"), HasSubstr("not a replay token"));
}

TEST(HelpTest, GoesToStandardOutputWithStatusZero) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"check", "--help"},
                                                    {"list", "--help"},
                                                    {"show", "--help"},
                                                    {"outcomes", "--help"},
                                                    {"replay", "--help"},
                                                    {"explain", "--help"},
                                                    {"graph", "--help"},
                                                    {"native", "--help"}}) {
    const Finished finished = heddle(arguments);
    EXPECT_EQ(finished.status, 0);
    EXPECT_EQ(finished.err, "");
    EXPECT_THAT(finished.out, AllOf(HasSubstr("Exit status: 0 verified, 1 defect, 2 inconclusive"),
                                    HasSubstr("Usage: heddle")));
  }
}

TEST(HelpTest, NamesEveryCommandAndOption) {
  const std::string commands = heddle({"--help"}).out;
  for (const char* const name : {"list", "show", "check", "outcomes", "replay", "explain", "graph", "native"})
    EXPECT_THAT(commands, HasSubstr(name));
  const std::string check = heddle({"check", "--help"}).out;
  for (const char* const name :
       {"--set", "--model", "--runtime", "--strategy", "--preemptions", "--seed", "--executions", "--time",
        "--keep-going", "--expected", "--save", "--json", "--color", "--quiet", "--tag", "--all"})
    EXPECT_THAT(check, HasSubstr(name));
  const std::string native = heddle({"native", "--help"}).out;
  for (const char* const name : {"--set", "--runs", "--time", "--threads-pinned", "--form", "--seed",
                                 "--unresponsive", "--explain", "--scaling", "--json", "--color"})
    EXPECT_THAT(native, HasSubstr(name));
}

TEST(HelpTest, FitsEightyColumns) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, {"check", "--help"}, {"replay", "--help"}, {"native", "--help"}})
    for (const std::string& line : lines(heddle(arguments).out)) EXPECT_LE(line.size(), 80u) << line;
}

TEST(HelpTest, VersionIsOneLine) {
  const Finished finished = heddle({"--version"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_THAT(finished.out, testing::MatchesRegex("heddle [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

}  // namespace
}  // namespace heddle::test
