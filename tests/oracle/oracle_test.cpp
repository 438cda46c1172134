// tests/oracle/oracle_test.cpp - the exhaustive searches against brute force, on random programs.
//
// HEDDLE_FUZZ_PROGRAMS is per profile here (fuzz.hpp). The place of a program on which they disagreed is in
// the list of regressions.

#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/fuzz.hpp"
#include "tests/oracle/known_programs.hpp"
#include "tests/oracle/program.hpp"
#include "tests/oracle/translate.hpp"

#include <heddle/check.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <iostream>

namespace heddle::oracle {
namespace {

constexpr std::uint64_t programs_per_profile = 2'500;
constexpr std::size_t beginnings_max =
    20'000;                             // larger programs are left out: the time goes into many small ones
constexpr std::uint64_t all_every = 8;  // every how many programs StrategyKind::All is compared as well
constexpr std::uint64_t interleavings_max = 2'000;  // for it
constexpr std::uint64_t definition_every = 16;      // and the two kinds of brute force with each other
constexpr std::uint64_t graphs_every = 2;           // for how many fewer programs graphs are compared
constexpr unsigned timeouts_max = 1'000;            // more than there are timed waits in any program

std::set<std::string> outcomes_of(const Result& result) {
  std::set<std::string> all;
  for (const Outcome& outcome : result.outcomes) all.insert(outcome.values.front().second);
  return all;
}

Result explore(const Program& program, StrategyKind strategy) {
  Options options;
  options.strategy = strategy;
  options.keep_going = true;
  options.minimize_executions = 0;
  options.unresponsive = std::chrono::milliseconds(0);  // no timer per program
  options.timeouts = timeouts_max;
  return check(scenario_body(program), options);
}

class Comparison {
 public:
  void equal(const char* what, std::uint64_t explored, std::uint64_t expected) {
    if (explored != expected)
      text_ += std::string(what) + ": " + std::to_string(explored) + " explored, " +
               std::to_string(expected) + " by brute force\n";
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
  std::string text_;
};

struct Totals {
  std::uint64_t programs = 0, too_large = 0, classes = 0, deadlocked = 0, with_deadlock = 0, blocked = 0,
                all = 0;
};

bool contains(const Program& program, Op op) { return count(program, op) > 0; }

// Then the optimal search may have to abandon an execution.
bool has_steps_on_several_objects(const Program& program) {
  return contains(program, Op::Block) || contains(program, Op::Wait) || contains(program, Op::TimedWait) ||
         contains(program, Op::LockBoth) || contains(program, Op::AwaitEither) ||
         contains(program, Op::WaitForChange);
}

// A thread that has looked in vain is stopped there: an execution in which the value comes later is
// abandoned, and where it never comes, when the thread has looked makes several interleavings of one class.
bool has_loops(const Program& program) {
  return contains(program, Op::Await) || contains(program, Op::AwaitEither) ||
         contains(program, Op::AwaitExchange);
}

// Steps that the searches run at once, and never branch over.
bool has_local_steps(const Program& program) {
  return contains(program, Op::Choose) || contains(program, Op::TimedWait) || contains(program, Op::Join);
}

// Nothing when the optimal search takes exactly one execution for each class.
std::string disagreement_of_optimal(const Program& program, const Behaviour& expected, Totals& totals) {
  Comparison compare;
  try {
    const Result result = explore(program, StrategyKind::Optimal);
    totals.blocked += result.blocked;
    compare.require(result.exhaustive, "not exhaustive: " + result.reason);
    compare.require(!result.redundant_sampled, "too many classes to remember");
    if (!contains(program, Op::AwaitEither)) {
      compare.equal("executions (classes)", result.complete, expected.classes);
      compare.equal("deadlocked classes", result.deadlocked, expected.deadlocked);
    }
    compare.equal("redundant executions", result.redundant, 0);
    if (!has_steps_on_several_objects(program) && !has_loops(program))
      compare.equal("abandoned executions", result.blocked, 0);
    compare.outcomes(outcomes_of(result), expected.outcomes);
  } catch (const std::exception& error) {
    compare.require(false, std::string("exception: ") + error.what());
  }
  return compare.text();
}

std::string disagreement_of_all(const Program& program, const Behaviour& expected) {
  Comparison compare;
  try {
    const Result result = explore(program, StrategyKind::All);
    compare.require(result.exhaustive, "not exhaustive: " + result.reason);
    if (!has_loops(program)) {
      compare.equal("classes", result.complete - result.redundant, expected.classes);
      if (!has_local_steps(program)) compare.equal("interleavings", result.complete, expected.interleavings);
      compare.equal("abandoned executions", result.blocked, 0);
    }
    compare.outcomes(outcomes_of(result), expected.outcomes);
  } catch (const std::exception& error) {
    compare.require(false, std::string("exception: ") + error.what());
  }
  return compare.text();
}

// Execution graphs have no steps on several objects, but for locks of several mutexes: those are taken one
// after the other, and given up where that gets in the way of others.
bool has_graphs(const Program& program) { return !contains(program, Op::Block); }

// Under sc the search of execution graphs has to find the same. Where threads wait in loops or on condition
// variables it has other steps, and so other classes: looking in vain is none, and to wait and to unlock are
// two.
std::string disagreement_of_graphs(const Program& program, const Behaviour& expected) {
  Comparison compare;
  try {
    const Result result = explore(program, StrategyKind::Graphs);
    if (!result.exhaustive) {  // a notification that a timed wait may have left to another thread
      compare.require(contains(program, Op::TimedWait), "not exhaustive: " + result.reason);
      return compare.text();
    }
    const bool same_steps = !program.waits;
    if (same_steps) {
      compare.equal("graphs", result.complete, expected.classes);
      compare.equal("deadlocked graphs", result.deadlocked, expected.deadlocked);
      if (!contains(program, Op::LockBoth)) compare.equal("abandoned executions", result.blocked, 0);
    }
    compare.equal("redundant executions", result.redundant, 0);
    compare.require((result.deadlocked > 0) == (expected.deadlocked > 0), "deadlock in one of them only");
    compare.outcomes(outcomes_of(result), expected.outcomes);
  } catch (const std::exception& error) {
    compare.require(false, std::string("exception: ") + error.what());
  }
  return compare.text();
}

template <class Disagreement>
std::string report(const Program& program, std::uint64_t seed, Profile profile, Disagreement disagreement) {
  return "profile " + std::string(to_string(profile)) + ", seed " + std::to_string(seed) + "\n" +
         told_with_smallest(program, disagreement);
}

class OracleFuzz : public testing::TestWithParam<Profile> {};

TEST_P(OracleFuzz, OptimalRunsEachClassExactlyOnce) {
  const Profile profile = GetParam();
  const std::uint64_t first = setting("HEDDLE_FUZZ_SEED", 1);
  const std::uint64_t programs = setting("HEDDLE_FUZZ_PROGRAMS", programs_per_profile);
  Totals totals;
  const auto optimal = [&](const Program& program) {
    Totals unused;
    const auto expected = brute_force(program, beginnings_max);
    return expected ? disagreement_of_optimal(program, *expected, unused) : std::string();
  };
  const auto all = [&](const Program& program) {
    const auto expected = brute_force(program, beginnings_max);
    return expected ? disagreement_of_all(program, *expected) : std::string();
  };
  std::uint64_t seed = first;
  for (; totals.programs < programs; ++seed) {
    const Program program = random_program(seed, profile);
    const auto expected = brute_force(program, beginnings_max);
    if (!expected) {
      ++totals.too_large;
      continue;
    }
    totals.classes += expected->classes;
    totals.deadlocked += expected->deadlocked;
    totals.with_deadlock += expected->deadlocked > 0 ? 1 : 0;
    if (!disagreement_of_optimal(program, *expected, totals).empty()) {
      ADD_FAILURE() << "the optimal search, " << report(program, seed, profile, optimal);
      return;
    }
    if (totals.programs++ % all_every == 0 && expected->interleavings <= interleavings_max) {
      ++totals.all;
      if (!disagreement_of_all(program, *expected).empty()) {
        ADD_FAILURE() << "the search of all interleavings, " << report(program, seed, profile, all);
        return;
      }
    }
  }
  std::cout << to_string(profile) << ": seeds " << first << " to " << seed - 1 << ", " << totals.programs
            << " programs, " << totals.classes << " classes (" << totals.deadlocked << " deadlocked, in "
            << totals.with_deadlock << " programs), " << totals.blocked << " executions abandoned ("
            << share_text(totals.blocked, totals.classes) << "); " << totals.all
            << " also by all interleavings; " << totals.too_large << " left out as too large\n";
}

TEST_P(OracleFuzz, BruteForceAgreesWithTheDefinition) {
  const Profile profile = GetParam();
  const std::uint64_t first = setting("HEDDLE_FUZZ_SEED", 1);
  const std::uint64_t programs = setting("HEDDLE_FUZZ_PROGRAMS", programs_per_profile) / definition_every;
  std::uint64_t compared = 0;
  for (std::uint64_t seed = first; seed < first + programs; ++seed) {
    const Program program = random_program(seed, profile);
    const auto merged = brute_force(program, beginnings_max);
    if (!merged || merged->interleavings > interleavings_max) continue;
    const Behaviour literal = brute_force_by_definition(program);
    ASSERT_EQ(merged->classes, literal.classes) << "seed " << seed << "\n" << to_string(program);
    ASSERT_EQ(merged->deadlocked, literal.deadlocked) << "seed " << seed << "\n" << to_string(program);
    ASSERT_EQ(merged->interleavings, literal.interleavings) << "seed " << seed << "\n" << to_string(program);
    ASSERT_EQ(merged->outcomes, literal.outcomes) << "seed " << seed << "\n" << to_string(program);
    ++compared;
  }
  std::cout << to_string(profile) << ": seeds " << first << " to " << first + programs - 1 << ", " << compared
            << " programs compared\n";
}

INSTANTIATE_TEST_SUITE_P(, OracleFuzz,
                         testing::Values(Profile::Data, Profile::Mutexes, Profile::Blocks, Profile::Mixed,
                                         Profile::Choices, Profile::Synchronisation, Profile::Everything,
                                         Profile::Notifications),
                         [](const auto& profile) { return std::string(to_string(profile.param)); });

class OracleGraphsFuzz : public testing::TestWithParam<Profile> {};

TEST_P(OracleGraphsFuzz, GraphsUnderScComeToTheSame) {
  const Profile profile = GetParam();
  const std::uint64_t first = setting("HEDDLE_FUZZ_SEED", 1);
  const std::uint64_t programs = setting("HEDDLE_FUZZ_PROGRAMS", programs_per_profile) / graphs_every;
  const auto graphs = [&](const Program& program) {
    const auto expected = brute_force(program, beginnings_max);
    return expected && has_graphs(program) ? disagreement_of_graphs(program, *expected) : std::string();
  };
  std::uint64_t compared = 0;
  std::uint64_t seed = first;
  for (; compared < programs; ++seed) {
    const Program program = random_program(seed, profile);
    if (!has_graphs(program)) continue;
    const auto expected = brute_force(program, beginnings_max);
    if (!expected) continue;
    ++compared;
    if (!disagreement_of_graphs(program, *expected).empty()) {
      ADD_FAILURE() << "the search of execution graphs, " << report(program, seed, profile, graphs);
      return;
    }
  }
  std::cout << to_string(profile) << ": seeds " << first << " to " << seed - 1 << ", " << compared
            << " programs compared\n";
}

INSTANTIATE_TEST_SUITE_P(, OracleGraphsFuzz,
                         testing::Values(Profile::Data, Profile::Mutexes, Profile::Choices,
                                         Profile::Synchronisation, Profile::Everything,
                                         Profile::Notifications),
                         [](const auto& profile) { return std::string(to_string(profile.param)); });

// ---- whom a notification wakes ----------------------------------------------------------------------

// Heddle decides only when a thread wakes up which of the waiting threads a notify_one was for. Nothing when
// this makes no difference to what can come out, compared with deciding at once.
std::string disagreement_on_notify_one(const Program& program) {
  const auto later = brute_force(program, beginnings_max, NotifyOne::WhoeverWakesFirst);
  const auto at_once = brute_force(program, 2 * beginnings_max, NotifyOne::AnyOfThem);
  if (!later || !at_once) return {};
  std::string text;
  for (const std::string& outcome : later->outcomes)
    if (!at_once->outcomes.contains(outcome)) text += "only when decided later: " + outcome + "\n";
  if (later->deadlocked > 0 && at_once->deadlocked == 0) text += "deadlock only when decided later\n";
  for (const std::string& outcome : at_once->outcomes)
    if (!later->outcomes.contains(outcome)) text += "only when decided at once: " + outcome + "\n";
  if (at_once->deadlocked > 0 && later->deadlocked == 0) text += "deadlock only when decided at once\n";
  return text;
}

class OracleNotifyOneFuzz : public testing::TestWithParam<Profile> {};

TEST_P(OracleNotifyOneFuzz, WhomItWakesMayBeDecidedLater) {
  const Profile profile = GetParam();
  const std::uint64_t first = setting("HEDDLE_FUZZ_SEED", 1);
  const std::uint64_t programs = setting("HEDDLE_FUZZ_PROGRAMS", programs_per_profile);
  std::uint64_t compared = 0;
  std::uint64_t seed = first;
  for (; compared < programs; ++seed) {
    const Program program = random_program(seed, profile);
    const bool waits = count(program, Op::Wait) + count(program, Op::TimedWait) >= 2;
    if (!waits || !contains(program, Op::NotifyOne)) continue;
    ++compared;
    if (!disagreement_on_notify_one(program).empty()) {
      ADD_FAILURE() << report(program, seed, profile, disagreement_on_notify_one);
      return;
    }
  }
  std::cout << to_string(profile) << ": seeds " << first << " to " << seed - 1 << ", " << compared
            << " programs compared\n";
}

INSTANTIATE_TEST_SUITE_P(, OracleNotifyOneFuzz,
                         testing::Values(Profile::Synchronisation, Profile::Notifications),
                         [](const auto& profile) { return std::string(to_string(profile.param)); });

// The second thread waits when the notification comes (z) and finds its time over afterwards (x); the first
// thread, which wakes up only then (y), is notified all the same.
TEST(OracleNotifyOne, ATimedWaitThatIsOverLeavesTheNotificationToAnother) {
  constexpr unsigned x = 0, y = 1, z = 2, m = 0;
  const Program program{
      .variables = 3,
      .mutexes = 1,
      .waits = true,
      .threads = {{lock(m), on(Op::Wait, 0), load(y), unlock(m)},
                  {lock(m), store(z, 1), on(Op::TimedWait, 0, 0), load(x, 1), store(y, 1), unlock(m)},
                  {lock(m), load(z, 0), store(x, 1), on(Op::NotifyOne, 0), unlock(m)}}};
  const Result result = explore(program, StrategyKind::Optimal);
  EXPECT_TRUE(result.exhaustive);
  EXPECT_TRUE(outcomes_of(result).contains("1 0 | 0 1 | 1 0 | 1 1 1 "));
  EXPECT_EQ(disagreement_on_notify_one(program), "");
}

TEST(OracleRegression, KnownProgramsHaveTheirNumberOfClasses) {
  for (const Known& known : known_programs()) {
    SCOPED_TRACE(std::string(known.name) + "\n" + to_string(known.program));
    const auto expected = brute_force(known.program, 2'000'000);
    ASSERT_TRUE(expected);
    EXPECT_EQ(expected->classes, known.classes);
    EXPECT_EQ(expected->deadlocked, known.deadlocked);
    Totals totals;
    EXPECT_EQ(disagreement_of_optimal(known.program, *expected, totals), "");
    if (expected->interleavings <= interleavings_max) {
      EXPECT_EQ(disagreement_of_all(known.program, *expected), "");
    }
  }
}

}  // namespace
}  // namespace heddle::oracle
