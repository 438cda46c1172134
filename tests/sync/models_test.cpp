// tests/sync/models_test.cpp - under every memory model the primitives synchronise as the standard says.
//
// Plain data stands on both sides of each: a missing edge would be a data race, or a stale value.

#include "tests/sync/under_each_model.hpp"

#include <heddle/atomic.hpp>
#include <heddle/barrier.hpp>
#include <heddle/check.hpp>
#include <heddle/choose.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/future.hpp>
#include <heddle/latch.hpp>
#include <heddle/memory.hpp>
#include <heddle/mutex.hpp>
#include <heddle/once.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/shared_mutex.hpp>
#include <heddle/stop_token.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace heddle {
namespace {

TEST_P(UnderEachModel, StartAndJoinOrder) {
  expect_verified([] {
    var<int> data{0, "data"};
    data = 1;
    thread child([&] {
      require_eq(data.load(), 1);
      data = 2;
    });
    child.join();
    require_eq(data.load(), 2);
  });
}

TEST_P(UnderEachModel, WhatAThreadLeavesBehindInPlainDataIsReadAfterItsJoin) {
  expect_verified([] {
    atomic<int> x{0, "x"}, y{0, "y"};
    int first = 0;
    int second = 0;
    together(
        [&] {
          x.store(1);
          first = y.load();
        },
        [&] {
          y.store(1);
          second = x.load();
        });
    if (first == 0) require_eq(x.load(), 1);
    require(first == 1 || second == 1);
  });
  expect_verified([] {
    atomic<int> x{0, "x"}, y{0, "y"};
    int seen = 0;
    thread reader([&] { seen = x.load(); });
    thread writer([&] { x.store(1); });
    reader.join();
    y.store(seen);
    writer.join();
    require(y.load() == 0 || x.load() == 1);
  });
}

TEST_P(UnderEachModel, UnlockOrdersTheNextLock) {
  expect_verified([] {
    mutex guard;
    var<int> data{0, "data"};
    const auto work = [&] {
      const lock_guard hold(guard);
      ++data;
    };
    together(work, work);
    require_eq(data.load(), 2);
  });
}

TEST_P(UnderEachModel, TryLockThatFailsOrdersNothing) {
  const std::function<void()> body = [] {
    mutex guard;
    var<int> data{0, "data"};
    together(
        [&] {
          data = 1;
          guard.lock();
          guard.unlock();
        },
        [&] {
          if (guard.try_lock()) guard.unlock();
          else static_cast<void>(data.load());
        });
  };
  expect_defect(body, DefectKind::DataRace);
}

TEST_P(UnderEachModel, RecursiveMutexOrdersOnlyWhenItIsFree) {
  expect_verified([] {
    recursive_mutex guard;
    var<int> data{0, "data"};
    const auto work = [&] {
      const std::lock_guard outer(guard);
      const std::lock_guard inner(guard);
      ++data;
    };
    together(work, work);
    require_eq(data.load(), 2);
  });
}

TEST_P(UnderEachModel, WriterAndReadersOfASharedMutex) {
  expect_verified([] {
    shared_mutex guard;
    var<int> data{0, "data"};
    together(
        [&] {
          const std::unique_lock hold(guard);
          data = 1;
        },
        [&] {
          const std::shared_lock hold(guard);
          static_cast<void>(data.load());
        });
  });
}

TEST_P(UnderEachModel, ReleaseOrdersAcquireOfASemaphore) {
  expect_verified([] {
    counting_semaphore<> there(0);
    var<int> data{0, "data"};
    together(
        [&] {
          data = 1;
          there.release();
        },
        [&] {
          there.acquire();
          require_eq(data.load(), 1);
        });
  });
}

TEST_P(UnderEachModel, CountDownOrdersTheWaitOfALatch) {
  expect_verified([] {
    latch done(2);
    var<int> left{0, "left"};
    var<int> right{0, "right"};
    thread one([&] {
      left = 1;
      done.count_down();
    });
    thread two([&] {
      right = 1;
      done.count_down();
    });
    done.wait();
    require_eq(left.load() + right.load(), 2);
    one.join();
    two.join();
  });
}

TEST_P(UnderEachModel, ArrivingOrdersWhoGoesOnAfterABarrier) {
  expect_verified([] {
    barrier all(2);
    var<int> left{0, "left"};
    var<int> right{0, "right"};
    together(
        [&] {
          left = 1;
          all.arrive_and_wait();
          require_eq(right.load(), 1);
        },
        [&] {
          right = 1;
          all.arrive_and_wait();
          require_eq(left.load(), 1);
        });
  });
}

TEST_P(UnderEachModel, SettingOrdersGettingOfAFuture) {
  expect_verified([] {
    promise<int> given;
    future<int> got = given.get_future();
    var<int> data{0, "data"};
    thread setter([&] {
      data = 1;
      given.set_value(7);
    });
    require_eq(got.get(), 7);
    require_eq(data.load(), 1);
    setter.join();
  });
}

TEST_P(UnderEachModel, TheCallOrdersAllWhoAskForItOnce) {
  expect_verified([] {
    once_flag once;
    var<int> data{0, "data"};
    const auto work = [&] {
      call_once(once, [&] { data = 1; });
      require_eq(data.load(), 1);
    };
    together(work, work);
  });
}

TEST_P(UnderEachModel, ConditionVariableWithItsMutex) {
  expect_verified([] {
    mutex guard;
    condition_variable changed;
    var<bool> ready{false, "ready"};
    together(
        [&] {
          unique_lock hold(guard);
          while (!ready.load()) changed.wait(hold);
        },
        [&] {
          {
            const lock_guard hold(guard);
            ready = true;
          }
          changed.notify_one();
        });
  });
}

TEST_P(UnderEachModel, ANotificationThatCameBeforeTheWaitIsLost) {
  expect_defect(
      [] {
        mutex guard;
        condition_variable changed;
        together(
            [&] {
              unique_lock hold(guard);
              changed.wait(hold);
            },
            [&] { changed.notify_one(); });
      },
      DefectKind::LostWakeup);
}

TEST_P(UnderEachModel, OppositeOrderOfLocksIsADeadlock) {
  expect_defect(
      [] {
        mutex a{"a"};
        mutex b{"b"};
        together(
            [&] {
              const lock_guard first(a);
              const lock_guard second(b);
            },
            [&] {
              const lock_guard first(b);
              const lock_guard second(a);
            });
      },
      DefectKind::Deadlock);
}

TEST_P(UnderEachModel, ALoopThatNobodyEndsIsALivelock) {
  expect_defect(
      [] {
        atomic<bool> go{false, "go"};
        together(
            [&] {
              while (!go.load(memory_order_relaxed)) {
              }
            },
            [&] { go.store(false, memory_order_relaxed); });
      },
      DefectKind::Livelock);
}

TEST_P(UnderEachModel, EveryAnswerOfChooseIsExplored) {
  const Result result = explored([] {
    atomic<int> x{0, "x"};
    int seen = 0;
    together([&] { x.store(1 + static_cast<int>(choose(3)), memory_order_relaxed); },
             [&] { seen = x.load(memory_order_relaxed); });
    outcome("seen", seen);
  });
  EXPECT_EQ(result.complete, 6u);
  EXPECT_EQ(result.redundant, 0u);
  EXPECT_EQ(result.outcomes.size(), 4u);
}

// ---- several mutexes at once --------------------------------------------------------------------------

TEST_P(UnderEachModel, SeveralMutexesAreTakenInOneStepInWhateverOrder) {
  const Result result = explored([] {
    mutex a{"a"};
    mutex b{"b"};
    var<int> data{0, "data"};
    together(
        [&] {
          const scoped_lock hold(a, b);
          ++data;
        },
        [&] {
          const scoped_lock hold(b, a);
          ++data;
        });
    require_eq(data.load(), 2);
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << result.defects.front().message;
  EXPECT_TRUE(result.advisories.empty()) << "an order of locks";
  EXPECT_EQ(result.complete, 2u);
  EXPECT_EQ(result.redundant, 0u);
}

INSTANTIATE_TEST_SUITE_P(Models, UnderEachModel,
                         testing::Values(MemoryModel::Sc, MemoryModel::Tso, MemoryModel::Rc11),
                         [](const auto& model) { return std::string(to_string(model.param)); });

}  // namespace
}  // namespace heddle
