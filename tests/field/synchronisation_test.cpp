// tests/field/synchronisation_test.cpp - what orders what, and what does not
//
// Plain data stands on both sides. A data race on it is judged by C++'s happens-before under every model, so
// that what only looks ordered because the steps came in that order is told from what is.

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/shared_mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::each_class;
using tests::expect_defect;
using tests::expect_outcomes;
using tests::expect_verified;
using tests::graphs;
using tests::rc11;
using tests::sc;
using tests::together;
using tests::tso;

// Message passing: data is written before `give` and read if `take` says so.
template <class Give, class Take>
tests::Body message(Give give, Take take) {
  return [=] {
    var<int> data{0, "data"};
    atomic<int> flag{0, "flag"};
    together(
        [&] {
          data = 1;
          give(flag);
        },
        [&] {
          if (take(flag)) (void)data.load();
        });
  };
}

TEST(MessageTest, IsOrderedByReleaseAndAcquire) {
  expect_verified(message([](auto& flag) { flag.store(1, memory_order_release); },
                          [](auto& flag) { return flag.load(memory_order_acquire) == 1; }));
}

TEST(MessageTest, IsOrderedByFences) {
  expect_verified(message(
      [](auto& flag) {
        heddle::atomic_thread_fence(memory_order_release);
        flag.store(1, memory_order_relaxed);
      },
      [](auto& flag) {
        if (flag.load(memory_order_relaxed) != 1) return false;
        heddle::atomic_thread_fence(memory_order_acquire);
        return true;
      }));
}

TEST(MessageTest, IsOrderedByTwoUpdates) {
  expect_verified(message([](auto& flag) { flag.fetch_add(1, memory_order_release); },
                          [](auto& flag) { return flag.fetch_add(0, memory_order_acquire) == 1; }));
}

TEST(MessageTest, RacesWhenItIsGivenRelaxed) {
  expect_defect(DefectKind::DataRace,
                message([](auto& flag) { flag.store(1, memory_order_relaxed); },
                        [](auto& flag) { return flag.load(memory_order_acquire) == 1; }));
}

TEST(MessageTest, RacesWhenItIsTakenRelaxed) {
  expect_defect(DefectKind::DataRace,
                message([](auto& flag) { flag.store(1, memory_order_release); },
                        [](auto& flag) { return flag.load(memory_order_relaxed) == 1; }));
}

TEST(MessageTest, RacesWhenTheFenceComesBeforeTheLook) {
  expect_defect(DefectKind::DataRace, message([](auto& flag) { flag.store(1, memory_order_release); },
                                              [](auto& flag) {
                                                heddle::atomic_thread_fence(memory_order_acquire);
                                                return flag.load(memory_order_relaxed) == 1;
                                              }));
}

// [intro.races]/5: what a failed exchange reads is ordered by its order of failure.
TEST(MessageTest, RacesWhenItIsTakenByAnExchangeThatFailsRelaxed) {
  expect_defect(DefectKind::DataRace, message([](auto& flag) { flag.store(1, memory_order_release); },
                                              [](auto& flag) {
                                                int expected = 0;
                                                return !flag.compare_exchange_strong(
                                                    expected, 2, memory_order_acquire, memory_order_relaxed);
                                              }));
}

// Release sequences ([intro.races]/5 of C++20: the store and the read-modify-writes that follow it, of
// whatever thread). Met with latentPrion/zambesii #20, a reader that backs out of a spin lock and tries
// again.

template <class Acquire>
tests::Body takes_with_an_update_of_its_own(Acquire acquire) {
  return message([](auto& flag) { flag.store(1, memory_order_release); },
                 [=](auto& flag) {
                   int one = 1;
                   if (!flag.compare_exchange_strong(one, 2, memory_order_relaxed, memory_order_relaxed))
                     return false;
                   acquire(flag);
                   return true;
                 });
}

TEST(ReleaseSequenceTest, IsAcquiredThroughAnUpdateOfTheReader) {
  expect_verified(takes_with_an_update_of_its_own([](auto& flag) { (void)flag.load(memory_order_acquire); }));
}

TEST(ReleaseSequenceTest, IsAcquiredByAnotherUpdateOfTheReader) {
  expect_verified(
      takes_with_an_update_of_its_own([](auto& flag) { flag.fetch_add(1, memory_order_acquire); }));
}

TEST(ReleaseSequenceTest, IsAcquiredByAFenceOfTheReader) {
  expect_verified(
      takes_with_an_update_of_its_own([](auto&) { heddle::atomic_thread_fence(memory_order_acquire); }));
}

TEST(ReleaseSequenceTest, IsNotAcquiredByAnUpdateThatIsRelaxedAlone) {
  expect_defect(DefectKind::DataRace, takes_with_an_update_of_its_own([](auto&) {}));
}

template <class Between>
tests::Body through_a_third_thread(Between between) {
  return [=] {
    var<int> data{0, "data"};
    atomic<int> flag{0, "flag"};
    thread writer([&] {
      data = 1;
      flag.store(1, memory_order_release);
    });
    thread third([&] { between(flag); });
    if (flag.load(memory_order_acquire) == 2) (void)data.load();
    writer.join();
    third.join();
  };
}

