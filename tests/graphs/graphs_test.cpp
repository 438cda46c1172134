// tests/graphs/graphs_test.cpp - the search over execution graphs against the oracle, on random programs.
//
// HEDDLE_FUZZ_PROGRAMS is per profile and model here (tests/oracle/fuzz.hpp).

#include "tests/graphs/known_programs.hpp"
#include "tests/graphs/litmus.hpp"
#include "tests/graphs/oracle.hpp"
#include "tests/graphs/translate.hpp"
#include "tests/oracle/fuzz.hpp"

#include <heddle/check.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <tuple>

namespace heddle::graphs {
namespace {

using oracle::setting;
using oracle::share_text;

constexpr std::uint64_t programs_per_profile = 200;
// Larger programs are left out: time goes into many small ones.
constexpr std::size_t candidates_max = 20'000;
constexpr std::uint64_t interleavings_max = 10'000;
constexpr std::size_t enough = 1'000'000;  // candidates of any program written by hand

MemoryModel memory_model(Model model) {
  switch (model) {
    case Model::Sc: return MemoryModel::Sc;
    case Model::Tso: return MemoryModel::Tso;
    case Model::Rc11: return MemoryModel::Rc11;
  }
  return MemoryModel::Sc;
}

std::set<std::string> outcomes_of(const Result& result) {
  std::set<std::string> all;
  for (const Outcome& outcome : result.outcomes) all.insert(outcome.values.front().second);
  return all;
}

Result explore(const Program& program, Model model, StrategyKind strategy = StrategyKind::Graphs,
               std::uint64_t executions = 0) {
  Options options;
  options.model = memory_model(model);
  options.strategy = strategy;
  options.executions = executions;
  options.keep_going = true;
  options.minimize_executions = 0;
  options.unresponsive = std::chrono::milliseconds(0);  // no timer per program
  return check(scenario_body(program), options);
}

class Comparison {
 public:
  explicit Comparison(const char* other) : other_(other) {}

  void equal(const char* what, std::uint64_t explored, std::uint64_t expected) {
    if (explored != expected)
      text_ += std::string(what) + ": " + std::to_string(explored) + " explored, " +
               std::to_string(expected) + " by " + other_ + "\n";
  }
  void outcomes(const std::set<std::string>& explored, const std::set<std::string>& expected) {
    for (const std::string& outcome : expected)
      if (!explored.contains(outcome)) text_ += "outcome missing: " + outcome + "\n";
    for (const std::string& outcome : explored)
      if (!expected.contains(outcome)) text_ += "impossible outcome: " + outcome + "\n";
  }
  void require(bool condition, const std::string& otherwise) {
    if (!condition) text_ += otherwise + "\n";
  }
  const std::string& text() const { return text_; }

