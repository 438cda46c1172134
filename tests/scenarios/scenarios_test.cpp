// tests/scenarios/scenarios_test.cpp - every scenario shows what it declares, in exactly so many executions.
//
// The counts are ground truth: known from the literature, or the number of different classes among all
// interleavings. A change of one is a change of the search and has to be explained.

#include "tests/verify/reading.hpp"

#include <heddle/check.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace heddle {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

struct Row {
  const char* scenario;
  Settings settings;
  std::uint64_t complete;  // executions of the optimal search, deadlocked ones included
  std::uint64_t deadlocked;
  std::set<std::string> outcomes;
  std::uint64_t complete_most = 0;  // of loops that wait: one may be seen to be in vain an iteration later
};

std::string name_of(const Row& row) {
  std::string name = row.scenario;
  for (const auto& [parameter, value] : row.settings) name += "_" + parameter + value;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

void PrintTo(const Row& row, std::ostream* out) { *out << name_of(row); }

Settings counter(int threads, int increments) {
  return {{"threads", std::to_string(threads)}, {"increments", std::to_string(increments)}};
}

std::set<std::string> counts(int from, int to) {
  std::set<std::string> all;
  for (int n = from; n <= to; ++n) all.insert("count=" + std::to_string(n));
  return all;
}

std::set<std::string> pairs() {
  return {"r1=0 r2=0", "r1=0 r2=1", "r1=0 r2=2", "r1=1 r2=1", "r1=1 r2=2", "r1=2 r2=2"};
}

std::vector<Row> rows() {
  return {
      {"counter/unlocked", {}, 4, 0, counts(1, 2)},
      {"counter/unlocked", counter(2, 2), 34, 0, counts(2, 4)},
      {"counter/unlocked", counter(2, 3), 328, 0, counts(2, 6)},
      {"counter/unlocked", counter(3, 1), 36, 0, counts(1, 3)},
      {"counter/unlocked", counter(4, 1), 576, 0, counts(1, 4)},
      {"counter/locked", {}, 2, 0, counts(2, 2)},
      {"counter/locked", counter(2, 2), 6, 0, counts(4, 4)},
      {"counter/locked", counter(2, 3), 20, 0, counts(6, 6)},
      {"counter/locked", counter(3, 1), 6, 0, counts(3, 3)},
      {"counter/locked", counter(4, 1), 24, 0, counts(4, 4)},
      {"counter/atomic", {}, 2, 0, counts(2, 2)},
      {"counter/atomic", counter(2, 2), 6, 0, counts(4, 4)},
      {"counter/atomic", counter(3, 1), 6, 0, counts(3, 3)},
      {"counter/compare_exchange", {}, 4, 0, counts(2, 2)},
      {"counter/compare_exchange", counter(2, 2), 40, 0, counts(4, 4)},
      {"counter/compare_exchange", counter(3, 1), 48, 0, counts(3, 3)},
      {"counter/two_locks", {}, 4, 0, counts(1, 2)},
      {"counter/two_locks", counter(2, 2), 34, 0, counts(2, 4)},
      {"counter/two_locks", counter(3, 1), 36, 0, counts(1, 3)},
      {"visibility/get_count_unlocked", {}, 6, 0, pairs()},
      {"visibility/get_count_locked", {}, 6, 0, pairs()},
      {"litmus/store_buffering", {}, 3, 0, {"r1=0 r2=1", "r1=1 r2=0", "r1=1 r2=1"}},
      {"litmus/store_buffering", {{"order", "seq_cst"}}, 3, 0, {"r1=0 r2=1", "r1=1 r2=0", "r1=1 r2=1"}},
      {"litmus/message_passing", {}, 3, 0, {"r1=0 r2=0", "r1=0 r2=1", "r1=1 r2=1"}},
      {"visibility/publish_flag", {}, 2, 0, {}},
      {"visibility/publish_flag_release_acquire", {}, 2, 0, {}},
      {"visibility/store_buffering", {}, 3, 0, {"r1=0 r2=1", "r1=1 r2=0", "r1=1 r2=1"}},
      {"visibility/store_buffering_seq_cst", {}, 3, 0, {"r1=0 r2=1", "r1=1 r2=0", "r1=1 r2=1"}},
      {"deadlock/opposite_order", {}, 3, 1, {}},
      {"deadlock/common_order", {}, 2, 0, {}},
      {"deadlock/scoped_lock", {}, 2, 0, {}},
      {"deadlock/gated", {}, 2, 0, {}},
      {"deadlock/alien_method", {}, 3, 1, {}},
      {"deadlock/alien_method_copied", {}, 3, 0, {}},
      {"philosophers/naive", {{"seats", "2"}}, 3, 1, {}},
      {"philosophers/naive", {}, 7, 1, {}},
      {"philosophers/naive", {{"seats", "4"}}, 15, 1, {}},
      {"philosophers/ordered", {{"seats", "2"}}, 2, 0, {}},
      {"philosophers/ordered", {}, 6, 0, {}},
      {"philosophers/ordered", {{"seats", "4"}}, 14, 0, {}},
      {"condition/lost_wakeup", {}, 3, 1, {}},
      {"condition/waits_once", {}, 54, 0, {}},
      {"condition/waits_in_loop", {}, 42, 0, {}},
      {"mutual_exclusion/peterson", {}, 4, 0, {}, 12},
      {"mutual_exclusion/dekker", {}, 4, 0, {}, 17},
      {"mutual_exclusion/peterson_release_acquire", {}, 4, 0, {}, 12},
      {"mutual_exclusion/dekker_release_acquire", {}, 4, 0, {}, 17},
      {"mutual_exclusion/spin_test_and_set", {}, 2, 0, {}, 4},
      {"mutual_exclusion/spin_test_and_set_relaxed", {}, 2, 0, {}, 4},
      {"mutual_exclusion/ticket_lock_relaxed", {}, 2, 0, {}, 4},
      {"mutual_exclusion/ticket_lock", {}, 2, 0, {}, 4},
      {"structures/bounded_buffer", {{"items", "1"}}, 64, 0, {}},
      {"structures/bounded_buffer_one_condition", {}, 80, 8, {}},
      {"structures/double_checked_locking", {}, 4, 0, {}},
      {"structures/double_checked_locking_atomic", {}, 4, 0, {}},
      {"structures/double_checked_locking_relaxed", {}, 4, 0, {}},
      {"structures/ms_queue", {}, 80, 0, {}, 96},
      {"structures/ms_queue_relaxed", {}, 80, 0, {}, 96},
      {"structures/seqlock_relaxed", {}, 10, 0, {}, 15},
      {"structures/treiber_stack_relaxed", {}, 5, 0, {}},
      {"structures/ms_queue_overwritten_link", {}, 70, 0, {}},
      {"structures/readers_writers", {}, 48, 0, {}},
      {"structures/readers_writers_shared", {}, 614, 0, {}},
      {"structures/seqlock", {}, 10, 0, {}, 15},
      {"structures/seqlock_unchecked", {}, 5, 0, {}, 6},
      {"structures/treiber_stack", {}, 15, 0, {}, 16},
      {"structures/treiber_stack_tagged", {}, 16, 0, {}},
      {"structures/treiber_stack_use_after_free", {}, 4, 0, {}},
      {"structures/treiber_stack_hazard_pointers", {}, 26, 0, {}},
      {"structures/treiber_stack_hazard_pointers_release", {}, 26, 0, {}},
      {"structures/treiber_stack_shared_ptr", {}, 98, 0, {}},
      {"structures/treiber_stack_push_pop", {}, 34, 0, {}, 40},
  };
}

// Seconds each, and too long for a sanitizer.
std::vector<Row> large_rows() {
  return {
      {"structures/bounded_buffer", {}, 86'336, 0, {}},
      {"structures/treiber_stack_push_pop", {{"threads", "3"}}, 16'000, 0, {}, 25'680},
      {"structures/treiber_stack_hazard_pointers", {{"pops", "2"}}, 4'826, 0, {}},
  };
}

Parameters parameters_of(const Scenario& scenario, const Settings& settings) {
  Parameters parameters(scenario.parameters);
  for (const auto& [name, value] : settings) parameters.set(name, value);
  return parameters;
}

// The optimal search counts the classes; all interleavings together must have as many.
constexpr std::uint64_t interleavings_max = 60'000;

class ScenarioTable : public testing::TestWithParam<Row> {};

TEST_P(ScenarioTable, HasExactlyTheseExecutionsAndOutcomes) {
  const Row row = GetParam();
  const Scenario* scenario = find_scenario(row.scenario);
  ASSERT_NE(scenario, nullptr) << row.scenario;
  const Parameters parameters = parameters_of(*scenario, row.settings);
  const Result result = check(*scenario, parameters, tests::everything());
  EXPECT_TRUE(result.exhaustive) << result.reason;
  if (row.complete_most == 0) {
    EXPECT_EQ(result.complete, row.complete);
    EXPECT_EQ(result.blocked, 0u);
  } else {
    EXPECT_GE(result.complete, row.complete);
    EXPECT_LE(result.complete, row.complete_most);
  }
  EXPECT_EQ(result.deadlocked, row.deadlocked);
  EXPECT_EQ(result.redundant, 0u);
  EXPECT_EQ(tests::outcomes_of(result), row.outcomes);

  Options all = tests::everything(StrategyKind::All);
  all.executions = interleavings_max;
  const Result brute = check(*scenario, parameters, all);
  if (!brute.exhaustive) return;
  if (row.complete_most == 0) {
    EXPECT_EQ(brute.complete - brute.redundant, row.complete)
        << "classes among all " << brute.complete << " interleavings";
  }
  EXPECT_EQ(tests::outcomes_of(brute), row.outcomes);
}

TEST_P(ScenarioTable, ShowsWhatItDeclares) {
  const Row row = GetParam();
  const Scenario* scenario = find_scenario(row.scenario);
  ASSERT_NE(scenario, nullptr) << row.scenario;
  const Parameters parameters = parameters_of(*scenario, row.settings);
  for (const bool keep_going : {false, true}) {
    SCOPED_TRACE(keep_going ? "with keep_going" : "stopping at the first defect");
    Options options;
    options.keep_going = keep_going;
    const Result result = check(*scenario, parameters, options);
    if (!scenario->expects) {
      EXPECT_EQ(result.verdict, Verdict::Verified) << tests::summary(result);
      EXPECT_TRUE(result.defects.empty());
      EXPECT_TRUE(result.advisories.empty());
      continue;
    }
    EXPECT_EQ(result.verdict, Verdict::Defect);
    ASSERT_FALSE(result.defects.empty());
    EXPECT_EQ(result.defects.front().kind, *scenario->expects) << tests::summary(result);
    for (const Defect& defect : result.defects) {
      const Result replayed = replay([&] { scenario->body(parameters); }, defect.witness.token, options);
      EXPECT_EQ(replayed.verdict, Verdict::Defect) << replayed.reason;
      EXPECT_TRUE(
          std::any_of(replayed.defects.begin(), replayed.defects.end(),
                      [&](const Defect& d) { return d.kind == defect.kind && d.message == defect.message; }))
          << defect.message << "\n"
          << tests::summary(replayed);
      for (const Step& step : defect.witness.steps)
        EXPECT_TRUE(step.file.empty() || step.file.starts_with("scenarios/")) << step.file;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, ScenarioTable, testing::ValuesIn(rows()),
                         [](const auto& row) { return name_of(row.param); });
INSTANTIATE_TEST_SUITE_P(Large, ScenarioTable, testing::ValuesIn(large_rows()),
                         [](const auto& row) { return name_of(row.param); });

TEST(ScenariosTest, EveryScenarioHasARowForItsDefaults) {
  ASSERT_FALSE(scenarios().empty());
  std::vector<Row> all = rows();
  const std::vector<Row> large = large_rows();
  all.insert(all.end(), large.begin(), large.end());
  for (const Scenario& scenario : scenarios()) {
    // litmus_test.cpp has those of the community, under every model.
    if (scenario.name.starts_with("litmus/") && scenario.parameters.empty()) continue;
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Row& row) {
      return row.scenario == scenario.name && row.settings.empty();
    })) << scenario.name;
  }
}

TEST(ScenariosTest, EveryRowIsOfAScenario) {
  for (const Row& row : rows()) EXPECT_NE(find_scenario(row.scenario), nullptr) << row.scenario;
}

TEST(ScenariosTest, EveryScenarioTellsItsStoryAndHasATwin) {
  for (const Scenario& scenario : scenarios()) {
    SCOPED_TRACE(scenario.name);
    EXPECT_FALSE(scenario.lesson.empty());
    EXPECT_FALSE(scenario.story.empty());
    EXPECT_FALSE(scenario.tags.empty());
    EXPECT_EQ(std::count(scenario.name.begin(), scenario.name.end(), '/'), 1);
    const Scenario* twin = find_scenario(scenario.pair);
    ASSERT_NE(twin, nullptr) << scenario.pair;
    EXPECT_FALSE(scenario.expects && twin->expects) << "one of a pair is the fixed one";
  }
}

TEST(ScenariosTest, DeclaredOutcomesNameWhatIsReachableAndForbidNothingOfAVerifiedScenario) {
  for (const Row& row : rows()) {
    const Scenario* scenario = find_scenario(row.scenario);
    ASSERT_NE(scenario, nullptr) << row.scenario;
    const std::vector<DeclaredOutcome> declared =
        declared_outcomes(*scenario, parameters_of(*scenario, row.settings));
    if (declared.empty()) continue;
    for (const std::string& outcome : row.outcomes) {
      SCOPED_TRACE(name_of(row) + ": " + outcome);
      const DeclaredOutcome* found = find_declared(declared, outcome);
      ASSERT_NE(found, nullptr);
      if (!scenario->expects) {
        EXPECT_EQ(found->grade, Grade::Expected);
      }
    }
  }
}

// 2x10 has far too many classes for an exhaustive search. That 2 is reachable is a matter of four
// preemptions: one thread reads 0, the other counts to 9, the first writes 1, the second reads it, the first
// ends, the second writes 2.
TEST(ScenariosTest, TwoThreadsWithTenIncrementsEachMayEndWithTwo) {
  const Scenario* scenario = find_scenario("counter/unlocked");
  ASSERT_NE(scenario, nullptr);
  const Parameters parameters = parameters_of(*scenario, counter(2, 10));
  Options options = tests::everything(StrategyKind::Preemptions);
  options.preemptions = 3;
  EXPECT_FALSE(tests::outcomes_of(check(*scenario, parameters, options)).contains("count=2"));
  options.preemptions = 4;
  const Result result = check(*scenario, parameters, options);
  EXPECT_EQ(tests::outcomes_of(result), counts(2, 20));
  EXPECT_EQ(result.verdict, Verdict::Defect);
}

TEST(ScenariosTest, PhilosophersDeadlockAtEveryTable) {
  for (const char* seats : {"2", "3", "4", "5"}) {
    const Scenario* naive = find_scenario("philosophers/naive");
    ASSERT_NE(naive, nullptr);
    const Result result = check(*naive, parameters_of(*naive, {{"seats", seats}}));
    ASSERT_EQ(result.verdict, Verdict::Defect) << seats;
    EXPECT_EQ(result.defects.front().kind, DefectKind::Deadlock);
    EXPECT_EQ(result.defects.front().because.size(), std::stoul(seats)) << "each waits for the next";
    EXPECT_EQ(result.defects.front().witness.preemptions, 1u)
        << "one stops with a fork, and all that follow wait for their neighbour";
  }
}

}  // namespace
}  // namespace heddle
