// tests/oracle/loops_test.cpp - loops that remember, or give up, against every state they can be in.
//
// HEDDLE_FUZZ_PROGRAMS is per profile. A loop that writes, or takes mutexes, may leave a search without a
// proof; then it must not have found what is not there.

#include "tests/oracle/fuzz.hpp"
#include "tests/oracle/loops_judge.hpp"
#include "tests/oracle/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/check.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <iostream>

namespace heddle::loops {
namespace {

using oracle::Search;
using oracle::share_text;

constexpr std::uint64_t programs_per_profile = 1'000;
constexpr std::size_t states_max = 20'000;
constexpr std::uint64_t executions_max = 2'000;
constexpr std::uint32_t steps_max = 400;

// ---- a program through the public types -----------------------------------------------------------------

struct Shared {
  std::array<atomic<int>, variables_max> variables{atomic<int>{0, "x"}, atomic<int>{0, "y"}};
  std::array<mutex, mutexes_max> mutexes{mutex{"m"}, mutex{"n"}};
};

class Run {
 public:
  Run(Shared& shared, Registers& registers) : shared_(shared), registers_(registers) {}

  void operator()(const Piece& piece) {
    atomic<int>& variable = shared_.variables[piece.variable];
    atomic<int>& another = shared_.variables[1 - piece.variable];
    mutex& first = shared_.mutexes[piece.mutex];
    mutex& second = shared_.mutexes[1 - piece.mutex];
    switch (piece.kind) {
      case Kind::Store: variable.store(piece.value); break;
      case Kind::Add: variable.fetch_add(piece.value); break;
      case Kind::StoreLocked: {
        const lock_guard hold(first);
        variable.store(piece.value);
        break;
      }
      case Kind::Spin: repeat(piece, [&] { return is_seen(piece, variable.load()); }); break;
      case Kind::SpinLocked:
        repeat(piece, [&] {
          first.lock();
          const int seen = variable.load();
          first.unlock();
          return is_seen(piece, seen);
        });
        break;
      case Kind::AddInLoop: {
        int seen = variable.load();
        repeat(piece, [&] {
          if (variable.compare_exchange_strong(seen, seen + piece.value)) return true;
          remember(piece, seen, registers_);
          return false;
        });
        break;
      }
      case Kind::TryLock:
        if (!repeat(piece, [&] { return is_taken(piece, first); })) break;
        variable.fetch_add(piece.value);
        first.unlock();
        break;
      case Kind::BackOff:
      case Kind::BackOffSwapped: {
        mutex* one = &first;
        mutex* two = &second;
        const bool has_both = repeat(piece, [&] {
          one->lock();
          if (two->try_lock()) return true;
          one->unlock();
          remember(piece, 0, registers_);
          if (piece.kind == Kind::BackOffSwapped) std::swap(one, two);
          return false;
        });
        if (!has_both) break;
        variable.fetch_add(piece.value);
        two->unlock();
        one->unlock();
        break;
      }
      case Kind::Exchange:
      case Kind::LookThenExchange: {
        const bool has_it = repeat(piece, [&] {
          int seen = piece.kind == Kind::LookThenExchange ? variable.load() : 0;
          if (seen == 0) seen = variable.exchange(1);
          if (seen == 0) return true;
          remember(piece, seen, registers_);
          return false;
        });
        if (!has_it) break;
        another.fetch_add(piece.value);
        variable.store(0);
        break;
      }
    }
  }

 private:
  // Until it succeeds, or as often as it may. Returns whether it has succeeded.
  template <class Try>
  static bool repeat(const Piece& piece, Try attempt) {
    if (piece.bound > 0) {
      for (int tries = 0; tries < piece.bound; ++tries)
        if (attempt()) return true;
      return false;
    }
    if (piece.yield_after == 0) {
      while (!attempt()) {
      }
      return true;
    }
    for (;;) {
      for (int tries = 0; tries < piece.yield_after; ++tries)
        if (attempt()) return true;
      this_thread::yield();
    }
  }

  bool is_seen(const Piece& piece, int seen) {
    const bool is_it = seen == piece.value;
    if (!is_it || piece.remember != Remember::Count) remember(piece, seen, registers_);
    return is_it;
  }
  bool is_taken(const Piece& piece, mutex& wanted) {
    if (wanted.try_lock()) return true;
    remember(piece, 0, registers_);
    return false;
  }

