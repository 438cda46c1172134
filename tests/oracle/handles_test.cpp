// tests/oracle/handles_test.cpp - owners and results of random programs, against every state they can be in.
//
// HEDDLE_FUZZ_PROGRAMS is per profile.

#include "tests/oracle/fuzz.hpp"
#include "tests/oracle/handles_judge.hpp"
#include "tests/oracle/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/check.hpp>
#include <heddle/expect.hpp>
#include <heddle/future.hpp>
#include <heddle/memory.hpp>
#include <heddle/thread.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>

namespace heddle::handles {
namespace {

constexpr std::uint64_t programs_per_profile = 500;
constexpr std::size_t states_max = 1'500;  // larger programs are left out: time goes into many small ones
constexpr std::uint64_t executions_max = 1'000;

// ---- a program through the public types -----------------------------------------------------------------

struct Object {
  Object(int m, atomic<int>& g) : maker(m), gone(g) {}
  Object(const Object&) = delete;
  ~Object() { gone.fetch_add(1); }
  int maker;
  atomic<int>& gone;
};

class Run {
 public:
  explicit Run(const Program& program) : program_(program) {}

  void operator()() {
    std::vector<std::string> seen(program_.threads.size());
    {
      auto first = make_shared<Object>(0, gone_);
      std::vector<Local> locals(program_.threads.size());
      for (std::size_t t = 0; t < locals.size(); ++t) {
        Local& mine = locals[t];
        if (program_.observes) mine.observer = first;
        if (program_.shares) mine.owner = first;
        promised_[t] = mine.promised->get_future().share();
        mine.task = packaged_task<int()>([this] { return counter_.fetch_add(1); });
        of_tasks_[t] = mine.task.get_future().share();
      }
      std::vector<thread> threads;
      for (std::size_t t = 0; t < locals.size(); ++t)
        threads.emplace_back([&, t, given = std::move(locals[t])]() mutable {
          Local mine = std::move(given);
          mine.promises = promised_;
          mine.tasks = of_tasks_;
          for (const Instruction& next : program_.threads[t]) step(next, static_cast<int>(t), mine, seen[t]);
        });
      first.reset();
      for (thread& each : threads) each.join();
    }
    slot_.store(nullptr);
    heddle::outcome("final", final_text(seen, counter_.load(), gone_.load()));
  }

 private:
  using Futures = std::array<shared_future<int>, threads_max>;
  struct Local {  // goes from the last to the first
    Futures promises{};
    Futures tasks{};
    std::optional<promise<int>> promised{std::in_place};
    packaged_task<int()> task{};
    weak_ptr<Object> observer{};
    shared_ptr<Object> owner{};
    bool is_private = false;
    future<int> call{};
  };

  void step(const Instruction& next, int number, Local& mine, std::string& seen) {
    if (next.op >= Op::SetValue) return result(next, number, mine, seen);
    const bool was_private = std::exchange(mine.is_private, false);
    switch (next.op) {
      case Op::Make:
        mine.owner = make_shared<Object>(1 + number, gone_);
        mine.is_private = true;
        break;
      case Op::Drop: mine.owner.reset(); break;
      case Op::Load: mine.owner = slot_.load(); break;
      case Op::Store: slot_.store(mine.owner); break;
      case Op::Swap: mine.owner = slot_.exchange(std::move(mine.owner)); break;
      case Op::Replace:
        seen += slot_.compare_exchange_strong(mine.owner, make_shared<Object>(1 + number, gone_)) ? '+' : '-';
        break;
      case Op::Observe:
        mine.observer = mine.owner;
        mine.is_private = was_private;
        break;
      case Op::Lock:
        mine.owner = mine.observer.lock();
        seen += mine.owner ? '+' : '-';
        break;
      case Op::Look:
        seen += mine.owner ? std::to_string(mine.owner->maker) : "-";
        mine.is_private = was_private;
        break;
      case Op::Count:
        if (was_private) seen += std::to_string(mine.owner.use_count());
        mine.is_private = was_private;
        break;
      default: seen += std::to_string(gone_.load()); mine.is_private = was_private;
    }
  }

