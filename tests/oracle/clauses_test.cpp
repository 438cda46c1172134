// tests/oracle/clauses_test.cpp - races of random programs, judged by the standard's clauses.
//
// Two or three threads use plain variables, a relaxed flag, a shared mutex, a semaphore and a latch. The
// judge goes through every interleaving and asks of each operation which earlier ones synchronise with it, by
// the letter of its clause: it knows no clocks, no messages and no table. A program has a race if two
// conflicting accesses of some interleaving are ordered by nothing ([intro.races]/21).

#include "tests/oracle/fuzz.hpp"

#include <heddle/atomic.hpp>
#include <heddle/check.hpp>
#include <heddle/latch.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/shared_mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::clauses {
namespace {

using oracle::Dice;
using oracle::setting;

enum class Op : std::uint8_t {
  Read,
  Write,
  SetFlag,
  LeaveUnlessFlag,
  Lock,
  Unlock,
  LockShared,
  UnlockShared,
  Acquire,
  TryAcquire,
  Release,
  CountDown,
  AwaitLatch,
  LeaveUnlessLatch,
};
constexpr std::array<std::string_view, 14> names = {
    "read",    "write",       "set flag",      "leave unless flag", "lock",
    "unlock",  "lock shared", "unlock shared", "acquire",           "try acquire",
    "release", "count down",  "await latch",   "leave unless latch"};

using Code = std::vector<Op>;
using Program = std::vector<Code>;

constexpr int slots = 1;  // of the semaphore

int count_downs(const Program& program) {
  int count = 0;
  for (const Code& code : program)
    count += static_cast<int>(std::count(code.begin(), code.end(), Op::CountDown));
  return count;
}

std::string to_string(const Program& program) {
  std::string text;
  for (const Code& code : program) {
    for (const Op op : code) text += std::string(names[static_cast<std::size_t>(op)]) + "; ";
    text += '\n';
  }
  return text;
}

// ---- the judge ----------------------------------------------------------------------------------------

class Judge {
 public:
  explicit Judge(const Program& program) : program_(program), latch_(count_downs(program)) {}

  bool finds_race() {
    explore({.at = {}, .latch = latch_});
    return race_;
  }

 private:
  using Events = std::uint32_t;  // a bit for each event of the interleaving
  struct Happened {
    Op op;
    unsigned thread;
    Events before;  // happens before it
  };
  struct State {
    std::array<std::size_t, 3> at{};
    bool flag = false;
    int exclusive = 0;
    int shared = 0;
    int counter = slots;
    int latch = 0;
    std::vector<Happened> events{};
  };

  void explore(const State& state) {
    for (unsigned thread = 0; thread < program_.size() && !race_; ++thread) {
      if (state.at[thread] == program_[thread].size()) continue;
      const Op op = program_[thread][state.at[thread]];
      if (waits(state, op)) continue;
      State next = state;
      perform(next, thread, op);
      explore(next);
    }
  }

  static bool waits(const State& state, Op op) {
    switch (op) {
      case Op::Lock: return state.exclusive + state.shared > 0;
      case Op::LockShared: return state.exclusive > 0;
      case Op::Acquire: return state.counter == 0;
      case Op::AwaitLatch: return state.latch > 0;
      default: return false;
    }
  }

  void perform(State& state, unsigned thread, Op op) {
    const bool succeeds = op != Op::TryAcquire || state.counter > 0;
    const bool open = state.latch == 0;
    bool leaves = false;
    switch (op) {
      case Op::SetFlag: state.flag = true; break;
      case Op::LeaveUnlessFlag: leaves = !state.flag; break;
      case Op::Lock: ++state.exclusive; break;
      case Op::Unlock: --state.exclusive; break;
      case Op::LockShared: ++state.shared; break;
      case Op::UnlockShared: --state.shared; break;
      case Op::Acquire: --state.counter; break;
      case Op::TryAcquire: state.counter -= succeeds ? 1 : 0; break;
      case Op::Release: ++state.counter; break;
      case Op::CountDown: --state.latch; break;
      case Op::LeaveUnlessLatch: leaves = !open; break;
      default: break;
    }
    Happened event{op, thread, 0};
    for (std::size_t e = 0; e < state.events.size(); ++e) {
      const Happened& earlier = state.events[e];
      if (earlier.thread == thread || (succeeds && open_enough(op, open) && synchronises(earlier.op, op)))
        event.before |= earlier.before | Events{1} << e;
    }
    for (std::size_t e = 0; e < state.events.size(); ++e)
      if (conflict(state.events[e].op, op) && (event.before >> e & 1) == 0) race_ = true;
    state.events.push_back(event);
    state.at[thread] = leaves ? program_[thread].size() : state.at[thread] + 1;
  }

  static bool open_enough(Op op, bool open) { return op != Op::LeaveUnlessLatch || open; }
  static bool conflict(Op a, Op b) {
    return (a == Op::Write && (b == Op::Write || b == Op::Read)) || (a == Op::Read && b == Op::Write);
  }
  // Of an earlier operation with a later one on the same object, which has succeeded.
  static bool synchronises(Op earlier, Op later) {
    switch (later) {
      case Op::Lock: return earlier == Op::Unlock || earlier == Op::UnlockShared;
      case Op::LockShared: return earlier == Op::Unlock;
      case Op::Acquire:
      case Op::TryAcquire: return earlier == Op::Release;
      case Op::AwaitLatch:
      case Op::LeaveUnlessLatch: return earlier == Op::CountDown;
      default: return false;
    }
  }

