// tests/sync/clock_test.cpp - under every model: the answer of a wait with a deadline fits the clock

#include "tests/sync/every_search.hpp"

#include <heddle/clock.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/future.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/shared_mutex.hpp>
#include <heddle/stop_token.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::run_threads;
using tests::Texts;
using namespace std::chrono_literals;

class ClockTest : public tests::UnderEverySearch {};

// Records whether it succeeded, and requires that it has taken its time otherwise.
template <class Try>
void timed(const char* name, std::chrono::milliseconds time, Try attempt) {
  const auto before = steady_clock::now();
  const bool succeeded = attempt();
  const auto passed = steady_clock::now() - before;
  if (succeeded) require(passed < time);
  else require(passed >= time);
  outcome(name, succeeded);
}

template <class ConditionVariable>
void wait_once() {
  mutex guard{"guard"};
  ConditionVariable changed{"changed"};
  run_threads({[&] {
                 unique_lock hold(guard);
                 timed("for", 5ms, [&] { return changed.wait_for(hold, 5ms) == cv_status::no_timeout; });
                 timed("until", 5ms, [&] {
                   return changed.wait_until(hold, steady_clock::now() + 5ms) == cv_status::no_timeout;
                 });
               },
               [&] {
                 const lock_guard hold(guard);
                 changed.notify_one();
               }});
}

TEST_P(ClockTest, AWaitThatTimesOutHasTakenItsTime) {
  const Texts answers{"for=false until=false", "for=false until=true", "for=true until=false"};
  EXPECT_EQ(outcomes(wait_once<condition_variable>), answers);
  EXPECT_EQ(outcomes(wait_once<condition_variable_any>), answers);
}

// The usual loop without a predicate.
template <class Clock, class ConditionVariable>
void wait_in_a_loop() {
  mutex guard{"guard"};
  ConditionVariable changed{"changed"};
  var<bool> ready{false, "ready"};
  run_threads({[&] {
                 const auto deadline = Clock::now() + 5ms;
                 unique_lock hold(guard);
                 while (!ready.load() && Clock::now() < deadline) changed.wait_until(hold, deadline);
                 const bool seen = ready.load();
                 if (!seen) require(Clock::now() == deadline);
                 outcome("ready", seen);
               },
               [&] {
                 const lock_guard hold(guard);
                 ready = true;
                 changed.notify_one();
               }});
}

TEST_P(ClockTest, ALoopUntilADeadlineReachesBothEnds) {
  const Texts both{"ready=false", "ready=true"};
  EXPECT_EQ(outcomes(wait_in_a_loop<steady_clock, condition_variable>), both);
  EXPECT_EQ(outcomes(wait_in_a_loop<system_clock, condition_variable>), both);
  EXPECT_EQ(outcomes(wait_in_a_loop<high_resolution_clock, condition_variable_any>), both);
}

TEST_P(ClockTest, AWaitForAPredicateThatDoesNotHoldHasTakenItsTime) {
  const auto body = [](bool any) {
    return [any] {
      mutex guard{"guard"};
      condition_variable changed{"changed"};
      condition_variable_any changed_any{"changed"};
      var<bool> ready{false, "ready"};
      run_threads({[&] {
                     const auto before = steady_clock::now();
                     const auto holds = [&] { return ready.load(); };
                     unique_lock hold(guard);
                     const bool seen =
                         any ? changed_any.wait_for(hold, 5ms, holds) : changed.wait_for(hold, 5ms, holds);
                     if (!seen) require(steady_clock::now() - before == 5ms);
                     outcome("ready", seen);
                   },
                   [&] {
                     const lock_guard hold(guard);
                     ready = true;
                     if (any) changed_any.notify_one();
                     else changed.notify_one();
                   }});
    };
  };
  const Texts both{"ready=false", "ready=true"};
  EXPECT_EQ(outcomes(body(false)), both);
  EXPECT_EQ(outcomes(body(true)), both);
}

TEST_P(ClockTest, AWaitForAPredicateEndsByAStopOrAtTheDeadline) {
  EXPECT_EQ(outcomes([] {
              mutex guard{"guard"};
              condition_variable_any changed{"changed"};
              stop_source source;
              run_threads({[&] {
                             unique_lock hold(guard);
                             const bool holds =
                                 changed.wait_for(hold, source.get_token(), 5ms, [] { return false; });
                             require(!holds);
                             outcome("late", steady_clock::now().time_since_epoch() == 5ms);
                           },
                           [&] { source.request_stop(); }});
            }),
            (Texts{"late=false", "late=true"}));
}

TEST_P(ClockTest, APastDeadlineIsATimeoutAndDoesNotTurnTheClockBack) {
  EXPECT_EQ(outcomes([] {
              mutex guard{"guard"};
              condition_variable changed{"changed"};
              this_thread::sleep_for(5ms);
              run_threads({[&] {
                             const auto before = steady_clock::now();
                             unique_lock hold(guard);
                             outcome("timeout", changed.wait_until(hold, before - 1ms) == cv_status::timeout);
                             require(steady_clock::now() == before);
                           },
                           [&] { changed.notify_one(); }});
            }),
            Texts{"timeout=true"});
}

TEST_P(ClockTest, AnythingElseThatIsNotThereInTimeHasTakenItToo) {
  const Texts both{"got=false", "got=true"};
  EXPECT_EQ(outcomes([] {
              timed_mutex guard{"guard"};
              run_threads({[&] {
                             timed("got", 5ms, [&] { return guard.try_lock_for(5ms); });
                             if (steady_clock::now().time_since_epoch() == 0ms) guard.unlock();
                           },
                           [&] { const lock_guard hold(guard); }});
            }),
            both);
  EXPECT_EQ(outcomes([] {
              shared_timed_mutex guard{"guard"};
              run_threads({[&] {
                             timed("got", 5ms,
                                   [&] { return shared_lock(guard, steady_clock::now() + 5ms).owns_lock(); });
                           },
                           [&] { const lock_guard hold(guard); }});
            }),
            both);
  EXPECT_EQ(outcomes([] {
              binary_semaphore there{0, "there"};
              run_threads({[&] { timed("got", 5ms, [&] { return there.try_acquire_for(5ms); }); },
                           [&] { there.release(); }});
            }),
            both);
  EXPECT_EQ(
      outcomes([] {
        promise<void> done{"done"};
        future<void> coming = done.get_future();
        run_threads({[&] { timed("got", 5ms, [&] { return coming.wait_for(5ms) == future_status::ready; }); },
                     [&] { done.set_value(); }});
      }),
      both);
}

TEST_P(ClockTest, AWaitWithoutEndIsPossible) {
  EXPECT_EQ(outcomes([] {
              this_thread::sleep_for(std::chrono::hours::max());
              this_thread::sleep_for(std::chrono::hours::max());
              const auto end = steady_clock::now();
              binary_semaphore there{0, "there"};
              outcome("got", there.try_acquire_until(std::chrono::steady_clock::time_point::max()));
              require(steady_clock::now() == end);
            }),
            Texts{"got=false"});
}

INSTANTIATE_TEST_SUITE_P(Searches, ClockTest, tests::every_search(), tests::name_of);

}  // namespace
}  // namespace heddle
