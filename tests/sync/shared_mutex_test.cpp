// tests/sync/shared_mutex_test.cpp - many readers or one writer

#include "tests/sync/programs.hpp"

#include <heddle/shared_mutex.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::behaviour;
using tests::misuse;
using tests::run_threads;
using tests::Texts;
using namespace std::chrono_literals;

TEST(SharedMutexTest, ReadersAreInsideTogether) {
  EXPECT_EQ(behaviour([] {
              shared_mutex guard{"guard"};
              atomic<int> inside{0, "inside"};
              const auto read = [&](const char* name) {
                return [&, name] {
                  const shared_lock hold(guard);
                  outcome(name, inside.fetch_add(1) + 1);
                  inside.fetch_sub(1);
                };
              };
              run_threads({read("a"), read("b")});
            }),
            (Texts{"a=1 b=1", "a=1 b=2", "a=2 b=1"}));
}

TEST(SharedMutexTest, AWriterIsAlone) {
  EXPECT_EQ(behaviour([] {
              shared_mutex guard{"guard"};
              var<int> x{0, "x"};
              run_threads({[&] {
                             const unique_lock hold(guard);
                             x = 1;
                             x = 2;
                           },
                           [&] {
                             const shared_lock hold(guard);
                             outcome("x", x.load());
                           }});
            }),
            (Texts{"x=0", "x=2"}));
}

TEST(SharedMutexTest, TriesFailWhileItIsTaken) {
  EXPECT_EQ(behaviour([] {
              shared_mutex guard{"guard"};
              run_threads({[&] { const shared_lock hold(guard); },
                           [&] {
                             const bool exclusive = guard.try_lock();
                             if (exclusive) guard.unlock();
                             const bool shared = guard.try_lock_shared();
                             if (shared) guard.unlock_shared();
                             outcome("exclusive", exclusive);
                             outcome("shared", shared);
                           }});
            }),
            (Texts{"exclusive=false shared=true", "exclusive=true shared=true"}));
  EXPECT_EQ(behaviour([] {
              shared_timed_mutex guard{"guard"};
              run_threads({[&] { const unique_lock hold(guard); },
                           [&] {
                             const bool shared = guard.try_lock_shared_for(1s);
                             if (shared) guard.unlock_shared();
                             outcome("shared", shared);
                           }});
            }),
            (Texts{"shared=false", "shared=true"}));
}

TEST(SharedMutexTest, WhatTheStandardLeavesUndefinedIsMisuse) {
  EXPECT_EQ(misuse([] {
              shared_mutex guard{"guard"};
              guard.unlock_shared();
            }),
            "main gives back its share of guard, which it does not have");
  EXPECT_EQ(misuse([] {
              shared_mutex guard{"guard"};
              const shared_lock hold(guard);
              guard.unlock();
            }),
            "main unlocks guard, which main holds");
  EXPECT_EQ(misuse([] {
              shared_mutex guard{"guard"};
              const shared_lock hold(guard);
              guard.lock();
            }),
            "main locks guard, which it already holds");
  EXPECT_EQ(misuse([] {
              shared_mutex guard{"guard"};
              const unique_lock hold(guard);
              guard.lock_shared();
            }),
            "main locks guard, which it already holds");
  EXPECT_EQ(misuse([] {
              auto guard = std::make_unique<shared_mutex>("guard");
              guard->lock_shared();
              guard.reset();
            }),
            "main destroys guard while main holds it");
}

TEST(SharedMutexTest, AnUpgradeOfTwoReadersIsADeadlock) {
  EXPECT_TRUE(behaviour([] {
                shared_mutex guard{"guard"};
                mutex second{"second"};
                run_threads({[&] {
                               const shared_lock hold(guard);
                               const lock_guard more(second);
                             },
                             [&] {
                               const lock_guard hold(second);
                               const unique_lock more(guard);
                             }});
              }).contains("deadlock"));
}

}  // namespace
}  // namespace heddle