  const Program& program_;
  int latch_;
  bool race_ = false;
};

// ---- the checker --------------------------------------------------------------------------------------

struct Shared {
  explicit Shared(int count) : done(count) {}
  var<int> data{0, "data"};
  atomic<bool> flag{false, "flag"};
  shared_mutex guard{"guard"};
  counting_semaphore<> slots_left{slots, "slots"};
  latch done;
};

void run(const Code& code, Shared& shared) {
  for (const Op op : code) {
    switch (op) {
      case Op::Read: static_cast<void>(shared.data.load()); break;
      case Op::Write: shared.data.store(1); break;
      case Op::SetFlag: shared.flag.store(true, std::memory_order_relaxed); break;
      case Op::LeaveUnlessFlag:
        if (!shared.flag.load(std::memory_order_relaxed)) return;
        break;
      case Op::Lock: shared.guard.lock(); break;
      case Op::Unlock: shared.guard.unlock(); break;
      case Op::LockShared: shared.guard.lock_shared(); break;
      case Op::UnlockShared: shared.guard.unlock_shared(); break;
      case Op::Acquire: shared.slots_left.acquire(); break;
      case Op::TryAcquire: static_cast<void>(shared.slots_left.try_acquire()); break;
      case Op::Release: shared.slots_left.release(); break;
      case Op::CountDown: shared.done.count_down(); break;
      case Op::AwaitLatch: shared.done.wait(); break;
      case Op::LeaveUnlessLatch:
        if (!shared.done.try_wait()) return;
        break;
    }
  }
}

bool finds_race(const Program& program, MemoryModel model, StrategyKind strategy) {
  Options options;
  options.model = model;
  options.strategy = strategy;
  options.keep_going = true;
  options.minimize_executions = 0;
  options.unresponsive = std::chrono::milliseconds(0);  // no timer per program
  const Result result = check(
      [&] {
        Shared shared(count_downs(program));
        std::deque<thread> threads;
        for (const Code& code : program) threads.emplace_back([&] { run(code, shared); });
        for (thread& each : threads) each.join();
      },
      options);
  EXPECT_TRUE(result.exhaustive) << result.reason;
  return std::any_of(result.defects.begin(), result.defects.end(),
                     [](const Defect& defect) { return defect.kind == DefectKind::DataRace; });
}

// ---- random programs ----------------------------------------------------------------------------------

// A thread writes before what may hand the data over, or reads after it; in between anything may come.
Program random_program(std::uint64_t seed) {
  Dice dice(seed);
  Program program(2 + (dice.below(3) == 0 ? 1 : 0));
  const unsigned pieces = program.size() == 2 ? 4 : 2;
  for (Code& code : program) {
    if (dice.below(2) == 0) code.push_back(dice.below(3) == 0 ? Op::Read : Op::Write);
    for (unsigned n = 1 + dice.below(pieces); n > 0; --n) {
      switch (dice.below(8)) {
        case 0:
        case 1: {
          const bool exclusive = dice.below(3) == 0;
          code.push_back(exclusive ? Op::Lock : Op::LockShared);
          if (dice.below(4) == 0) code.push_back(exclusive || dice.below(2) == 0 ? Op::Read : Op::SetFlag);
          code.push_back(exclusive ? Op::Unlock : Op::UnlockShared);
          break;
        }
        case 2: code.push_back(dice.below(2) == 0 ? Op::Acquire : Op::TryAcquire); break;
        case 3: code.push_back(Op::Release); break;
        case 4: code.push_back(Op::CountDown); break;
        case 5: code.push_back(dice.below(2) == 0 ? Op::AwaitLatch : Op::LeaveUnlessLatch); break;
        case 6: code.push_back(Op::SetFlag); break;
        default: code.push_back(Op::LeaveUnlessFlag); break;
      }
    }
    if (dice.below(2) == 0) code.push_back(dice.below(3) == 0 ? Op::Write : Op::Read);
  }
  return program;
}

TEST(ClausesFuzz, TheCheckerFindsARaceWhereTheClausesHaveOne) {
  const std::uint64_t first = setting("HEDDLE_FUZZ_SEED", 1);
  const std::uint64_t programs = setting("HEDDLE_FUZZ_PROGRAMS", 2500);
  std::uint64_t with_race = 0;
  for (std::uint64_t seed = first; seed < first + programs; ++seed) {
    const Program program = random_program(seed);
    const bool expected = Judge(program).finds_race();
    if (expected) ++with_race;
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + to_string(program));
    ASSERT_EQ(finds_race(program, MemoryModel::Sc, StrategyKind::Optimal), expected);
    ASSERT_EQ(finds_race(program, MemoryModel::Sc, StrategyKind::Graphs), expected);
    // What the models allow beyond that can only add races.
    if (!expected) continue;
    ASSERT_TRUE(finds_race(program, MemoryModel::Tso, StrategyKind::Graphs));
    ASSERT_TRUE(finds_race(program, MemoryModel::Rc11, StrategyKind::Graphs));
  }
  std::cout << programs << " programs, " << with_race << " with a race\n";
}

}  // namespace
}  // namespace heddle::clauses
