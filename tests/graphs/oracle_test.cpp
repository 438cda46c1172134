// tests/graphs/oracle_test.cpp - the oracle itself, without the checker: against the verdicts of the
// literature, known numbers, and machines with and without store buffers.

#include "tests/graphs/oracle.hpp"

#include "tests/graphs/litmus.hpp"
#include "tests/graphs/store_buffers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <string>

namespace heddle::graphs {
namespace {

constexpr std::size_t enough = 1'000'000;      // candidates of any program written by hand
constexpr std::size_t candidates_max = 5'000;  // of random ones: larger programs are left out
constexpr std::size_t states_max = 50'000;     // of the machine with buffers
constexpr std::uint64_t programs_per_profile = 200;

TEST(GraphsOracle, KnowsTheLitmusTests) {
  for (const Litmus& litmus : litmus_tests()) {
    SCOPED_TRACE(litmus.name + "\n" + to_string(litmus.program));
    for (const Model model : models) {
      const auto behaviour = judge(litmus.program, model, enough);
      ASSERT_TRUE(behaviour);
      EXPECT_EQ(behaviour->outcomes.contains(litmus.outcome), litmus.allows(model)) << to_string(model);
    }
  }
}

TEST(GraphsOracle, CountsTheKnownPrograms) {
  for (const Counted& counted : counted_programs()) {
    SCOPED_TRACE(counted.name + "\n" + to_string(counted.program));
    for (const Model model : models) {
      const auto behaviour = judge(counted.program, model, enough);
      ASSERT_TRUE(behaviour);
      EXPECT_EQ(behaviour->graphs, counted.graphs[static_cast<std::size_t>(model)]) << to_string(model);
      EXPECT_EQ(behaviour->deadlocked, counted.deadlocked) << to_string(model);
    }
  }
}

TEST(GraphsOracle, GivesUpWhenThereAreTooManyCandidates) {
  const Code code(4, load(0, Order::relaxed));
  EXPECT_FALSE(
      judge({.variables = 1, .threads = {code, Code(4, store(0, 1, Order::relaxed))}}, Model::Sc, 10));
}

class GraphsOracleFuzz : public testing::TestWithParam<Profile> {};

// Of the axioms and of the machine, only what comes out is the same: the machine does not know graphs.
TEST_P(GraphsOracleFuzz, AgreesWithMachinesWithAndWithoutStoreBuffers) {
  std::uint64_t compared = 0;
  for (std::uint64_t seed = 1; seed <= programs_per_profile; ++seed) {
    const Program program = random_program(seed, GetParam());
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + to_string(program));
    for (const Model model : {Model::Sc, Model::Tso}) {
      const auto behaviour = judge(program, model, candidates_max);
      const auto reached = run_on_store_buffers(program, model == Model::Tso, states_max);
      if (!behaviour || !reached) continue;
      ++compared;
      ASSERT_EQ(behaviour->outcomes, reached->outcomes) << to_string(model);
      ASSERT_EQ(behaviour->deadlocked > 0, reached->deadlock) << to_string(model);
    }
  }
  EXPECT_GT(compared, programs_per_profile);
  std::cout << to_string(GetParam()) << ": " << compared << " comparisons\n";
}

// Nothing when the second allows all that the first does.
std::string not_included(const Behaviour& strong, const Behaviour& weak) {
  std::string text;
  if (!std::ranges::includes(weak.outcomes, strong.outcomes)) text += "an outcome is missing\n";
  if (strong.graphs > weak.graphs) text += "fewer graphs\n";
  if (strong.deadlocked > weak.deadlocked) text += "fewer deadlocked graphs\n";
  return text;
}

// The last because C++ is compiled to x86 without loss.
TEST_P(GraphsOracleFuzz, WhatScAllowsTsoAllowsAndWhatTsoAllowsRc11Allows) {
  unsigned more_by_tso = 0;
  unsigned more_by_rc11 = 0;
  for (std::uint64_t seed = 1; seed <= programs_per_profile; ++seed) {
    const Program program = random_program(seed, GetParam());
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + to_string(program));
    const auto sc = judge(program, Model::Sc, candidates_max);
    const auto tso = judge(program, Model::Tso, candidates_max);
    const auto rc11 = judge(program, Model::Rc11, candidates_max);
    if (!sc || !tso || !rc11) continue;
    ASSERT_EQ(not_included(*sc, *tso), "");
    ASSERT_EQ(not_included(*tso, *rc11), "");
    more_by_tso += sc->graphs < tso->graphs ? 1 : 0;
    more_by_rc11 += tso->graphs < rc11->graphs ? 1 : 0;
  }
  EXPECT_GT(more_by_tso, 0u);
  EXPECT_GT(more_by_rc11, 0u);
  std::cout << to_string(GetParam()) << ": tso allows more than sc in " << more_by_tso
            << " programs, rc11 more than tso in " << more_by_rc11 << "\n";
}

INSTANTIATE_TEST_SUITE_P(, GraphsOracleFuzz, testing::ValuesIn(profiles),
                         [](const auto& profile) { return std::string(to_string(profile.param)); });

}  // namespace
}  // namespace heddle::graphs
