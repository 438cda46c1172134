// tests/sync/ordering_test.cpp - what synchronises with what, and what does not, under every model.
//
// Each program hands plain data over by way of one pair of operations; a relaxed flag tells that they came in
// the order that matters. Where the standard has no edge between the two, that is a data race.

#include <heddle/atomic.hpp>
#include <heddle/barrier.hpp>
#include <heddle/check.hpp>
#include <heddle/expect.hpp>
#include <heddle/future.hpp>
#include <heddle/latch.hpp>
#include <heddle/mutex.hpp>
#include <heddle/once.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/shared_mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>

namespace heddle {
namespace {

using Body = std::function<void()>;
using Search = std::pair<MemoryModel, StrategyKind>;
constexpr auto relaxed = std::memory_order_relaxed;

class OrderingTest : public testing::TestWithParam<Search> {
 protected:
  static Result explored(const Body& body) {
    Options options;
    options.model = GetParam().first;
    options.strategy = GetParam().second;
    options.keep_going = true;
    return check(body, options);
  }
  static void expect_verified(const Body& body) {
    const Result result = explored(body);
    EXPECT_EQ(result.verdict, Verdict::Verified)
        << (result.defects.empty() ? result.reason : result.defects.front().message);
    EXPECT_TRUE(result.exhaustive) << result.reason;
  }
  static void expect_race(const Body& body) {
    const Result result = explored(body);
    ASSERT_EQ(result.defects.size(), 1u) << result.reason;
    EXPECT_EQ(result.defects.front().kind, DefectKind::DataRace) << result.defects.front().message;
  }
};

template <class First, class Second>
void in_two_threads(First first, Second second) {
  thread one(first);
  thread two(second);
  one.join();
  two.join();
}

// One thread writes data before `before`, the other reads it after `after`, if it came later.
template <class Before, class After>
void hand_over(Before before, After after) {
  var<int> data{0, "data"};
  atomic<bool> first{false, "first"};
  in_two_threads(
      [&] {
        data = 1;
        before();
        first.store(true, relaxed);
      },
      [&] {
        if (!first.load(relaxed)) return;
        after();
        static_cast<void>(data.load());
      });
}

// ---- atomic objects ([atomics.order], [atomics.wait], [atomics.fences])
// ------------------------------------

Body woken_with(std::memory_order order) {
  return [order] {
    var<int> in_callback{0, "in_callback"};
    atomic<int> current{1, "current"};
    thread requester([&] {
      in_callback = 1;
      current.store(0, std::memory_order_release);
      current.notify_all();
    });
    current.wait(1, order);
    in_callback = 2;
    requester.join();
  };
}

TEST_P(OrderingTest, AWaitAcquiresByItsLoads) { expect_verified(woken_with(std::memory_order_acquire)); }
TEST_P(OrderingTest, ARelaxedWaitAcquiresNothing) { expect_race(woken_with(relaxed)); }

// The thread takes the value of a release store with a relaxed update, and reads that again.
template <class Acquire>
Body own_update(Acquire acquire) {
  return [acquire] {
    var<int> data{0, "data"};
    atomic<int> flag{0, "flag"};
    thread taker([&] {
      int one = 1;
      if (!flag.compare_exchange_strong(one, 2, relaxed, relaxed)) return;
      acquire(flag);
      static_cast<void>(data.load());
    });
    data = 1;
    flag.store(1, std::memory_order_release);
    taker.join();
  };
}

TEST_P(OrderingTest, AnOwnUpdateContinuesAReleaseSequence) {
  expect_verified(own_update([](atomic<int>& flag) { flag.load(std::memory_order_acquire); }));
  expect_verified(own_update([](atomic<int>& flag) { flag.fetch_add(1, std::memory_order_acquire); }));
  expect_verified(own_update([](atomic<int>&) { heddle::atomic_thread_fence(std::memory_order_acquire); }));
  expect_race(own_update([](atomic<int>& flag) { flag.load(relaxed); }));
  expect_race(own_update([](atomic<int>& flag) {
    flag.store(3, relaxed);
    flag.load(std::memory_order_acquire);
  }));
}

TEST_P(OrderingTest, ReferringToAnObjectIsNoSynchronisation) {
  expect_race([] {
    int n = 0;
    hand_over([&] { atomic_ref<int>(n).load(relaxed); }, [&] { atomic_ref<int>(n).load(relaxed); });
  });
}

TEST_P(OrderingTest, FencesWorkByWayOfAtomicObjectsOnly) {
  expect_race([] {
    counting_semaphore<2> slots(2);
    hand_over(
        [&] {
          heddle::atomic_thread_fence(std::memory_order_release);
          slots.acquire();
        },
        [&] { slots.acquire(); });
  });
  expect_race([] {
    mutex guard;
    var<int> data{0, "data"};
    in_two_threads(
        [&] {
          data = 1;
          guard.lock();
          guard.unlock();
          guard.lock();
          guard.unlock();
        },
        [&] {
          if (guard.try_lock()) {
            guard.unlock();
            return;
          }
          heddle::atomic_thread_fence(std::memory_order_acquire);
          static_cast<void>(data.load());
        });
  });
}

// ---- shared mutexes ([thread.sharedmutex.requirements])
// ----------------------------------------------------

TEST_P(OrderingTest, ReadersDoNotSynchroniseWithEachOther) {
  expect_race([] {
    shared_mutex guard;
    const auto share = [&] { const std::shared_lock hold(guard); };
    hand_over(share, share);
  });
  expect_race([] {
    shared_mutex guard;
    const auto share = [&] {
      if (guard.try_lock_shared()) guard.unlock_shared();
    };
    hand_over(share, share);
  });
}

TEST_P(OrderingTest, AReaderOrdersTheNextWriterAndThatTheNextReader) {
  expect_verified([] {
    shared_mutex guard;
    hand_over([&] { const std::shared_lock hold(guard); }, [&] { const std::unique_lock hold(guard); });
  });
  expect_verified([] {
    shared_mutex guard;
    hand_over([&] { const std::unique_lock hold(guard); }, [&] { const std::shared_lock hold(guard); });
  });
  expect_verified([] {
    shared_mutex guard;
    hand_over([&] { const std::shared_lock hold(guard); },
              [&] {
                thread([&] { const std::unique_lock hold(guard); }).join();
                const std::shared_lock hold(guard);
              });
  });
}

TEST_P(OrderingTest, AReaderLearnsFromTheLastWriterThoughOthersReadInBetween) {
  expect_verified([] {
    shared_mutex guard;
    hand_over(
        [&] {
          { const std::unique_lock hold(guard); }
          const std::shared_lock hold(guard);
        },
        [&] { const std::shared_lock hold(guard); });
  });
}

// ---- semaphores ([thread.sema.cnt])
// ------------------------------------------------------------------------

TEST_P(OrderingTest, AcquiringASemaphoreReleasesNothing) {
  expect_race([] {
    counting_semaphore<4> slots(2);
    const auto take = [&] { slots.acquire(); };
    hand_over(take, take);
  });
  expect_race([] {
    counting_semaphore<4> slots(2);
    const auto take = [&] { slots.try_acquire(); };
    hand_over(take, take);
  });
}

TEST_P(OrderingTest, ReleasingASemaphoreAcquiresNothing) {
  expect_race([] {
    counting_semaphore<4> slots(0);
    const auto give = [&] { slots.release(); };
    hand_over(give, give);
  });
}

TEST_P(OrderingTest, AnAcquireHandsOnWhatHasBeenReleased) {
  expect_verified([] {
    counting_semaphore<4> slots(0);
    hand_over([&] { slots.release(2); },
              [&] {
                thread([&] { slots.acquire(); }).join();
                slots.acquire();
              });
  });
}

// ---- latches and barriers ([thread.latch], [thread.barrier])
// -----------------------------------------------

TEST_P(OrderingTest, CountingDownAcquiresNothing) {
  expect_race([] {
    latch done(2);
    const auto count = [&] { done.count_down(); };
    hand_over(count, count);
  });
}

TEST_P(OrderingTest, TryWaitAcquiresWhenItIsTrue) {
  expect_verified([] {
    latch done(1);
    var<int> data{0, "data"};
    in_two_threads(
        [&] {
          data = 1;
          done.count_down();
        },
        [&] {
          if (done.try_wait()) static_cast<void>(data.load());
        });
  });
  expect_race([] {
    latch done(2);
    hand_over([&] { done.count_down(); }, [&] { done.try_wait(); });
  });
}

TEST_P(OrderingTest, ArrivingAcquiresNothing) {
  expect_race([] {
    barrier both(2);
    const auto arrive = [&] { static_cast<void>(both.arrive()); };
    hand_over(arrive, arrive);
  });
}

TEST_P(OrderingTest, TheCompletionFunctionComesAfterAllArrivals) {
  expect_verified([] {
    var<int> left{0, "left"};
    var<int> right{0, "right"};
    const auto complete = [&] { left = left + right; };
    barrier both(2, complete);
    in_two_threads(
        [&] {
          left = 1;
          both.arrive_and_drop();
        },
        [&] {
          right = 1;
          both.arrive_and_wait();
          require_eq(left.load(), 2);
        });
  });
}

TEST_P(OrderingTest, AWaitAtABarrierLearnsNothingOfTheNextPhase) {
  const auto body = [](bool before_the_next_phase) {
    return [before_the_next_phase] {
      barrier both(2);
      var<int> data{0, "data"};
      atomic<bool> next{false, "next"};
      in_two_threads(
          [&] {
            if (before_the_next_phase) data = 1;
            both.arrive_and_wait();
            if (!before_the_next_phase) data = 1;
            static_cast<void>(both.arrive());
            next.store(true, relaxed);
          },
          [&] {
            auto token = both.arrive();
            if (!next.load(relaxed)) return;
            both.wait(std::move(token));
            static_cast<void>(data.load());
          });
    };
  };
  expect_verified(body(true));
  expect_race(body(false));
}

// ---- calls that are made once, and futures ([thread.once], [futures])
// --------------------------------------

TEST_P(OrderingTest, APassiveCallComesAfterTheReturningOne) {
  expect_verified([] {
    once_flag once;
    var<int> data{0, "data"};
    const auto work = [&] {
      call_once(once, [&] { data = 1; });
      require_eq(data.load(), 1);
    };
    in_two_threads(work, work);
  });
  expect_race([] {
    once_flag once;
    hand_over([&] {}, [&] { call_once(once, [] {}); });
  });
}

TEST_P(OrderingTest, OnlyWhoFindsAFutureReadySynchronises) {
  expect_verified([] {
    promise<void> ready;
    auto there = ready.get_future();
    var<int> data{0, "data"};
    in_two_threads(
        [&] {
          data = 1;
          ready.set_value();
        },
        [&] {
          if (there.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
            static_cast<void>(data.load());
        });
  });
}

INSTANTIATE_TEST_SUITE_P(Models, OrderingTest,
                         testing::Values(Search{MemoryModel::Sc, StrategyKind::Optimal},
                                         Search{MemoryModel::Sc, StrategyKind::Graphs},
                                         Search{MemoryModel::Tso, StrategyKind::Graphs},
                                         Search{MemoryModel::Rc11, StrategyKind::Graphs}),
                         [](const auto& search) {
                           return std::string(to_string(search.param.first)) +
                                  (search.param.second == StrategyKind::Graphs ? "_graphs" : "");
                         });

}  // namespace
}  // namespace heddle
