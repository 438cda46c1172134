// tests/field/backing_off_test.cpp - loops that take something and give it back, and loops that never end

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <chrono>
#include <functional>
#include <mutex>

namespace heddle {
namespace {

using namespace std::chrono_literals;

using tests::each_class;
using tests::expect_among_defects;
using tests::expect_defect;
using tests::expect_verified;
using tests::expect_verified_or_inconclusive;
using tests::graphs;
using tests::sc;
using tests::together;
using tests::weak;

// Loops that write and undo what they wrote.

tests::Body polls(const std::function<bool(mutex&, var<bool>&)>& look) {
  return [=] {
    mutex guard{"guard"};
    var<bool> ready{false, "ready"};
    together(
        [&] {
          while (!look(guard, ready)) {
          }
        },
        [&] {
          const lock_guard hold(guard);
          ready = true;
        });
  };
}

TEST(PollingTest, LooksUnderALock) {
  expect_verified_or_inconclusive(polls([](auto& guard, auto& ready) {
    const lock_guard hold(guard);
    return ready.load();
  }));
}

TEST(PollingTest, YieldsWithoutTheLock) {
  expect_verified_or_inconclusive(polls([](auto& guard, auto& ready) {
    {
      const lock_guard hold(guard);
      if (ready.load()) return true;
    }
    yield();
    return false;
  }));
}

TEST(PollingTest, SleepsWithoutTheLock) {
  expect_verified_or_inconclusive(polls([](auto& guard, auto& ready) {
    unique_lock hold(guard);
    if (ready.load()) return true;
    hold.unlock();
    this_thread::sleep_for(10ms);
    return false;
  }));
}

TEST(PollingTest, LooksWhenItGetsTheLock) {
  expect_verified_or_inconclusive(polls([](auto& guard, auto& ready) {
    const unique_lock hold(guard, try_to_lock);
    return hold && ready.load();
  }));
}

TEST(PollingTest, RacesWhenItLooksWithoutTheLock) {
  expect_among_defects(DefectKind::DataRace, polls([](auto&, auto& ready) { return ready.load(); }),
                       each_class);
}

// [thread.lock.algorithm] as it is written by hand: lock one, try the other, give the first one back.
void take_both(mutex& first, mutex& second, const std::function<void()>& pause) {
  for (;;) {
    first.lock();
    if (second.try_lock()) break;
    first.unlock();
    pause();
  }
  second.unlock();
  first.unlock();
}

tests::Body both_in_either_order(const std::function<void()>& pause) {
  return [=] {
    mutex a{"a"}, b{"b"};
    together([&] { take_both(a, b, pause); }, [&] { take_both(b, a, pause); });
  };
}

TEST(BackOffTest, TriesAgainAtOnce) {
  expect_verified_or_inconclusive(both_in_either_order([] {}));
}

TEST(BackOffTest, TriesAgainAfterAYield) {
  expect_verified_or_inconclusive(both_in_either_order([] { this_thread::yield(); }));
}

TEST(BackOffTest, TriesAgainAfterASleep) {
  expect_verified_or_inconclusive(both_in_either_order([] { this_thread::sleep_for(1ms); }));
}

TEST(BackOffTest, OfTheStandardLibrary) {
  expect_verified_or_inconclusive([] {
    mutex a{"a"}, b{"b"};
    int count = 0;
    const auto work = [&](mutex& one, mutex& other) {
      std::lock(one, other);
      ++count;
      one.unlock();
      other.unlock();
    };
    together([&] { work(a, b); }, [&] { work(b, a); });
    require_eq(count, 2);
  });
}

TEST(BackOffTest, NeverEndsWhenTheFirstLockIsKept) {
  expect_among_defects(
      DefectKind::Livelock,
      [] {
        mutex a{"a"}, b{"b"};
        const auto stubborn = [](mutex& first, mutex& second) {
          const lock_guard hold(first);
          while (!second.try_lock()) yield();
          second.unlock();
        };
        together([&] { stubborn(a, b); }, [&] { stubborn(b, a); });
      },
      each_class);
}

// A lock that is taken back when somebody else has it too.
TEST(BackOffTest, OfAReaderThatMeetsAWriter) {
  expect_verified_or_inconclusive([] {
    atomic<int> readers{0, "readers"};
    atomic<bool> writer{false, "writer"};
    var<int> data{0, "data"};
    together(
        [&] {
          for (;;) {
            readers.fetch_add(1);
            if (!writer.load()) break;
            readers.fetch_sub(1);
            yield();
          }
          (void)data.load();
          readers.fetch_sub(1);
        },
        [&] {
          writer.store(true);
          while (readers.load() != 0) yield();
          data = 1;
          writer.store(false);
        });
  });
}

// Real livelocks.

TEST(LivelockTest, AWaitForWhatNobodySets) {
  expect_defect(
      DefectKind::Livelock,
      [] {
        atomic<bool> ready{false, "ready"}, other{false, "other"};
        together(
            [&] {
              while (!ready.load()) yield();
            },
            [&] { other.store(true); });
      },
      each_class);
}

TEST(LivelockTest, TwoThatWaitForEachOther) {
  expect_defect(
      DefectKind::Livelock,
      [] {
        atomic<bool> a{false, "a"}, b{false, "b"};
        const auto wait = [](atomic<bool>& first, atomic<bool>& then) {
          while (!first.load()) {
          }
          then.store(true);
        };
        together([&] { wait(a, b); }, [&] { wait(b, a); });
      },
      each_class);
}

TEST(LivelockTest, AWaitUnderTheLockThatTheOtherNeeds) {
  expect_defect(
      DefectKind::Livelock,
      [] {
        mutex guard{"guard"};
        atomic<bool> ready{false, "ready"};
        together(
            [&] {
              const lock_guard hold(guard);
              while (!ready.load()) yield();
            },
            [&] {
              const lock_guard hold(guard);
              ready.store(true);
            });
      },
      each_class);
}

TEST(LivelockTest, APollUnderALockForWhatNobodySets) {
  expect_defect(
      DefectKind::Livelock,
      [] {
        mutex guard{"guard"};
        var<bool> ready{false, "ready"};
        thread poller([&] {
          for (;;) {
            const lock_guard hold(guard);
            if (ready.load()) return;
          }
        });
        poller.join();
      },
      each_class);
}

TEST(LivelockTest, ATryLockOfWhatTheJoiningThreadHolds) {
  expect_defect(
      DefectKind::Livelock,
      [] {
        mutex guard{"guard"};
        const lock_guard hold(guard);
        thread worker([&] {
          while (!guard.try_lock()) yield();
          guard.unlock();
        });
        worker.join();
      },
      each_class);
}

TEST(LivelockTest, AnExchangeOfALockThatIsNeverGivenBack) {
  expect_defect(
      DefectKind::Livelock,
      [] {
        atomic<bool> taken{false, "taken"};
        const auto take = [&] {
          while (taken.exchange(true)) {
          }
        };
        together(take, take);
      },
      each_class);
}

TEST(LivelockTest, IsFoundBesideAThreadThatHasMuchToDo) {
  expect_defect(
      DefectKind::Livelock,
      [] {
        atomic<bool> ready{false, "ready"};
        atomic<int> work{0, "work"};
        together(
            [&] {
              while (!ready.load()) {
              }
            },
            [&] {
              for (int i = 0; i < 100; ++i) work.store(i, memory_order_relaxed);
            });
      },
      each_class);
}

// Locks that are made of loops, with the orders that they need under each model.

tests::Body peterson(memory_order store, memory_order load) {
  return [=] {
    atomic<bool> wants[2];
    atomic<int> turn{0, "turn"};
    var<int> count{0, "count"};
    const auto work = [&](int me) {
      const int other = 1 - me;
      wants[me].store(true, store);
      turn.store(other, store);
      while (wants[other].load(load) && turn.load(load) == other) {
      }
      ++count;
      wants[me].store(false, store);
    };
    together([&] { work(0); }, [&] { work(1); });
    require_eq(count, 2);
  };
}

TEST(PetersonTest, ExcludesUnderEveryModelWhenItIsSequentiallyConsistent) {
  expect_verified(peterson(memory_order_seq_cst, memory_order_seq_cst), each_class);
}

TEST(PetersonTest, ExcludesWithoutStoreBuffersOnlyWhenItIsNot) {
  expect_verified(peterson(memory_order_release, memory_order_acquire), {sc, graphs});
  expect_among_defects(DefectKind::DataRace, peterson(memory_order_release, memory_order_acquire), weak);
}

TEST(SpinLockTest, TestsBeforeItSets) {
  expect_verified(
      [] {
        atomic<bool> taken{false, "taken"};
        var<int> count{0, "count"};
        const auto work = [&] {
          while (taken.exchange(true, memory_order_acquire))
            while (taken.load(memory_order_relaxed)) yield();
          ++count;
          taken.store(false, memory_order_release);
        };
        together(work, work);
        require_eq(count, 2);
      },
      each_class);
}

TEST(SpinLockTest, RacesWhenItIsGivenBackRelaxed) {
  expect_among_defects(
      DefectKind::DataRace,
      [] {
        atomic<bool> taken{false, "taken"};
        var<int> count{0, "count"};
        const auto work = [&] {
          while (taken.exchange(true, memory_order_acquire)) {
          }
          ++count;
          taken.store(false, memory_order_relaxed);
        };
        together(work, work);
      },
      each_class);
}

}  // namespace
}  // namespace heddle