  void result(const Instruction& next, int number, Local& mine, std::string& seen) {
    const bool is_there = next.other < program_.threads.size();
    switch (next.op) {
      case Op::SetValue:
        if (!mine.promised) seen += 'n';
        else seen += succeeds([&] { mine.promised->set_value(1 + number); });
        break;
      case Op::SetError:
        if (!mine.promised) seen += 'n';
        else
          seen += succeeds(
              [&] { mine.promised->set_exception(std::make_exception_ptr(std::out_of_range("no"))); });
        break;
      case Op::Break: mine.promised.reset(); break;
      case Op::Call: seen += succeeds([&] { mine.task(); }); break;
      case Op::Get:
        if (is_there) seen += value_of(mine.promises[next.other]);
        break;
      case Op::IsReady:
        if (is_there)
          seen +=
              mine.promises[next.other].wait_for(std::chrono::seconds(0)) == future_status::ready ? '1' : '0';
        break;
      case Op::GetOfTask:
        if (is_there) seen += value_of(mine.tasks[next.other]);
        break;
      case Op::Async:
      case Op::Defer:
        mine.call = {};
        mine.call = heddle::async(next.op == Op::Async ? launch::async : launch::deferred,
                                  [this] { return counter_.fetch_add(1); });
        break;
      default: seen += mine.call.valid() ? std::to_string(mine.call.get()) : "n";
    }
  }

  template <class Set>
  static char succeeds(Set set) {
    try {
      set();
      return '+';
    } catch (const future_error& error) {
      return error.code() == future_errc::promise_already_satisfied ? 'x' : '?';
    }
  }
  static std::string value_of(const shared_future<int>& future) {
    try {
      return std::to_string(future.get());
    } catch (const std::out_of_range&) {
      return "e";
    } catch (const future_error& error) {
      return error.code() == future_errc::broken_promise ? "b" : "?";
    }
  }

  const Program& program_;
  atomic<int> gone_{0, "gone"};
  atomic<int> counter_{0, "counter"};
  atomic<shared_ptr<Object>> slot_{nullptr, "slot"};
  Futures promised_{};
  Futures of_tasks_{};
};

// ---- comparing ------------------------------------------------------------------------------------------

// Nothing when the search comes to the same.
std::string disagreement(const Program& program, const oracle::Reached& expected,
                         const oracle::Search& search, std::uint64_t& unsettled) {
  Options options = oracle::options_of(search);
  options.executions = executions_max;
  std::string text;
  try {
    const Result result = check([&] { Run{program}(); }, options);
    text +=
        oracle::difference(result, expected, [](DefectKind kind) { return kind == DefectKind::Deadlock; });
    if (!result.exhaustive) {
      ++unsettled;
      if (result.complete + result.blocked < executions_max)
        text += "not exhaustive: " + result.reason + "\n";
    }
  } catch (const std::exception& error) {
    text += std::string("exception: ") + error.what() + "\n";
  }
  return text;
}

class HandlesFuzz : public testing::TestWithParam<Profile> {};

TEST_P(HandlesFuzz, TheSearchesKnowWhatComesOut) {
  const Profile profile = GetParam();
  const std::uint64_t first = oracle::setting("HEDDLE_FUZZ_SEED", 1);
  const std::uint64_t programs = oracle::setting("HEDDLE_FUZZ_PROGRAMS", programs_per_profile);
  std::uint64_t compared = 0, too_large = 0, states = 0, hang = 0, outcomes = 0, unsettled = 0;
  std::uint64_t seed = first;
  for (; compared < programs; ++seed) {
    const Program program = random_program(seed, profile);
    const auto expected = judge(program, states_max);
    if (!expected) {
      ++too_large;
      continue;
    }
    ++compared;
    states += expected->states;
    outcomes += expected->outcomes.size();
    hang += expected->hangs ? 1 : 0;
    for (const oracle::Search& search : {oracle::optimal, oracle::sc_graphs}) {
      if (disagreement(program, *expected, search, unsettled).empty()) continue;
      const auto disagrees = [&](const Program& candidate) {
        const auto judged = judge(candidate, states_max);
        return judged ? disagreement(candidate, *judged, search, unsettled) : std::string();
      };
      ADD_FAILURE() << search.name << ", profile " << to_string(profile) << ", seed " << seed << "\n"
                    << oracle::told_with_smallest(program, disagrees);
      return;
    }
  }
  std::cout << to_string(profile) << ": seeds " << first << " to " << seed - 1 << ", " << compared
            << " programs (" << states << " states, " << outcomes << " outcomes), of which " << hang
            << " may hang; " << oracle::share_text(unsettled, 2 * compared)
            << " of the searches inconclusive; " << too_large << " programs left out as too large\n";
}

INSTANTIATE_TEST_SUITE_P(, HandlesFuzz, testing::Values(Profile::Owners, Profile::Results, Profile::Both),
                         [](const auto& profile) { return std::string(to_string(profile.param)); });

}  // namespace
}  // namespace heddle::handles
