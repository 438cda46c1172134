// tests/field/clock_test.cpp - waits that end by themselves
//
// A wait that times out has let its time pass: the thread's clock stands at the deadline or behind it. Which
// of two sleepers wakes first is nobody's promise.

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/clock.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/future.hpp>
#include <heddle/mutex.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <chrono>

namespace heddle {
namespace {

using namespace std::chrono_literals;

using tests::each_class;
using tests::expect_outcomes;
using tests::expect_outcomes_or_inconclusive;
using tests::expect_verified;
using tests::expect_verified_or_inconclusive;
using tests::together;

// Sets a flag under its lock and tells so.
struct Event {
  mutex guard{"guard"};
  condition_variable changed{"changed"};
  bool ready = false;
  void set() {
    const lock_guard hold(guard);
    ready = true;
    changed.notify_one();
  }
};

TEST(ClockTest, AWaitThatTimesOutHasTakenItsTime) {
  expect_verified(
      [] {
        mutex guard{"guard"};
        condition_variable changed{"changed"};
        unique_lock hold(guard);
        const auto before = steady_clock::now();
        if (changed.wait_for(hold, 5ms) == cv_status::timeout) require(steady_clock::now() - before >= 5ms);
      },
      each_class);
}

TEST(ClockTest, AWaitUntilADeadlineThatTimesOutHasReachedIt) {
  expect_outcomes(
      {"ready=false", "ready=true"},
      [] {
        Event event;
        thread setter([&] { event.set(); });
        {
          unique_lock hold(event.guard);
          const auto deadline = steady_clock::now() + 5ms;
          const bool ready = event.changed.wait_until(hold, deadline, [&] { return event.ready; });
          if (!ready) require(steady_clock::now() >= deadline);
          outcome("ready", ready);
        }
        setter.join();
      },
      each_class);
}

TEST(ClockTest, AWaitWithAPredicateReturnsWhatItSays) {
  expect_outcomes(
      {"ready=false", "ready=true"},
      [] {
        Event event;
        thread setter([&] { event.set(); });
        {
          unique_lock hold(event.guard);
          const bool ready = event.changed.wait_for(hold, 5ms, [&] { return event.ready; });
          require_eq(ready, event.ready);
          outcome("ready", ready);
        }
        setter.join();
      },
      each_class);
}

TEST(ClockTest, ALoopWithADeadlineReachesBothEnds) {
  expect_outcomes(
      {"ready=false", "ready=true"},
      [] {
        Event event;
        thread setter([&] { event.set(); });
        {
          unique_lock hold(event.guard);
          const auto deadline = steady_clock::now() + 10ms;
          while (!event.ready && steady_clock::now() < deadline) event.changed.wait_until(hold, deadline);
          outcome("ready", event.ready);
        }
        setter.join();
      },
      each_class);
}

TEST(ClockTest, ALoopThatSleepsUntilItsDeadlineReachesBothEnds) {
  expect_outcomes(
      {"ready=false", "ready=true"},
      [] {
        atomic<bool> ready{false, "ready"};
        thread setter([&] { ready.store(true); });
        const auto deadline = steady_clock::now() + 3ms;
        bool seen = false;
        while (!(seen = ready.load()) && steady_clock::now() < deadline) this_thread::sleep_for(1ms);
        outcome("ready", seen);
        setter.join();
      },
      each_class);
}

TEST(ClockTest, ASleepMovesTheClockOfItsThreadByAsMuch) {
  expect_verified([] {
    const auto nap = [] {
      const auto before = steady_clock::now();
      this_thread::sleep_for(20ms);
      require(steady_clock::now() - before >= 20ms);
      this_thread::sleep_until(before + 50ms);
      require(steady_clock::now() - before >= 50ms);
    };
    together(nap, nap);
  });
}

TEST(ClockTest, ASleepOrdersNothing) {
  expect_outcomes({"x=1", "x=2"}, [] {
    atomic<int> x{0, "x"};
    together(
        [&] {
          this_thread::sleep_for(1ms);
          x.store(1);
        },
        [&] {
          this_thread::sleep_for(1h);
          x.store(2);
        });
    outcome("x", x.load());
  });
}

TEST(ClockTest, ASleepDoesNotMakeARaceGoAway) {
  tests::expect_defect(DefectKind::DataRace, [] {
    var<int> x{0, "x"};
    thread writer([&] { x = 1; });
    this_thread::sleep_for(1h);
    (void)x.load();
    writer.join();
  });
}

TEST(ClockTest, AHeartbeatOfFiveTimedWaitsEnds) {
  expect_verified_or_inconclusive([] {
    Event stop;
    thread heart([&] {
      unique_lock hold(stop.guard);
      for (int beats = 0; !stop.ready && beats < 5; ++beats) stop.changed.wait_for(hold, 5ms);
    });
    stop.set();
    heart.join();
  });
}

// It looks by itself from time to time, and needs no notification to end.
TEST(ClockTest, AHeartbeatEndsWithoutANotification) {
  expect_verified_or_inconclusive([] {
    Event stop;
    thread heart([&] {
      unique_lock hold(stop.guard);
      while (!stop.ready) stop.changed.wait_for(hold, 5ms);
    });
    {
      const lock_guard hold(stop.guard);
      stop.ready = true;
    }
    heart.join();
  });
}

TEST(ClockTest, TimedLocksInEitherOrderGiveUpInsteadOfDeadlocking) {
  expect_verified(
      [] {
        timed_mutex a{"a"}, b{"b"};
        const auto work = [](timed_mutex& first, timed_mutex& second) {
          for (int i = 0; i < 2; ++i) {
            const lock_guard hold(first);
            if (second.try_lock_for(1ms)) {
              second.unlock();
              return;
            }
          }
        };
        together([&] { work(a, b); }, [&] { work(b, a); });
      },
      each_class);
}

TEST(ClockTest, ATimedLockThatFailsHasTakenItsTime) {
  expect_verified([] {
    timed_mutex guard{"guard"};
    const auto work = [&] {
      const auto before = steady_clock::now();
      if (guard.try_lock_for(2ms)) guard.unlock();
      else require(steady_clock::now() - before >= 2ms);
    };
    together(work, work);
  });
}

TEST(ClockTest, ASemaphoreIsAskedAgainUntilItHasSomething) {
  expect_verified_or_inconclusive([] {
    binary_semaphore item{0, "item"};
    thread consumer([&] {
      while (!item.try_acquire_for(1ms)) {
      }
    });
    item.release();
    consumer.join();
  });
}

TEST(ClockTest, AFutureIsAskedUntilADeadline) {
  expect_outcomes_or_inconclusive({"ready=false", "ready=true"}, [] {
    promise<int> gives{"gives"};
    auto takes = gives.get_future();
    thread giver([&] { gives.set_value(1); });
    const auto deadline = steady_clock::now() + 3ms;
    bool ready = false;
    while (!ready && steady_clock::now() < deadline) ready = takes.wait_for(1ms) == future_status::ready;
    outcome("ready", ready);
    giver.join();
  });
}

}  // namespace
}  // namespace heddle
