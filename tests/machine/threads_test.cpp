// tests/machine/threads_test.cpp - threads and objects: their identity, their number, their exceptions.

#include "tests/verify/reading.hpp"

#include <heddle/atomic.hpp>
#include <heddle/check.hpp>
#include <heddle/choose.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace heddle {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::Body;
using tests::defect_of;
using tests::everything;
using tests::outcomes_of;

// ---- threads ----------------------------------------------------------------------------------------

TEST(MachineTest, NestedThreadsAreCalledAfterTheThreadThatStartedThem) {
  const Body body = [] {
    atomic<int> x{0, "x"};
    thread outer([&] {
      thread first([&] { x.store(1); });
      thread second([&] { x.store(2); });
      first.join();
      second.join();
    });
    outer.join();
    outcome("x", x);
  };
  const Result result = outcomes(body);
  EXPECT_THAT(outcomes_of(result), ElementsAre("x=1", "x=2"));
  EXPECT_EQ(result.complete, 2u);
  EXPECT_EQ(result.threads, 4u);
  ASSERT_EQ(result.outcomes.size(), 2u);
  EXPECT_THAT(tests::execution_of(body, result.outcomes[0]).threads,
              ElementsAre("main", "T1", "T1.1", "T1.2"));
  EXPECT_THAT(result.outcomes[0].witness.token, HasSubstr("1.2-1.1"));
}

TEST(MachineTest, ObjectsOfThreadsKeepTheirIdentityInWhateverOrderTheyAreMade) {
  // Both threads make variables and threads of their own, in either order.
  const Body body = [] {
    const auto work = [](const char* name) {
      yield();
      var<int> own{0, name};
      thread a([&] { ++own; });
      thread b([&] { ++own; });
      a.join();
      b.join();
    };
    thread first([&] { work("first"); });
    thread second([&] { work("second"); });
    first.join();
    second.join();
  };
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Options options = everything(StrategyKind::Random);
    options.seed = seed;
    options.executions = 100;
    options.minimize_executions = 50;
    Result result;
    ASSERT_NO_THROW(result = check(body, options));
    EXPECT_EQ(result.verdict, Verdict::Defect) << result.reason;
    std::set<std::string> found;
    for (const Defect& defect : result.defects) {
      if (defect.kind == DefectKind::LostUpdate) found.insert(defect.object);
      const Result replayed = replay(body, defect.witness.token);
      EXPECT_EQ(replayed.verdict, Verdict::Defect) << defect.witness.token << ": " << replayed.reason;
    }
    EXPECT_THAT(found, ElementsAre("first", "second"));
  }
}

TEST(MachineTest, NamelessObjectsOfThreadsKeepTheirIdentityInWhateverOrderTheyAreMade) {
  const Body body = [] {
    const auto work = [](bool twice) {
      yield();
      mutex own;
      own.lock();
      if (twice) own.lock();  // for ever
      own.unlock();
    };
    thread first([&] { work(true); });
    thread second([&] { work(false); });
    first.join();
    second.join();
  };
  for (std::uint64_t seed = 0; seed <= 20; ++seed) {
    Options options = everything(seed == 0 ? StrategyKind::Optimal : StrategyKind::Random);
    options.seed = seed;
    options.executions = 50;
    Result result;
    ASSERT_NO_THROW(result = check(body, options));
    EXPECT_EQ(result.verdict, Verdict::Defect) << result.reason;
    for (const Defect& defect : result.defects) {
      const Result replayed = replay(body, defect.witness.token);
      ASSERT_EQ(replayed.verdict, Verdict::Defect) << defect.witness.token << ": " << replayed.reason;
      EXPECT_EQ(replayed.defects.front().message, defect.message);
    }
  }
}

Body many_threads(int count) {
  return [count] {
    atomic<int> x{0, "x"};
    std::deque<thread> threads;
    for (int t = 0; t < count; ++t)
      threads.emplace_back([&, t] {
        if (t < 2) x.store(t);
      });
    for (thread& each : threads) each.join();
  };
}

TEST(MachineTest, SixtyTwoThreadsAreHandled) {
  const Result result = check(many_threads(62));
  EXPECT_EQ(result.verdict, Verdict::Verified) << result.reason;
  EXPECT_EQ(result.threads, 63u);
  EXPECT_EQ(result.complete, 2u);
}

