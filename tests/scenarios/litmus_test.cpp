// tests/scenarios/litmus_test.cpp - the community's litmus tests: what each memory model makes of them.
//
// The verdicts are those of herd's models: sequential consistency; x86-TSO (Sewell et al., CACM'10); RC11
// (Lahav et al., PLDI'17). The names are those of Alglave, Maranget and Tautschnig (Herding cats, TOPLAS'14),
// with the orders of C++. The counts are the numbers of graphs that satisfy the axioms, as the oracle of
// tests/graphs lists them.

#include "tests/verify/reading.hpp"

#include <heddle/check.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace heddle {
namespace {

using testing::StartsWith;

constexpr std::array models = {MemoryModel::Sc, MemoryModel::Tso, MemoryModel::Rc11};

enum class Allowed : std::uint8_t { Never, OnlyByRc11, ByTsoAndRc11 };

struct Row {
  const char* name;  // the scenario's is the same in lower case
  const char* weak;  // the outcome in question
  Allowed allowed;
  std::array<std::uint64_t, models.size()> graphs;  // by model
};

std::vector<Row> rows() {
  using enum Allowed;
  return {
      {"SB", "r1=0 r2=0", ByTsoAndRc11, {3, 4, 4}},
      {"SB+rel+acq", "r1=0 r2=0", ByTsoAndRc11, {3, 4, 4}},
      {"SB+sc+rlx", "r1=0 r2=0", OnlyByRc11, {3, 3, 4}},
      {"SB+scs", "r1=0 r2=0", Never, {3, 3, 3}},
      {"SB+scfences", "r1=0 r2=0", Never, {3, 3, 3}},
      {"MP", "r1=1 r2=0", OnlyByRc11, {3, 3, 4}},
      {"MP+rel+rlx", "r1=1 r2=0", OnlyByRc11, {3, 3, 4}},
      {"MP+rel+acq", "r1=1 r2=0", Never, {3, 3, 3}},
      {"MP+fences", "r1=1 r2=0", Never, {3, 3, 3}},
      {"LB", "r1=1 r2=1", Never, {3, 3, 3}},
      {"LB+rel+acq", "r1=1 r2=1", Never, {3, 3, 3}},
      {"LB+scs", "r1=1 r2=1", Never, {3, 3, 3}},
      {"IRIW", "r1=1 r2=0 r3=1 r4=0", OnlyByRc11, {15, 15, 16}},
      {"IRIW+acq", "r1=1 r2=0 r3=1 r4=0", OnlyByRc11, {15, 15, 16}},
      {"IRIW+sc", "r1=1 r2=0 r3=1 r4=0", Never, {15, 15, 15}},
      {"2+2W", "x=1 y=1", OnlyByRc11, {3, 3, 4}},
      {"2+2W+rel", "x=1 y=1", OnlyByRc11, {3, 3, 4}},
      {"2+2W+sc", "x=1 y=1", Never, {3, 3, 3}},
      {"WRC", "r1=1 r2=1 r3=0", OnlyByRc11, {7, 7, 8}},
      {"WRC+rel+rlx", "r1=1 r2=1 r3=0", OnlyByRc11, {7, 7, 8}},
      {"WRC+rel+acq", "r1=1 r2=1 r3=0", Never, {7, 7, 7}},
      {"RWC", "r1=1 r2=0 r3=0", ByTsoAndRc11, {7, 8, 8}},
      {"RWC+sc", "r1=1 r2=0 r3=0", Never, {7, 7, 7}},
      {"ISA2", "r1=1 r2=1 r3=0", OnlyByRc11, {7, 7, 8}},
      {"ISA2+rel+acq", "r1=1 r2=1 r3=0", Never, {7, 7, 7}},
      {"R", "r1=0 y=2", ByTsoAndRc11, {3, 4, 4}},
      {"R+sc", "r1=0 y=2", Never, {3, 3, 3}},
      {"S", "r1=1 x=2", OnlyByRc11, {3, 3, 4}},
      {"S+rel+acq", "r1=1 x=2", Never, {3, 3, 3}},
      {"coRR", "r1=1 r2=0", Never, {3, 3, 3}},
      {"coWW", "x=1", Never, {1, 1, 1}},
      {"coRW", "r1=2 x=2", Never, {3, 3, 3}},
      {"coWR", "r1=2 x=1", Never, {3, 3, 3}},
  };
}

bool allows(MemoryModel model, Allowed allowed) {
  switch (model) {
    case MemoryModel::Sc: return false;
    case MemoryModel::Tso: return allowed == Allowed::ByTsoAndRc11;
    case MemoryModel::Rc11: return allowed != Allowed::Never;
  }
  return false;
}

// How the reason for the weak outcome's grade begins.
std::string who(Allowed allowed) {
  switch (allowed) {
    case Allowed::Never: return "none: ";
    case Allowed::OnlyByRc11: return "rc11: ";
    case Allowed::ByTsoAndRc11: return "tso, rc11: ";
  }
  return {};
}

std::string scenario_name(const Row& row) {
  std::string name = std::string("litmus/") + row.name;
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

std::string test_name(const Row& row) {
  std::string name = row.name;
  std::replace(name.begin(), name.end(), '+', '_');
  return name;
}

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

Result explore(const Scenario& scenario, MemoryModel model, StrategyKind strategy = StrategyKind::Graphs) {
  Options options = tests::everything(strategy);
  options.model = model;
  return check(scenario, Parameters(scenario.parameters), options);
}

std::set<std::string> reached(const Scenario& scenario, MemoryModel model) {
  return tests::outcomes_of(explore(scenario, model));
}

class LitmusTable : public testing::TestWithParam<Row> {
 protected:
  void SetUp() override {
    scenario_ = find_scenario(scenario_name(GetParam()));
    ASSERT_NE(scenario_, nullptr) << scenario_name(GetParam());
  }
  const Scenario& scenario() const { return *scenario_; }

 private:
  const Scenario* scenario_ = nullptr;
};

TEST_P(LitmusTable, HasExactlyTheseGraphsAndTheWeakOutcomeWhereTheModelAllowsIt) {
  for (std::size_t i = 0; i < models.size(); ++i) {
    // Under sc, Optimal explores interleavings, of which there is one for each graph.
    for (const StrategyKind strategy : {StrategyKind::Graphs, StrategyKind::Optimal}) {
      SCOPED_TRACE(std::string(to_string(models[i])) +
                   (strategy == StrategyKind::Graphs ? ", graphs" : ", optimal"));
      const Result result = explore(scenario(), models[i], strategy);
      EXPECT_EQ(result.verdict, Verdict::Verified) << tests::summary(result);
      EXPECT_TRUE(result.exhaustive) << result.reason;
      EXPECT_EQ(result.complete, GetParam().graphs[i]);
      EXPECT_EQ(result.redundant, 0u);
      EXPECT_EQ(result.blocked, 0u);
      EXPECT_EQ(tests::outcomes_of(result).contains(GetParam().weak), allows(models[i], GetParam().allowed));
    }
  }
}

TEST_P(LitmusTable, ReachesUnderAWeakerModelWhatItReachesUnderAStronger) {
  const std::set<std::string> sc = reached(scenario(), MemoryModel::Sc);
  const std::set<std::string> tso = reached(scenario(), MemoryModel::Tso);
  const std::set<std::string> rc11 = reached(scenario(), MemoryModel::Rc11);
  EXPECT_TRUE(std::ranges::includes(tso, sc));
  EXPECT_TRUE(std::ranges::includes(rc11, tso));
}

TEST_P(LitmusTable, ExpectsWhatScReachesAndForbidsWhatNoModelReaches) {
  const std::vector<DeclaredOutcome> declared =
      declared_outcomes(scenario(), Parameters(scenario().parameters));
  const std::set<std::string> sc = reached(scenario(), MemoryModel::Sc);
  std::set<std::string> any;
  for (const MemoryModel model : models) any.merge(reached(scenario(), model));

  for (const std::string& outcome : any) {
    SCOPED_TRACE(outcome);
    const DeclaredOutcome* found = find_declared(declared, outcome);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->grade, sc.contains(outcome) ? Grade::Expected : Grade::Interesting);
  }
  for (const DeclaredOutcome& each : declared) {
    if (each.values == "*") continue;
    EXPECT_EQ(any.contains(each.values), each.grade != Grade::Forbidden) << each.values;
  }
}

TEST_P(LitmusTable, SaysWhoAllowsTheWeakOutcome) {
  const std::vector<DeclaredOutcome> declared =
      declared_outcomes(scenario(), Parameters(scenario().parameters));
  const DeclaredOutcome* weak = find_declared(declared, GetParam().weak);
  ASSERT_NE(weak, nullptr);
  EXPECT_EQ(weak->grade, GetParam().allowed == Allowed::Never ? Grade::Forbidden : Grade::Interesting);
  EXPECT_THAT(weak->because, StartsWith(who(GetParam().allowed)));
}

INSTANTIATE_TEST_SUITE_P(, LitmusTable, testing::ValuesIn(rows()),
                         [](const auto& row) { return test_name(row.param); });

// Those with parameters stand in the table of all scenarios.
TEST(LitmusTest, EveryLitmusScenarioHasARow) {
  const std::vector<Row> all = rows();
  for (const Scenario& scenario : scenarios()) {
    if (!scenario.name.starts_with("litmus/") || !scenario.parameters.empty()) continue;
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Row& row) {
      return scenario_name(row) == scenario.name;
    })) << scenario.name;
  }
}

}  // namespace
}  // namespace heddle
