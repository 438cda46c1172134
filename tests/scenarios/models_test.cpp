// tests/scenarios/models_test.cpp - what every scenario shows under each memory model, in exactly so many
// execution graphs.
//
// The numbers of graphs are ground truth: as many as the axioms of the model allow, where a loop that waits
// counts as the one look that ends it. A change of one is a change of the search and has to be explained. Of
// executions that were abandoned there should be as few as possible.

#include "tests/verify/reading.hpp"

#include <heddle/check.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace heddle {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

constexpr std::optional<DefectKind> verified;

// From the strongest to the weakest.
constexpr std::array models{MemoryModel::Sc, MemoryModel::Tso, MemoryModel::Rc11};

struct Shown {
  std::optional<DefectKind> first;  // defect of the report
  std::uint64_t graphs;             // deadlocked ones included
  std::uint64_t abandoned = 0;
  std::uint64_t graphs_most = 0;  // 0: exactly as many. That a loop is in vain may be seen an iteration later
};

// Of a scenario with loops that wait.
Shown between(std::optional<DefectKind> first, std::uint64_t least, std::uint64_t most) {
  return {first, least, 0, most};
}
using UnderEach = std::array<Shown, models.size()>;

struct Row {
  const char* scenario;
  Settings settings;
  UnderEach under;
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
Settings seats(int number) { return {{"seats", std::to_string(number)}}; }

// The same under all of them.
UnderEach always(std::optional<DefectKind> first, std::uint64_t graphs, std::uint64_t abandoned = 0) {
  const Shown shown{first, graphs, abandoned};
  return {shown, shown, shown};
}
UnderEach always(const Shown& shown) { return {shown, shown, shown}; }

std::vector<Row> locks_and_threads() {
  using enum DefectKind;
  return {
      {"counter/unlocked", {}, always(LostUpdate, 4)},
      {"counter/unlocked", counter(2, 2), always(LostUpdate, 34)},
      {"counter/unlocked", counter(2, 3), always(LostUpdate, 328)},
      {"counter/unlocked", counter(3, 1), always(LostUpdate, 36)},
      {"counter/locked", {}, always(verified, 2)},
      {"counter/locked", counter(2, 3), always(verified, 20)},
      {"counter/locked", counter(4, 1), always(verified, 24)},
      {"counter/atomic", {}, always(verified, 2)},
      {"counter/atomic", counter(2, 3), always(verified, 20)},
      {"counter/atomic", counter(3, 2), always(verified, 90)},
      {"counter/compare_exchange", {}, always(verified, 4)},
      {"counter/compare_exchange", counter(2, 2), always(verified, 40)},
      {"counter/compare_exchange", counter(3, 1), always(verified, 48)},
      {"counter/two_locks", {}, always(LostUpdate, 4)},
      {"counter/two_locks", counter(3, 1), always(LostUpdate, 36)},
      {"deadlock/opposite_order", {}, always(Deadlock, 3)},
      {"deadlock/common_order", {}, always(verified, 2)},
      {"deadlock/scoped_lock", {}, always(verified, 2, 1)},
      {"deadlock/gated", {}, always(verified, 2)},
      {"deadlock/alien_method", {}, always(Deadlock, 3)},
      {"deadlock/alien_method_copied", {}, always(verified, 3)},
      {"philosophers/naive", seats(2), always(Deadlock, 3)},
      {"philosophers/naive", {}, always(Deadlock, 7)},
      {"philosophers/naive", seats(4), always(Deadlock, 15)},
      {"philosophers/ordered", seats(2), always(verified, 2)},
      {"philosophers/ordered", {}, always(verified, 6)},
      {"philosophers/ordered", seats(4), always(verified, 14)},
      {"structures/readers_writers", {}, always(verified, 48)},
      {"structures/readers_writers_shared", {}, {{{LostUpdate, 614}, {LostUpdate, 614}, {StaleRead, 876}}}},
  };
}

std::vector<Row> orders() {
  using enum DefectKind;
  return {
      {"visibility/get_count_unlocked", {}, always(DataRace, 6)},
      {"visibility/get_count_locked", {}, always(verified, 6)},
      {"visibility/publish_flag", {}, {{{verified, 2}, {verified, 2}, {StaleRead, 3}}}},
      {"visibility/publish_flag_release_acquire", {}, always(verified, 2)},
      {"visibility/store_buffering", {}, {{{verified, 3}, {StaleRead, 4}, {StaleRead, 4}}}},
      {"visibility/store_buffering_seq_cst", {}, always(verified, 3)},
      {"mutual_exclusion/peterson", {}, always(verified, 4, 6)},
      {"mutual_exclusion/peterson_release_acquire",
       {},
       {{{verified, 4, 6}, {StaleRead, 22, 8}, {StaleRead, 22, 8}}}},
      {"mutual_exclusion/dekker", {}, always(verified, 4, 6)},
      {"mutual_exclusion/dekker_release_acquire",
       {},
       {{{verified, 4, 6}, {StaleRead, 10, 6}, {StaleRead, 10, 6}}}},
      {"mutual_exclusion/spin_test_and_set", {}, always(verified, 2, 1)},
      {"mutual_exclusion/spin_test_and_set_relaxed",
       {},
       {{{verified, 2, 1}, {verified, 2, 1}, {StaleRead, 6, 1}}}},
      {"mutual_exclusion/ticket_lock", {}, always(verified, 2)},
      {"mutual_exclusion/ticket_lock_relaxed", {}, {{{verified, 2}, {verified, 2}, {StaleRead, 6}}}},
      {"structures/double_checked_locking", {}, {{{DataRace, 4}, {DataRace, 4}, {StaleRead, 6}}}},
      {"structures/double_checked_locking_atomic", {}, always(verified, 4)},
      {"structures/double_checked_locking_relaxed", {}, {{{DataRace, 4}, {DataRace, 4}, {StaleRead, 6}}}},
      {"structures/ms_queue", {}, always(between(verified, 80, 96))},
      {"structures/ms_queue_relaxed",
       {},
       {{between(DataRace, 80, 96), between(DataRace, 80, 96), between(StaleRead, 130, 160)}}},
      {"structures/ms_queue_overwritten_link", {}, always(between(Assertion, 55, 70))},
      {"structures/seqlock", {}, always(between(verified, 10, 15))},
      {"structures/seqlock_relaxed",
       {},
       {{between(verified, 10, 15), between(verified, 10, 15), between(StaleRead, 13, 20)}}},
      {"structures/seqlock_unchecked", {}, always(between(Assertion, 5, 6))},
      {"structures/treiber_stack", {}, always(between(Assertion, 15, 16))},
      {"structures/treiber_stack_tagged", {}, always(verified, 16)},
      {"structures/treiber_stack_push_pop", {}, always(between(verified, 34, 40))},
      {"structures/treiber_stack_relaxed", {}, {{{DataRace, 5}, {DataRace, 5}, {StaleRead, 11}}}},
      {"structures/treiber_stack_use_after_free", {}, always(UseAfterFree, 4)},
      {"structures/treiber_stack_hazard_pointers", {}, {{{verified, 26}, {verified, 40}, {verified, 40}}}},
      {"structures/treiber_stack_hazard_pointers_release",
       {},
       {{{verified, 26}, {UseAfterFree, 44}, {UseAfterFree, 44}}}},
      {"structures/treiber_stack_shared_ptr", {}, always(verified, 98)},
  };
}

// Too long for a sanitizer.
std::vector<Row> large_rows() {
  return {
      {"structures/treiber_stack_push_pop", {{"threads", "3"}}, always(between(verified, 18'000, 25'680))},
      {"structures/treiber_stack_hazard_pointers",
       {{"pops", "2"}},
       {{{verified, 4'826}, {verified, 10'980}, {verified, 10'980}}}}};
}

Parameters parameters_of(const Scenario& scenario, const Settings& settings) {
  Parameters parameters(scenario.parameters);
  for (const auto& [name, value] : settings) parameters.set(name, value);
  return parameters;
}

std::optional<DefectKind> first_defect(const Result& result) {
  return result.defects.empty() ? verified : result.defects.front().kind;
}

class ModelTable : public testing::TestWithParam<Row> {
 protected:
  void SetUp() override {
    scenario_ = find_scenario(GetParam().scenario);
    ASSERT_NE(scenario_, nullptr) << GetParam().scenario;
    parameters_ = parameters_of(*scenario_, GetParam().settings);
  }
  Result explore(MemoryModel model, Options options) const {
    options.model = model;
    return check(*scenario_, parameters_, options);
  }
  Result replayed(const std::string& token) const {
    return replay([&] { scenario_->body(parameters_); }, token);
  }

  const Scenario* scenario_ = nullptr;
  Parameters parameters_;
};

TEST_P(ModelTable, HasExactlyTheseGraphs) {
  for (std::size_t m = 0; m < models.size(); ++m) {
    SCOPED_TRACE(to_string(models[m]));
    const Shown& shown = GetParam().under[m];
    const Result result = explore(models[m], tests::everything(StrategyKind::Graphs));
    EXPECT_TRUE(result.exhaustive) << result.reason;
    EXPECT_EQ(first_defect(result), shown.first) << tests::summary(result);
    EXPECT_EQ(result.redundant, 0u);
    if (shown.graphs_most != 0) {
      EXPECT_GE(result.complete, shown.graphs);
      EXPECT_LE(result.complete, shown.graphs_most);
      continue;
    }
    EXPECT_EQ(result.complete, shown.graphs);
    EXPECT_EQ(result.blocked, shown.abandoned);
  }
}

TEST_P(ModelTable, ShowsWhatTheScenarioDeclares) {
  for (std::size_t m = 0; m < models.size(); ++m) {
    SCOPED_TRACE(to_string(models[m]));
    const Shown& shown = GetParam().under[m];
    EXPECT_EQ(expected(*scenario_, models[m]), shown.first);
    const Result result = explore(models[m], {});
    EXPECT_EQ(first_defect(result), shown.first) << tests::summary(result);
    EXPECT_EQ(result.verdict, shown.first ? Verdict::Defect : Verdict::Verified) << result.reason;
    EXPECT_EQ(result.model, models[m]);
  }
}

TEST_P(ModelTable, EveryTokenShowsTheSameDefectAgain) {
  for (const MemoryModel model : models) {
    for (const bool keep_going : {false, true}) {
      SCOPED_TRACE(std::string(to_string(model)) + (keep_going ? ", with keep_going" : ""));
      Options options;
      options.strategy = StrategyKind::Graphs;
      options.keep_going = keep_going;
      for (const Defect& defect : explore(model, options).defects) {
        const Result again = replayed(defect.witness.token);
        EXPECT_EQ(again.model, model);
        EXPECT_TRUE(std::any_of(
            again.defects.begin(), again.defects.end(),
            [&](const Defect& d) { return d.kind == defect.kind && d.message == defect.message; }))
            << defect.message << "\n"
            << tests::summary(again);
        const std::vector<Step>& steps = defect.witness.steps;
        const bool old = std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.stale; });
        EXPECT_TRUE(old || defect.kind != DefectKind::StaleRead) << "a stale read that is not told";
        EXPECT_FALSE(old && model == MemoryModel::Sc) << "something that sc does not have";
      }
    }
  }
}

TEST_P(ModelTable, AWeakerModelHasAllThatAStrongerOneHas) {
  const std::set<std::string> interleaved = tests::outcomes_of(explore(MemoryModel::Sc, tests::everything()));
  std::set<std::string> stronger = interleaved;
  std::uint64_t graphs = 0;
  for (const MemoryModel model : models) {
    SCOPED_TRACE(to_string(model));
    const Result result = explore(model, tests::everything(StrategyKind::Graphs));
    std::set<std::string> reached = tests::outcomes_of(result);
    if (model == MemoryModel::Sc) {
      EXPECT_EQ(reached, interleaved) << "the other search under sc";
    }
    EXPECT_TRUE(std::includes(reached.begin(), reached.end(), stronger.begin(), stronger.end()));
    EXPECT_GE(result.complete, graphs);
    stronger = std::move(reached);
    graphs = result.complete;
  }
}

INSTANTIATE_TEST_SUITE_P(LocksAndThreads, ModelTable, testing::ValuesIn(locks_and_threads()),
                         [](const auto& row) { return name_of(row.param); });
INSTANTIATE_TEST_SUITE_P(Orders, ModelTable, testing::ValuesIn(orders()),
                         [](const auto& row) { return name_of(row.param); });
INSTANTIATE_TEST_SUITE_P(Large, ModelTable, testing::ValuesIn(large_rows()),
                         [](const auto& row) { return name_of(row.param); });

bool is_about_orders(const Scenario& scenario) {
  return std::any_of(scenario.tags.begin(), scenario.tags.end(), [](const std::string& tag) {
    return tag == "visibility" || tag == "mutual-exclusion" || tag == "lock-free";
  });
}

TEST(ModelsTest, EveryScenarioAboutOrdersHasARowForItsDefaults) {
  const std::vector<Row> all = orders();
  for (const Scenario& scenario : scenarios()) {
    if (!is_about_orders(scenario)) continue;
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Row& row) {
      return row.scenario == scenario.name && row.settings.empty();
    })) << scenario.name;
  }
}

// That an order is too weak shows only where its story says so: under sc a scenario of that kind has no
// defect but a race. What is read late need not fail an expectation: it may be what keeps memory from being
// freed.
TEST(ModelsTest, WhatOnlyAWeakerModelShowsIsAStaleReadOrWhatItLetsHappen) {
  for (const Scenario& scenario : scenarios()) {
    for (const auto& [model, kind] : scenario.expects_under) {
      SCOPED_TRACE(scenario.name + " under " + std::string(to_string(model)));
      EXPECT_NE(model, MemoryModel::Sc);
      EXPECT_NE(kind, scenario.expects) << "declared twice";
      EXPECT_TRUE(kind == DefectKind::StaleRead || kind == DefectKind::UseAfterFree);
      // An update that is lost under sc is lost for want of an order as well.
      EXPECT_TRUE(!scenario.expects || scenario.expects == DefectKind::DataRace ||
                  scenario.expects == DefectKind::LostUpdate);
    }
  }
}

}  // namespace
}  // namespace heddle
