// tests/sync/mutex_kinds_test.cpp - recursive and timed mutexes, and several at once

#include "tests/sync/programs.hpp"

#include <heddle/mutex.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::behaviour;
using tests::misuse;
using tests::run_threads;
using tests::Texts;
using namespace std::chrono_literals;

TEST(RecursiveMutexTest, IsLockedAgainByItsHolderOnly) {
  EXPECT_EQ(behaviour([] {
              recursive_mutex guard{"guard"};
              var<int> x{0, "x"};
              const auto twice = [&] {
                const lock_guard outer(guard);
                {
                  const lock_guard inner(guard);
                  ++x;
                }
                ++x;
              };
              run_threads({twice, twice});
              outcome("x", x.load());
            }),
            Texts{"x=4"});
}

TEST(RecursiveMutexTest, IsFreeAfterAsManyUnlocks) {
  EXPECT_EQ(behaviour([] {
              recursive_timed_mutex guard{"guard"};
              guard.lock();
              require(guard.try_lock_for(1s));
              guard.unlock();
              thread other([&] { outcome("free", guard.try_lock()); });
              other.join();
              guard.unlock();
            }),
            Texts{"free=false"});
}

TEST(RecursiveMutexTest, UnlockingItOnceTooOftenIsMisuse) {
  EXPECT_EQ(misuse([] {
              recursive_mutex guard{"guard"};
              guard.lock();
              guard.unlock();
              guard.unlock();
            }),
            "main unlocks guard, which nobody holds");
}

TEST(TimedMutexTest, TimesOutWhileItIsHeld) {
  EXPECT_EQ(behaviour([] {
              timed_mutex guard{"guard"};
              run_threads({[&] { const lock_guard hold(guard); },
                           [&] {
                             unique_lock hold(guard, 1s);
                             outcome("owns", hold.owns_lock());
                           }});
            }),
            (Texts{"owns=false", "owns=true"}));
}

TEST(TimedMutexTest, ATryFailsSpuriouslyOnlyWhenAskedFor) {
  const auto body = [] {
    mutex guard{"guard"};
    outcome("taken", guard.try_lock());
    guard.unlock();
  };
  EXPECT_EQ(behaviour(body), Texts{"taken=true"});
  Options spurious = tests::everything();
  spurious.spurious = 1;
  EXPECT_TRUE(behaviour(body, spurious).contains("mutex-misuse")) << "it unlocks what it has not got";
}

TEST(LockTest, TakesAllInOneStep) {
  EXPECT_EQ(behaviour([] {
              mutex a{"a"}, b{"b"};
              run_threads({[&] {
                             heddle::lock(a, b);
                             a.unlock();
                             b.unlock();
                           },
                           [&] {
                             unique_lock hold_b(b, defer_lock), hold_a(a, defer_lock);
                             heddle::lock(hold_b, hold_a);
                           }});
              outcome("done", true);
            }),
            Texts{"done=true"});
}

TEST(LockTest, TheStandardsGuardsWorkOnOurMutexes) {
  EXPECT_EQ(behaviour([] {
              mutex a{"a"}, b{"b"};
              var<int> x{0, "x"};
              run_threads({[&] {
                             const std::scoped_lock hold(a);
                             ++x;
                           },
                           [&] {
                             const std::lock_guard hold(a);
                             std::unique_lock more(b);
                             ++x;
                           }});
              outcome("x", x.load());
            }),
            Texts{"x=2"});
}

TEST(LockTest, TheStandardsScopedLockWaitsForAllInOneStep) {
  const tests::Body body = [] {
    mutex a{"a"}, b{"b"};
    timed_mutex c{"c"};
    run_threads({[&] { const std::scoped_lock hold(a, b, c); },
                 [&] {
                   heddle::lock(c, b, a);
                   const std::scoped_lock hold(std::adopt_lock, c, b, a);
                 }});
    outcome("done", true);
  };
  EXPECT_EQ(behaviour(body), Texts{"done=true"});
  EXPECT_EQ(tests::classes(body), 2u);
}

TEST(LockTest, TheStandardsTryLockTellsWhichOneWasBusy) {
  EXPECT_EQ(behaviour([] {
              mutex a{"a"}, b{"b"};
              const lock_guard hold(b);
              thread other([&] { outcome("busy", std::try_lock(a, b)); });
              other.join();
            }),
            Texts{"busy=1"});
}

}  // namespace
}  // namespace heddle