TEST(ReleaseSequenceTest, GoesOnThroughAnUpdateOfAnotherThread) {
  expect_verified(through_a_third_thread([](auto& flag) {
    int one = 1;
    flag.compare_exchange_strong(one, 2, memory_order_relaxed);
  }));
}

TEST(ReleaseSequenceTest, EndsWithAStoreOfAnotherThread) {
  expect_defect(DefectKind::DataRace, through_a_third_thread([](auto& flag) {
                  if (flag.load(memory_order_relaxed) == 1) flag.store(2, memory_order_relaxed);
                }));
}

// C++20 took the stores of the same thread out of the sequence (P0982).
TEST(ReleaseSequenceTest, EndsWithAStoreOfTheSameThread) {
  expect_defect(DefectKind::DataRace, message(
                                          [](auto& flag) {
                                            flag.store(1, memory_order_release);
                                            flag.store(2, memory_order_relaxed);
                                          },
                                          [](auto& flag) { return flag.load(memory_order_acquire) == 2; }));
}

// Shared locks: unlock_shared() synchronises with lock() ([thread.sharedmutex.requirements.general]).

TEST(SharedLockTest, OrdersNothingBetweenTwoReaders) {
  expect_defect(DefectKind::DataRace, [] {
    shared_mutex guard{"guard"};
    var<int> x{0, "x"};
    atomic<int> flag{0, "flag"};
    together(
        [&] {
          x = 1;
          const shared_lock hold(guard);
          flag.store(1, memory_order_relaxed);
        },
        [&] {
          int seen = 0;
          {
            const shared_lock hold(guard);
            seen = flag.load(memory_order_relaxed);
          }
          if (seen == 1) (void)x.load();
        });
  });
}

TEST(SharedLockTest, LetsAReaderSeeAnOldValueOnlyWhereTheModelDoes) {
  const auto body = [] {
    shared_mutex guard{"guard"};
    atomic<int> x{0, "x"}, flag{0, "flag"};
    together(
        [&] {
          x.store(1, memory_order_relaxed);
          const shared_lock hold(guard);
          flag.store(1, memory_order_relaxed);
        },
        [&] {
          int seen = 0;
          {
            const shared_lock hold(guard);
            seen = flag.load(memory_order_relaxed);
          }
          outcome("flag", seen);
          outcome("x", x.load(memory_order_relaxed));
        });
  };
  expect_outcomes({"flag=0 x=0", "flag=0 x=1", "flag=1 x=1"}, body, {sc, graphs, tso});
  expect_outcomes({"flag=0 x=0", "flag=0 x=1", "flag=1 x=0", "flag=1 x=1"}, body, {rc11});
}

TEST(SharedLockTest, OrdersAReaderBeforeTheNextWriter) {
  expect_verified([] {
    shared_mutex guard{"guard"};
    var<int> x{0, "x"};
    together(
        [&] {
          const shared_lock hold(guard);
          (void)x.load();
        },
        [&] {
          const unique_lock hold(guard);
          x = 1;
        });
  });
}

TEST(SharedLockTest, OrdersAWriterBeforeTheReadersThatFollow) {
  expect_verified(
      [] {
        shared_mutex guard{"guard"};
        var<int> x{0, "x"};
        const auto read = [&] {
          const shared_lock hold(guard);
          (void)x.load();
        };
        thread a(read);
        thread b(read);
        {
          const unique_lock hold(guard);
          x = 1;
        }
        a.join();
        b.join();
      },
      each_class);
}

// Semaphores: release() happens before the acquire() that observes it, and that is all ([thread.sema.cnt]).

TEST(SemaphoreOrderTest, AnAcquireIsNoRelease) {
  expect_defect(DefectKind::DataRace, [] {
    counting_semaphore<4> slots{2, "slots"};
    var<int> x{0, "x"};
    atomic<int> flag{0, "flag"};
    together(
        [&] {
          x = 1;
          slots.acquire();
          flag.store(1, memory_order_relaxed);
        },
        [&] {
          if (flag.load(memory_order_relaxed) == 1) {
            slots.acquire();
            (void)x.load();
          }
        });
  });
}

TEST(SemaphoreOrderTest, AReleaseOrdersTheAcquireThatItLetsGo) {
  expect_verified([] {
    binary_semaphore ready{0, "ready"};
    var<int> x{0, "x"};
    together(
        [&] {
          x = 1;
          ready.release();
        },
        [&] {
          ready.acquire();
          (void)x.load();
        });
  });
}

TEST(SemaphoreOrderTest, ATryAcquireThatFailsOrdersNothing) {
  expect_defect(DefectKind::DataRace, [] {
    binary_semaphore slot{1, "slot"};
    var<int> x{0, "x"};
    together(
        [&] {
          x = 1;
          slot.acquire();
        },
        [&] {
          if (slot.try_acquire()) slot.release();
          else (void)x.load();
        });
  });
}

TEST(SemaphoreOrderTest, AReleaseIsNoAcquire) {
  expect_defect(DefectKind::DataRace, [] {
    counting_semaphore<4> slots{0, "slots"};
    var<int> x{0, "x"};
    atomic<int> flag{0, "flag"};
    together(
        [&] {
          x = 1;
          slots.release();
          flag.store(1, memory_order_relaxed);
        },
        [&] {
          if (flag.load(memory_order_relaxed) == 1) {
            slots.release();
            (void)x.load();
          }
        });
  });
}

}  // namespace
}  // namespace heddle