  Shared& shared_;
  Registers& registers_;
};

void run(const Program& program) {
  Shared shared;
  std::array<Registers, threads_max> registers{};
  std::array<thread, threads_max> threads;
  for (std::size_t t = 0; t < program.size(); ++t)
    threads[t] = thread([&, t] {
      Run perform(shared, registers[t]);
      for (const Piece& piece : program[t]) perform(piece);
    });
  for (std::size_t t = 0; t < program.size(); ++t) threads[t].join();
  heddle::outcome("final", final_text(registers, {shared.variables[0].load(), shared.variables[1].load()}));
}

// ---- comparing ------------------------------------------------------------------------------------------

// All operations are seq_cst, so that the models come to the same, but for tries that fail: those order
// nothing
// ([thread.mutex.requirements.mutex]), and programs with them are left out under rc11.
constexpr Search searches[] = {oracle::optimal, oracle::sc_graphs, oracle::rc11};

struct Totals {
  std::uint64_t programs = 0, too_large = 0, states = 0, hang = 0;
  std::array<std::uint64_t, std::size(searches)> inconclusive{};
};

bool has_bounds_only(const Program& program) {
  for (const Code& code : program)
    for (const Piece& piece : code)
      if (piece.kind > Kind::StoreLocked && piece.bound == 0) return false;
  return true;
}

bool tries_to_lock(const Program& program) {
  for (const Code& code : program)
    for (const Piece& piece : code)
      if (piece.kind == Kind::TryLock || piece.kind == Kind::BackOff || piece.kind == Kind::BackOffSwapped)
        return true;
  return false;
}

// Nothing when the search comes to the same, or knows that it does not know.
std::string disagreement(const Program& program, const oracle::Reached& expected, const Search& search,
                         std::uint64_t& inconclusive) {
  Options options = oracle::options_of(search);
  options.executions = executions_max;
  options.steps = steps_max;
  std::string text;
  try {
    const Result result = check([&] { run(program); }, options);
    text += oracle::difference(result, expected, [](DefectKind kind) {
      return kind == DefectKind::Deadlock || kind == DefectKind::Livelock;
    });
    for (const Defect& defect : result.defects)
      if (defect.kind == DefectKind::Livelock && has_bounds_only(program)) text += "no loop is endless\n";
    if (!result.exhaustive) {
      ++inconclusive;
      const bool limited = result.complete + result.blocked >= executions_max;
      if (has_bounds_only(program) && !limited) text += "not exhaustive: " + result.reason + "\n";
    }
  } catch (const std::exception& error) {
    text += std::string("exception: ") + error.what() + "\n";
  }
  return text;
}

class LoopsFuzz : public testing::TestWithParam<Profile> {};

TEST_P(LoopsFuzz, TheSearchesKnowWhatLoopsComeTo) {
  const Profile profile = GetParam();
  const std::uint64_t first = oracle::setting("HEDDLE_FUZZ_SEED", 1);
  const std::uint64_t programs = oracle::setting("HEDDLE_FUZZ_PROGRAMS", programs_per_profile);
  Totals totals;
  std::uint64_t seed = first;
  for (; totals.programs < programs; ++seed) {
    const Program program = random_program(seed, profile);
    const auto expected = judge(program, states_max);
    if (!expected) {
      ++totals.too_large;
      continue;
    }
    ++totals.programs;
    totals.states += expected->states;
    totals.hang += expected->hangs ? 1 : 0;
    for (std::size_t i = 0; i < std::size(searches); ++i) {
      if (searches[i].model == MemoryModel::Rc11 && tries_to_lock(program)) continue;
      if (disagreement(program, *expected, searches[i], totals.inconclusive[i]).empty()) continue;
      const auto disagrees = [&](const Program& candidate) {
        std::uint64_t unused = 0;
        const auto judged = judge(candidate, states_max);
        return judged ? disagreement(candidate, *judged, searches[i], unused) : std::string();
      };
      ADD_FAILURE() << searches[i].name << ", profile " << to_string(profile) << ", seed " << seed << "\n"
                    << oracle::told_with_smallest(program, disagrees);
      return;
    }
  }
  std::cout << to_string(profile) << ": seeds " << first << " to " << seed - 1 << ", " << totals.programs
            << " programs (" << totals.states << " states), of which " << totals.hang
            << " may hang; inconclusive:";
  for (std::size_t i = 0; i < std::size(searches); ++i)
    std::cout << " " << share_text(totals.inconclusive[i], totals.programs) << " by " << searches[i].name
              << ",";
  std::cout << " " << totals.too_large << " left out as too large\n";
}

INSTANTIATE_TEST_SUITE_P(, LoopsFuzz,
                         testing::Values(Profile::Bounded, Profile::Stateful, Profile::Locks, Profile::Mixed),
                         [](const auto& profile) { return std::string(to_string(profile.param)); });

}  // namespace
}  // namespace heddle::loops