 private:
  const char* other_;
  std::string text_;
};

// In a loop.
bool waits(const Program& program) {
  return contains(program,
                  {Op::Await, Op::AwaitExchange, Op::AwaitCompareExchange, Op::AwaitBoth, Op::AwaitEither});
}

// Then the search may have to abandon a graph: of two updates that read one write, only another write that
// comes later can save the graph, and what could go on may have to wait after all.
bool may_abandon(const Program& program) {
  return waits(program) || contains(program, {Op::FetchAdd, Op::Exchange, Op::CompareExchange, Op::Lock,
                                              Op::TryLock, Op::Acquire, Op::Release});
}

struct Totals {
  std::uint64_t programs = 0, too_large = 0, graphs = 0, deadlocked = 0, with_deadlock = 0, blocked = 0;
};

// Nothing when the search takes exactly one execution for each graph. What a loop over two variables has read
// in vain is in the graph of a thread that waits for good, so such a graph can come up more than once, but
// not one in which every thread ends.
std::string disagreement(const Program& program, Model model, const Behaviour& expected, Totals& totals) {
  Comparison compare("the oracle");
  const bool exact = !contains(program, {Op::AwaitBoth, Op::AwaitEither});
  try {
    const Result result = explore(program, model);
    totals.blocked += result.blocked;
    compare.require(result.exhaustive, "not exhaustive: " + result.reason);
    compare.require(!result.redundant_sampled, "too many graphs to remember");
    compare.equal("executions (graphs) that end", result.complete - result.deadlocked,
                  expected.graphs - expected.deadlocked);
    compare.equal("redundant executions", result.redundant, 0);
    if (!exact) compare.equal("deadlock", result.deadlocked > 0, expected.deadlocked > 0);
    else compare.equal("deadlocked graphs", result.deadlocked, expected.deadlocked);
    if (!may_abandon(program)) compare.equal("abandoned executions", result.blocked, 0);
    compare.outcomes(outcomes_of(result), expected.outcomes);
  } catch (const std::exception& error) {
    compare.require(false, std::string("exception: ") + error.what());
  }
  return compare.text();
}

// Nothing when the searches over graphs and over interleavings find the same. A loop that waits is one read
// for the one, and as many as it has looked for the other, so then only what comes out is comparable, and the
// other may take too long.
std::string disagreement_of_searches(const Program& program) {
  Comparison compare("the optimal search");
  try {
    const Result graphs = explore(program, Model::Sc);
    const std::uint64_t limit = waits(program) ? interleavings_max : 0;
    const Result optimal = explore(program, Model::Sc, StrategyKind::Optimal, limit);
    if (limit > 0 && optimal.complete + optimal.blocked >= limit) return {};
    compare.outcomes(outcomes_of(graphs), outcomes_of(optimal));
    if (waits(program)) {
      compare.require((graphs.deadlocked > 0) == (optimal.deadlocked > 0), "a deadlock by one search only");
    } else {
      compare.equal("executions", graphs.complete, optimal.complete);
      compare.equal("deadlocked executions", graphs.deadlocked, optimal.deadlocked);
    }
  } catch (const std::exception& error) {
    compare.require(false, std::string("exception: ") + error.what());
  }
  return compare.text();
}

template <class Disagreement>
std::string report(const Program& program, std::uint64_t seed, Profile profile,
                   Disagreement disagreement_on) {
  return "profile " + std::string(to_string(profile)) + ", seed " + std::to_string(seed) + "\n" +
         oracle::told_with_smallest(program, disagreement_on);
}

// ---- every graph exactly once -----------------------------------------------------------------------

class GraphsFuzz : public testing::TestWithParam<std::tuple<Profile, Model>> {};

TEST_P(GraphsFuzz, RunsEachExecutionGraphExactlyOnce) {
  const auto [profile, model] = GetParam();
  const std::uint64_t first = setting("HEDDLE_FUZZ_SEED", 1);
  const std::uint64_t programs = setting("HEDDLE_FUZZ_PROGRAMS", programs_per_profile);
  const auto disagreement_on = [under = model](const Program& program) {
    Totals unused;
    const auto expected = judge(program, under, candidates_max);
    return expected ? disagreement(program, under, *expected, unused) : std::string();
  };
  Totals totals;
  std::uint64_t seed = first;
  for (; totals.programs < programs; ++seed) {
    const Program program = random_program(seed, profile);
    const auto expected = judge(program, model, candidates_max);
    if (!expected) {
      ++totals.too_large;
      continue;
    }
    ++totals.programs;
    totals.graphs += expected->graphs;
    totals.deadlocked += expected->deadlocked;
    totals.with_deadlock += expected->deadlocked > 0 ? 1 : 0;
    if (!disagreement(program, model, *expected, totals).empty()) {
      ADD_FAILURE() << to_string(model) << ", " << report(program, seed, profile, disagreement_on);
      return;
    }
  }
  std::cout << to_string(profile) << " under " << to_string(model) << ": seeds " << first << " to "
            << seed - 1 << ", " << totals.programs << " programs, " << totals.graphs << " graphs ("
            << totals.deadlocked << " deadlocked, in " << totals.with_deadlock << " programs), "
            << totals.blocked << " executions abandoned (" << share_text(totals.blocked, totals.graphs)
            << "); " << totals.too_large << " left out as too large\n";
}

INSTANTIATE_TEST_SUITE_P(, GraphsFuzz,
                         testing::Combine(testing::ValuesIn(profiles), testing::ValuesIn(models)),
                         [](const auto& param) {
                           return std::string(to_string(std::get<0>(param.param))) + "_" +
                                  std::string(to_string(std::get<1>(param.param)));
                         });

// ---- the models and the searches beside each other --------------------------------------------------

class GraphsProfileFuzz : public testing::TestWithParam<Profile> {
 protected:
  // Calls `look(program, seed)` for programs of a size that the oracle would take, until it returns false.
  template <class Look>
  void for_each_program(Look look) {
    const std::uint64_t first = setting("HEDDLE_FUZZ_SEED", 1);
    const std::uint64_t programs = setting("HEDDLE_FUZZ_PROGRAMS", programs_per_profile);
    for (std::uint64_t seed = first; seed < first + programs; ++seed) {
      const Program program = random_program(seed, GetParam());
      if (!judge(program, Model::Sc, candidates_max)) continue;
      if (!look(program, seed)) return;
    }
  }
};

TEST_P(GraphsProfileFuzz, WhatScAllowsTsoAllowsAndWhatTsoAllowsRc11Allows) {
  for_each_program([&](const Program& program, std::uint64_t seed) {
    const std::set<std::string> sc = outcomes_of(explore(program, Model::Sc));
    const std::set<std::string> tso = outcomes_of(explore(program, Model::Tso));
    const std::set<std::string> rc11 = outcomes_of(explore(program, Model::Rc11));
    EXPECT_TRUE(std::ranges::includes(tso, sc)) << "seed " << seed << "\n" << to_string(program);
    EXPECT_TRUE(std::ranges::includes(rc11, tso)) << "seed " << seed << "\n" << to_string(program);
    return !HasFailure();
  });
}

TEST_P(GraphsProfileFuzz, UnderScTheOptimalSearchFindsTheSame) {
  for_each_program([&](const Program& program, std::uint64_t seed) {
    if (disagreement_of_searches(program).empty()) return true;
    ADD_FAILURE() << report(program, seed, GetParam(), disagreement_of_searches);
    return false;
  });
}

INSTANTIATE_TEST_SUITE_P(, GraphsProfileFuzz, testing::ValuesIn(profiles),
                         [](const auto& profile) { return std::string(to_string(profile.param)); });

// ---- programs of which the answer is known ----------------------------------------------------------

TEST(GraphsSearch, KnowsTheLitmusTests) {
  for (const Litmus& litmus : litmus_tests()) {
    SCOPED_TRACE(litmus.name + "\n" + to_string(litmus.program));
    for (const Model model : models) {
      const bool reached = outcomes_of(explore(litmus.program, model)).contains(litmus.outcome);
      EXPECT_EQ(reached, litmus.allows(model)) << to_string(model);
    }
  }
}

TEST(GraphsSearch, RunsEachExecutionGraphOfTheLitmusTestsExactlyOnce) {
  for (const Litmus& litmus : litmus_tests()) {
    SCOPED_TRACE(litmus.name + "\n" + to_string(litmus.program));
    for (const Model model : models) {
      const auto expected = judge(litmus.program, model, enough);
      ASSERT_TRUE(expected);
      Totals unused;
      EXPECT_EQ(disagreement(litmus.program, model, *expected, unused), "") << to_string(model);
    }
  }
}

TEST(GraphsSearch, CountsTheKnownPrograms) {
  for (const Counted& counted : counted_programs()) {
    SCOPED_TRACE(counted.name + "\n" + to_string(counted.program));
    for (const Model model : models) {
      const Result result = explore(counted.program, model);
      EXPECT_EQ(std::tuple(result.exhaustive, result.complete, result.deadlocked, result.redundant),
                std::tuple(true, counted.graphs[static_cast<std::size_t>(model)], counted.deadlocked, 0u))
          << to_string(model) << " " << result.reason;
    }
  }
}

TEST(GraphsRegression, KnownProgramsHaveTheirGraphs) {
  for (const Known& known : known_programs()) {
    SCOPED_TRACE(std::string(known.name) + "\n" + to_string(known.program));
    for (const Model model : models) {
      const auto expected = judge(known.program, model, enough);
      ASSERT_TRUE(expected);
      const Numbers numbers = known.numbers[static_cast<std::size_t>(model)];
      EXPECT_EQ(std::tuple(expected->graphs, expected->deadlocked),
                std::tuple(numbers.graphs, numbers.deadlocked))
          << to_string(model);
      Totals unused;
      EXPECT_EQ(disagreement(known.program, model, *expected, unused), "") << to_string(model);
    }
  }
}

}  // namespace
}  // namespace heddle::graphs
