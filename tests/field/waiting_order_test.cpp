// tests/field/waiting_order_test.cpp - what waiting for one another orders, and what it does not

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/barrier.hpp>
#include <heddle/expect.hpp>
#include <heddle/latch.hpp>
#include <heddle/mutex.hpp>
#include <heddle/once.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <vector>

namespace heddle {
namespace {

using tests::each_class;
using tests::expect_defect;
using tests::expect_verified;
using tests::together;
using tests::told;

// Latches and barriers: to arrive is to release; to wait is to acquire.

TEST(LatchOrderTest, ACountDownIsNoWait) {
  expect_defect(DefectKind::DataRace, [] {
    latch done{2, "done"};
    var<int> x{0, "x"};
    atomic<int> flag{0, "flag"};
    together(
        [&] {
          x = 1;
          done.count_down();
          flag.store(1, memory_order_relaxed);
        },
        [&] {
          if (flag.load(memory_order_relaxed) == 1) {
            done.count_down();
            (void)x.load();
          }
        });
  });
}

TEST(LatchOrderTest, AWaitComesAfterEveryCountDown) {
  expect_verified([] {
    latch done{2, "done"};
    var<int> x{0, "x"}, y{0, "y"};
    thread a([&] {
      x = 1;
      done.count_down();
    });
    thread b([&] {
      y = 1;
      done.count_down();
    });
    done.wait();
    require_eq(x.load() + y.load(), 2);
    a.join();
    b.join();
  });
}

TEST(BarrierOrderTest, AnArrivalIsNoWait) {
  expect_defect(DefectKind::DataRace, [] {
    barrier<> phase{3, {}, "phase"};
    var<int> x{0, "x"};
    atomic<int> flag{0, "flag"};
    together(
        [&] {
          x = 1;
          (void)phase.arrive();
          flag.store(1, memory_order_relaxed);
        },
        [&] {
          if (flag.load(memory_order_relaxed) == 1) {
            (void)phase.arrive();
            (void)x.load();
          }
        });
  });
}

TEST(BarrierOrderTest, TheNextPhaseComesAfterEveryArrival) {
  expect_verified([] {
    barrier<> phase{2, {}, "phase"};
    std::vector<int> written(2);
    const auto work = [&](std::size_t me) {
      written[me] = 1;
      phase.arrive_and_wait();
      require_eq(written[1 - me], 1);
    };
    together([&] { work(0); }, [&] { work(1); });
  });
}

// Mutexes: only a lock that is taken acquires ([thread.mutex.requirements.mutex]).

TEST(MutexOrderTest, ATryLockThatFailsOrdersNothing) {
  expect_defect(DefectKind::DataRace, [] {
    mutex guard{"guard"};
    var<int> x{0, "x"};
    together(
        [&] {
          x = 1;
          guard.lock();
          guard.unlock();
        },
        [&] {
          if (guard.try_lock()) guard.unlock();
          else (void)x.load();
        });
  });
}

TEST(MutexOrderTest, ALockIsNoRelease) {
  expect_defect(DefectKind::DataRace, [] {
    mutex guard{"guard"};
    var<int> x{0, "x"};
    atomic<bool> held{false, "held"};
    together(
        [&] {
          const lock_guard hold(guard);
          x = 1;
          held.store(true, memory_order_relaxed);
        },
        [&] {
          if (held.load(memory_order_relaxed)) (void)x.load();
        });
  });
}

// Twelve threads at twelve mutexes, and one that takes them all: before or after each.
TEST(MutexOrderTest, TakingTwelveMutexesComesBeforeOrAfterEachOfTheirOwners) {
  const auto body = [] {
    mutex m[12];
    std::vector<thread> owners;
    for (mutex& each : m) owners.emplace_back([&each] { const lock_guard hold(each); });
    { const scoped_lock hold(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8], m[9], m[10], m[11]); }
    for (thread& each : owners) each.join();
  };
  tests::explore_each(each_class, body, location::current(), [](const Result& result) {
    EXPECT_EQ(result.verdict, Verdict::Verified) << told(result);
    EXPECT_EQ(result.complete, 4096u);
  });
}

TEST(OnceTest, EverybodySeesWhatTheCallHasDone) {
  expect_verified([] {
    once_flag once;
    var<int> x{0, "x"};
    const auto work = [&] {
      call_once(once, [&] { x = 1; });
      require_eq(x, 1);
    };
    together(work, work);
  });
}

// Waits of an atomic.

// After microsoft/STL #1196: the destructor of stop_callback waits for the callback that runs.
tests::Body waits_for_the_callback(memory_order order) {
  return [=] {
    var<int> in_callback{0, "in_callback"};
    atomic<int> current{1, "current"};
    thread requester([&] {
      in_callback = 1;
      current.store(0, memory_order_release);
      current.notify_all();
    });
    current.wait(1, order);
    in_callback = 2;
    requester.join();
  };
}

TEST(AtomicWaitTest, OrdersWithAcquire) { expect_verified(waits_for_the_callback(memory_order_acquire)); }

TEST(AtomicWaitTest, OrdersNothingWhenRelaxed) {
  expect_defect(DefectKind::DataRace, waits_for_the_callback(memory_order_relaxed));
}

// [atomics.wait]/4: eligible is who observed a value that is followed by another in the modification order.
TEST(AtomicWaitTest, ANotificationWakesOneThatIsEligible) {
  expect_verified([] {
    atomic<int> a{0, "a"}, woken{0, "woken"};
    thread first([&] {
      a.wait(0);
      woken.store(1);
      woken.notify_all();
    });
    thread second([&] {
      if (a.load() == 1) a.wait(1);
    });
    thread notifier([&] {
      a.store(1);
      a.notify_one();
      woken.wait(0);
      a.store(2);
      a.notify_all();
    });
    first.join();
    second.join();
    notifier.join();
  });
}

TEST(AtomicWaitTest, IsLeftAloneWhenTheStoreIsNotFollowedByANotification) {
  expect_defect(DefectKind::Deadlock, [] {
    atomic<int> a{0, "a"};
    together([&] { a.wait(0); }, [&] { a.store(1); });
  });
}

TEST(AtomicWaitTest, PassesItemsBetweenTwoThreads) {
  expect_verified(
      [] {
        atomic<int> slot{0, "slot"};
        int sum = 0;
        together(
            [&] {
              for (int i = 1; i <= 2; ++i) {
                int full = 0;
                while ((full = slot.load()) != 0) slot.wait(full);
                slot.store(i);
                slot.notify_one();
              }
            },
            [&] {
              for (int i = 1; i <= 2; ++i) {
                slot.wait(0);
                sum += slot.exchange(0);
                slot.notify_one();
              }
            });
        require_eq(sum, 3);
      },
      each_class);
}

// What one thread does between two steps belongs to the first of them.

}  // namespace
}  // namespace heddle
