// tests/golden/commands_test.cpp - what people read, byte for byte.

#include "tests/cli/tool.hpp"
#include "tests/golden/golden.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace heddle::test {
namespace {

// The command as it is typed, its output and its status.
std::string session(const std::vector<std::string>& arguments) {
  const Finished finished = heddle(arguments);
  std::string text = "$ heddle";
  for (const std::string& argument : arguments) text += " " + argument;
  return text + "\n" + finished.out + finished.err + "[exit status " + std::to_string(finished.status) +
         "]\n";
}

struct GoldenCase {
  std::string name;
  std::vector<std::string> arguments;
};

void PrintTo(const GoldenCase& each, std::ostream* out) { *out << each.name; }

class GoldenTest : public testing::TestWithParam<GoldenCase> {};

TEST_P(GoldenTest, OutputIsTheSame) {
  EXPECT_TRUE(matches_golden(GetParam().name, session(GetParam().arguments)));
}

INSTANTIATE_TEST_SUITE_P(
    Commands, GoldenTest,
    testing::Values(
        GoldenCase{"list", {"list"}},  //
        GoldenCase{"list_tag", {"list", "--tag", "visibility"}},
        GoldenCase{"show", {"show", "counter/unlocked"}},
        GoldenCase{"show_without_parameters", {"show", "deadlock/gated"}},
        GoldenCase{"check_lost_update", {"check", "counter/unlocked"}},
        GoldenCase{"check_lost_update_keep_going", {"check", "counter/unlocked", "--keep-going"}},
        GoldenCase{"check_lost_update_four_threads", {"check", "counter/unlocked", "--set", "threads=4"}},
        GoldenCase{"check_lost_update_two_locks", {"check", "counter/two_locks"}},
        GoldenCase{"check_verified", {"check", "counter/locked"}},
        GoldenCase{"check_verified_one_execution", {"check", "counter/locked", "--set", "threads=1"}},
        GoldenCase{"check_verified_all_interleavings",
                   {"check", "counter/compare_exchange", "--strategy", "all"}},
        GoldenCase{"check_deadlock", {"check", "deadlock/opposite_order"}},
        GoldenCase{"check_deadlock_of_three", {"check", "philosophers/naive"}},
        GoldenCase{"check_deadlock_of_five", {"check", "philosophers/naive", "--set", "seats=5"}},
        GoldenCase{"check_deadlock_alien_method", {"check", "deadlock/alien_method"}},
        GoldenCase{"check_data_race", {"check", "visibility/get_count_unlocked"}},
        GoldenCase{"check_expected", {"check", "counter/locked", "deadlock/opposite_order", "--expected"}},
        GoldenCase{"check_quiet", {"check", "--tag", "deadlock", "--expected", "--quiet"}},
        GoldenCase{"check_not_as_declared",
                   {"check", "counter/unlocked", "--set", "threads=1", "--expected"}},
        GoldenCase{"check_inconclusive", {"check", "philosophers/ordered", "--executions", "3"}},
        GoldenCase{"check_random",
                   {"check", "counter/locked", "--strategy", "random", "--seed", "7", "--executions", "50"}},
        GoldenCase{"check_preemption_bound", {"check", "deadlock/opposite_order", "--preemptions", "0"}},
        GoldenCase{"outcomes_unlocked", {"outcomes", "counter/unlocked", "--set", "increments=2"}},
        GoldenCase{"outcomes_locked", {"outcomes", "counter/locked", "--set", "increments=2"}},
        GoldenCase{"outcomes_visibility", {"outcomes", "visibility/get_count_locked"}},
        GoldenCase{"outcomes_deadlock", {"outcomes", "deadlock/opposite_order"}},
        GoldenCase{"check_models", {"check", "visibility/publish_flag", "--model", "all"}},
        GoldenCase{"check_stale_read", {"check", "visibility/publish_flag", "--model", "rc11"}},
        GoldenCase{"check_stale_read_store_buffer",
                   {"check", "visibility/store_buffering", "--model", "tso"}},
        GoldenCase{"check_verified_graphs",
                   {"check", "visibility/publish_flag_release_acquire", "--model", "rc11"}},
        GoldenCase{"outcomes_weak", {"outcomes", "litmus/2+2w", "--model", "rc11"}},
        GoldenCase{"graph_stale_read", {"graph", "visibility/publish_flag", "--model", "rc11"}},
        GoldenCase{"unknown_scenario", {"check", "counter/unloked"}},
        GoldenCase{"replay_no_longer_fits", {"replay", "h1:counter/locked:2-1:00000000"}}),
    [](const auto& each) { return each.param.name; });

std::string token_of_defect(const std::string& scenario, std::size_t number) {
  return heddle_json({"check", scenario, "--keep-going"}).at("defects").at(number).at("witness").at("token");
}

std::string token_of_outcome(const std::vector<std::string>& outcomes, const std::string& value) {
  const Json report = heddle_json(outcomes);
  for (const Json& outcome : report.at("outcomes"))
    if (outcome.at("values").at("count") == value) return outcome.at("token");
  throw std::runtime_error("no outcome " + value);
}

TEST(GoldenTokenTest, ExplainOfALostUpdate) {
  EXPECT_TRUE(
      matches_golden("explain_lost_update", session({"explain", token_of_defect("counter/unlocked", 0)})));
}
TEST(GoldenTokenTest, ExplainOfADataRace) {
  EXPECT_TRUE(
      matches_golden("explain_data_race", session({"explain", token_of_defect("counter/unlocked", 1)})));
}
TEST(GoldenTokenTest, ExplainOfADeadlock) {
  EXPECT_TRUE(
      matches_golden("explain_deadlock", session({"explain", token_of_defect("deadlock/alien_method", 0)})));
}
TEST(GoldenTokenTest, ExplainOfAnOutcomeWithADefect) {
  EXPECT_TRUE(matches_golden("explain_outcome_of_unlocked",
                             session({"explain", token_of_outcome({"outcomes", "counter/unlocked"}, "2")})));
}
TEST(GoldenTokenTest, ExplainOfAnOutcomeWithoutDefect) {
  EXPECT_TRUE(matches_golden("explain_outcome_of_locked",
                             session({"explain", token_of_outcome({"outcomes", "counter/locked"}, "2")})));
}
TEST(GoldenTokenTest, ExplainOfAStaleRead) {
  const Json report = heddle_json({"check", "visibility/publish_flag", "--model", "rc11"});
  EXPECT_TRUE(matches_golden("explain_stale_read",
                             session({"explain", report.at("defects").at(0).at("witness").at("token")})));
}
TEST(GoldenTokenTest, ReplayOfALostUpdate) {
  EXPECT_TRUE(
      matches_golden("replay_lost_update", session({"replay", token_of_defect("counter/unlocked", 0)})));
}

}  // namespace
}  // namespace heddle::test