TEST(MachineTest, SixtyTwoThreadsThatAllTakeStepsAreHandled) {
  Options options = everything(StrategyKind::Random);
  options.executions = 50;
  const Result result = check(
      [] {
        var<int> count{0, "count"};
        mutex guard{"guard"};
        std::deque<thread> threads;
        for (int t = 0; t < 62; ++t)
          threads.emplace_back([&] {
            const lock_guard hold(guard);
            ++count;
          });
        for (thread& each : threads) each.join();
        require_eq(count, 62);
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::Inconclusive)
      << (result.defects.empty() ? "" : result.defects[0].message);
  EXPECT_EQ(result.complete, 50u);
}

TEST(MachineTest, OneThreadMoreLosesControlWithTheLimitInTheMessage) {
  const Result result = check(many_threads(63));
  EXPECT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_THAT(result.reason, HasSubstr("62"));
  EXPECT_EQ(check(many_threads(2)).verdict, Verdict::Verified) << "and the next exploration is as ever";
}

TEST(MachineTest, ThreadsTakeArgumentsAndMove) {
  const Result result = check([] {
    atomic<int> x{0, "x"};
    const auto add = [](atomic<int>& to, std::unique_ptr<int> amount) { to.fetch_add(*amount); };
    thread first(add, std::ref(x), std::make_unique<int>(3));
    thread second;
    require(!second.joinable());
    second = std::move(first);
    require(!first.joinable());
    require(second.joinable());
    second.join();
    require(!second.joinable());
    require_eq(x, 3);
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << (result.defects.empty() ? "" : result.defects[0].message);
}

// ---- exceptions -------------------------------------------------------------------------------------

TEST(MachineTest, ThreadsMayThrowCatchAndRethrowInEveryInterleaving) {
  Options options = everything(StrategyKind::All);
  const Result result = check(
      [] {
        atomic<int> x{0, "x"};
        const auto work = [&](const char* what) {
          try {
            try {
              x.fetch_add(1);
              throw std::runtime_error(what);
            } catch (const std::exception&) {
              x.fetch_add(1);  // another thread's handler may run here
              throw;
            }
          } catch (const std::runtime_error& error) {
            x.fetch_add(1);
            require_eq(std::string(error.what()), std::string(what));
            require(std::current_exception() != nullptr);
          }
          require(std::current_exception() == nullptr);
        };
        thread a([&] { work("a"); });
        thread b([&] { work("b"); });
        thread c([&] { work("c"); });
        a.join();
        b.join();
        c.join();
        require_eq(x, 9);
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::Verified) << (result.defects.empty() ? "" : result.defects[0].message);
  EXPECT_EQ(result.complete, 1680u) << "9! / (3! 3! 3!)";
}

TEST(MachineTest, AnExceptionMayBeHandedToAnotherThread) {
  const Result result = check([] {
    std::exception_ptr error;
    thread worker([&] {
      try {
        throw std::out_of_range("too far");
      } catch (...) {
        error = std::current_exception();
      }
    });
    worker.join();
    std::string what;
    try {
      std::rethrow_exception(error);
    } catch (const std::out_of_range& range) {
      what = range.what();
    }
    require_eq(what, std::string("too far"));
  });
  EXPECT_EQ(result.verdict, Verdict::Verified);
}

TEST(MachineTest, CheckMustNotBeCalledWithinAScenario) {
  const Result result = check([] { check([] {}); });
  EXPECT_EQ(result.verdict, Verdict::Defect);
  ASSERT_FALSE(result.defects.empty());
  EXPECT_EQ(result.defects[0].kind, DefectKind::Exception);
  EXPECT_THAT(result.defects[0].message, HasSubstr("must not be called from within a scenario"));
}

TEST(MachineTest, OutsideAnExplorationTheTypesAreThoseOfTheStandardLibrary) {
  var<int> count{0};
  atomic<int> ticket{5};
  mutex guard;
  {
    const lock_guard hold(guard);
    ++count;
    count += 4;
  }
  EXPECT_EQ(count--, 5);
  EXPECT_EQ(count.load(), 4);
  EXPECT_EQ(ticket.fetch_sub(2), 5);
  EXPECT_EQ(ticket.load(), 3);
  EXPECT_EQ(choose(7), 0u);
  thread worker([&] { ticket.store(9); });
  worker.join();
  EXPECT_EQ(ticket.load(), 9);
}

}  // namespace
}  // namespace heddle
