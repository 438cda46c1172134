// tests/field/handmade_test.cpp - primitives that programs make of atomics, and what they do under locks

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/latch.hpp>
#include <heddle/mutex.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace heddle {
namespace {

using tests::each_class;
using tests::expect_among_defects;
using tests::expect_defect;
using tests::expect_failed_expectation;
using tests::expect_outcomes;
using tests::expect_verified;
using tests::graphs;
using tests::rc11;
using tests::sc;
using tests::together;
using tests::tso;

// Readers are counted, and a writer is -1.
class ReaderWriterLock {
 public:
  void lock_shared() {
    for (int users = state_.load(memory_order_relaxed);;) {
      if (users < 0) {
        yield();
        users = state_.load(memory_order_relaxed);
      } else if (state_.compare_exchange_weak(users, users + 1, memory_order_acquire, memory_order_relaxed)) {
        return;
      }
    }
  }
  void unlock_shared(memory_order order) { state_.fetch_sub(1, order); }
  void lock() {
    int nobody = 0;
    while (!state_.compare_exchange_weak(nobody, -1, memory_order_acquire, memory_order_relaxed)) {
      nobody = 0;
      yield();
    }
  }
  void unlock() { state_.store(0, memory_order_release); }

 private:
  atomic<int> state_{0, "state"};
};

tests::Body two_readers_and_a_writer(memory_order leave) {
  return [=] {
    ReaderWriterLock lock;
    var<int> x{0, "x"};
    const auto read = [&] {
      lock.lock_shared();
      (void)x.load();
      lock.unlock_shared(leave);
    };
    thread a(read);
    thread b(read);
    lock.lock();
    x = 1;
    lock.unlock();
    a.join();
    b.join();
  };
}

TEST(ReaderWriterLockTest, KeepsWritersAndReadersApart) {
  expect_verified(two_readers_and_a_writer(memory_order_release), each_class);
}

TEST(ReaderWriterLockTest, RacesWhenAReaderLeavesRelaxed) {
  expect_defect(DefectKind::DataRace, two_readers_and_a_writer(memory_order_relaxed), each_class);
}

// H.-J. Boehm, Can seqlocks get along with programming language memory models? (MSPC'12)
tests::Body sequence_lock(bool fence) {
  return [=] {
    atomic<unsigned> sequence{0, "sequence"};
    atomic<int> x{0, "x"}, y{0, "y"};
    together(
        [&] {
          sequence.store(1, memory_order_relaxed);
          if (fence) heddle::atomic_thread_fence(memory_order_release);
          x.store(1, memory_order_relaxed);
          y.store(1, memory_order_relaxed);
          sequence.store(2, memory_order_release);
        },
        [&] {
          const unsigned before = sequence.load(memory_order_acquire);
          const int first = x.load(memory_order_relaxed);
          const int second = y.load(memory_order_relaxed);
          if (fence) heddle::atomic_thread_fence(memory_order_acquire);
          if (sequence.load(memory_order_relaxed) == before && before % 2 == 0) require_eq(first, second);
        });
  };
}

TEST(SequenceLockTest, GivesWhatBelongsTogether) { expect_verified(sequence_lock(true)); }

TEST(SequenceLockTest, GivesHalvesWithoutItsFencesWhereTheModelLetsThemPass) {
  expect_verified(sequence_lock(false), {sc, graphs, tso});
  expect_failed_expectation(sequence_lock(false), {rc11});
}

// The data are plain: that nobody uses what does not belong together does not make the race go away.
TEST(SequenceLockTest, RacesOnPlainData) {
  expect_defect(DefectKind::DataRace, [] {
    atomic<unsigned> sequence{0, "sequence"};
    var<int> x{0, "x"};
    together(
        [&] {
          sequence.store(1);
          x = 1;
          sequence.store(2);
        },
        [&] {
          (void)sequence.load();
          (void)x.load();
          (void)sequence.load();
        });
  });
}

TEST(SequenceLockTest, TriesAgainUntilNothingHasChanged) {
  expect_verified(
      [] {
        atomic<unsigned> sequence{0, "sequence"};
        atomic<int> x{0, "x"}, y{0, "y"};
        together(
            [&] {
              sequence.store(1);
              x.store(1);
              y.store(1);
              sequence.store(2);
            },
            [&] {
              unsigned before = 0;
              int first = 0;
              int second = 0;
              do {
                while ((before = sequence.load()) % 2 != 0) yield();
                first = x.load();
                second = y.load();
              } while (sequence.load() != before);
              require_eq(first, second);
            });
      },
      each_class);
}

// Meeting and doing once.

// The last one to arrive turns the sense, for which the others wait.
class SenseReversingBarrier {
 public:
  explicit SenseReversingBarrier(memory_order turn) : turn_(turn) {}
  void arrive_and_wait(bool& sense) {
    sense = !sense;
    if (missing_.fetch_sub(1, memory_order_acq_rel) == 1) {
      missing_.store(2, memory_order_relaxed);
      sense_.store(sense, turn_);
    } else {
      while (sense_.load(memory_order_acquire) != sense) yield();
    }
  }

 private:
  memory_order turn_;
  atomic<int> missing_{2, "missing"};
  atomic<bool> sense_{false, "sense"};
};

tests::Body phases(memory_order turn) {
  return [=] {
    SenseReversingBarrier barrier(turn);
    var<int> written[2];
    const auto work = [&](int me) {
      bool sense = false;
      written[me] = 1;
      barrier.arrive_and_wait(sense);
      require_eq(written[1 - me], 1);
      barrier.arrive_and_wait(sense);
      written[me] = 2;
    };
    together([&] { work(0); }, [&] { work(1); });
  };
}

TEST(SenseReversingBarrierTest, SeparatesPhases) {
  expect_verified(phases(memory_order_release), each_class);
}

TEST(SenseReversingBarrierTest, RacesWhenTheSenseIsTurnedRelaxed) {
  expect_among_defects(DefectKind::DataRace, phases(memory_order_relaxed), each_class);
}

tests::Body once_by_hand(memory_order done) {
  return [=] {
    atomic<int> state{0, "state"};  // 0: not begun, 1: begun, 2: done
    var<int> value{0, "value"};
    const auto work = [&] {
      int begun = 0;
      if (state.compare_exchange_strong(begun, 1, memory_order_acquire, memory_order_acquire)) {
        value = 7;
        state.store(2, done);
        state.notify_all();
      } else {
        while (begun != 2) {
          state.wait(begun, memory_order_acquire);
          begun = state.load(memory_order_acquire);
        }
      }
      (void)value.load();
    };
    together(work, work);
    require_eq(value, 7);
  };
}

TEST(OnceByHandTest, LetsTheOthersWaitForTheFirst) { expect_verified(once_by_hand(memory_order_release)); }

TEST(OnceByHandTest, RacesWhenItIsDoneRelaxed) {
  expect_defect(DefectKind::DataRace, once_by_hand(memory_order_relaxed));
}

TEST(CountdownTest, WaitsForASemaphoreAsOftenAsThereAreWorkers) {
  expect_verified([] {
    counting_semaphore<2> done{0, "done"};
    var<int> results[2];
    thread a([&] {
      results[0] = 1;
      done.release();
    });
    thread b([&] {
      results[1] = 2;
      done.release();
    });
    done.acquire();
    done.acquire();
    require_eq(results[0].load() + results[1].load(), 3);
    a.join();
    b.join();
  });
}

TEST(CountdownTest, RacesWhenItWaitsOnceTooFew) {
  expect_among_defects(DefectKind::DataRace, [] {
    counting_semaphore<2> done{0, "done"};
    var<int> results[2];
    thread a([&] {
      results[0] = 1;
      done.release();
    });
    thread b([&] {
      results[1] = 2;
      done.release();
    });
    done.acquire();
    (void)results[0].load();
    (void)results[1].load();
    a.join();
    b.join();
  });
}

TEST(LatchTest, StandsOnTheStackOfWhoWaits) {
  expect_verified([] {
    std::vector<int> results(2);
    std::vector<thread> workers;
    {
      latch done{2, "done"};
      for (std::size_t i = 0; i < 2; ++i)
        workers.emplace_back([&, i] {
          results[i] = 1;
          done.count_down();
        });
      done.wait();
      require_eq(results[0] + results[1], 2);
    }
    for (thread& each : workers) each.join();
  });
}

// Guards, exceptions and returns.

class Account {
 public:
  explicit Account(int balance) : balance_(balance, "balance") {}
  bool withdraw(int amount) {
    const lock_guard hold(guard_);
    if (balance_.load() < amount) return false;
    balance_ -= amount;
    return true;
  }
  void withdraw_or_throw(int amount) {
    const lock_guard hold(guard_);
    if (balance_.load() < amount) throw std::runtime_error("insufficient funds on the account");
    balance_ -= amount;
  }
  int balance() {
    const lock_guard hold(guard_);
    return balance_.load();
  }
  bool withdraw_without_lock(int amount) {
    if (balance_.load() < amount) return false;
    balance_ -= amount;
    return true;
  }

 private:
  mutex guard_{"guard"};
  var<int> balance_;
};

TEST(GuardTest, ReturnsEarlyUnderALock) {
  expect_verified([] {
    Account account(10);
    bool got[2] = {};
    together([&] { got[0] = account.withdraw(7); }, [&] { got[1] = account.withdraw(7); });
    require_ne(got[0], got[1]);
    require_eq(account.balance(), 3);
  });
}

TEST(GuardTest, GivesALockBackWhenAnExceptionCrossesIt) {
  expect_outcomes({"failed=1"}, [] {
    Account account(10);
    atomic<int> failed{0, "failed"};
    const auto work = [&] {
      try {
        account.withdraw_or_throw(7);
      } catch (const std::runtime_error& error) {
        if (std::string(error.what()).starts_with("insufficient")) ++failed;
      }
    };
    together(work, work);
    outcome("failed", failed.load());
  });
}

TEST(GuardTest, LetsBothThroughWhenItIsForgotten) {
  expect_among_defects(DefectKind::DataRace, [] {
    Account account(10);
    const auto work = [&] { account.withdraw_without_lock(7); };
    together(work, work);
    require_ge(account.balance(), 0);
  });
}

TEST(GuardTest, LeavesALockBehindWhenItIsTakenByHand) {
  expect_defect(DefectKind::Deadlock, [] {
    mutex guard{"guard"};
    const auto work = [&] {
      try {
        guard.lock();
        throw std::runtime_error("before the unlock");
      } catch (const std::runtime_error&) {
      }
    };
    thread first(work);
    first.join();
    thread second(work);
    second.join();
  });
}

TEST(GuardTest, NestsExceptionsOfTwoThreads) {
  expect_verified([] {
    atomic<int> x{0, "x"};
    const auto work = [&] {
      try {
        try {
          x.fetch_add(1);
          throw std::runtime_error("inner");
        } catch (const std::runtime_error&) {
          x.fetch_add(1);  // another thread may throw and catch here
          throw;
        }
      } catch (const std::exception& error) {
        if (error.what() == std::string("inner")) x.fetch_add(1);
      }
    };
    together(work, work);
    require_eq(x, 6);
  });
}

// Local work between the steps.

int fibonacci(int n, atomic<int>& calls) {
  if (n < 2) {
    calls.fetch_add(1, memory_order_relaxed);
    return n;
  }
  return fibonacci(n - 1, calls) + fibonacci(n - 2, calls);
}

TEST(LocalWorkTest, Recurses) {
  expect_verified([] {
    atomic<int> calls{0, "calls"};
    int result = 0;
    together([&] { result = fibonacci(4, calls); }, [&] { calls.fetch_add(10, memory_order_relaxed); });
    require_eq(result, 3);
    require_eq(calls, 15);
  });
}

TEST(LocalWorkTest, MakesTemporariesInALoop) {
  expect_outcomes({"longest=a text of twenty-six letters"}, [] {
    atomic<int> round{0, "round"};
    std::optional<std::string> longest;
    together(
        [&] {
          for (int i = 0; i < 3; ++i) {
            std::map<std::string, int> lengths{{"a text of twenty-six letters", 26}, {"short", 5}};
            for (const auto& [text, length] : lengths)
              if (!longest || longest->size() < text.size()) longest = text;
            round.store(i);
          }
        },
        [&] {
          std::vector<std::string> seen;
          for (int i = 0; i < 2; ++i) seen.push_back("round " + std::to_string(round.load()));
        });
    outcome("longest", *longest);
  });
}

TEST(LocalWorkTest, CountsWithoutALockWhereEachUpdateIsOne) {
  expect_verified([] {
    atomic<int> count{0, "count"};
    const auto work = [&] {
      for (int i = 0; i < 2; ++i) {
        int seen = count.load(memory_order_relaxed);
        while (!count.compare_exchange_weak(seen, seen + 1, memory_order_relaxed)) {
        }
      }
    };
    together(work, work);
    require_eq(count, 4);
  });
}

TEST(LocalWorkTest, LosesAnUpdateThatIsReadAndWritten) {
  expect_failed_expectation([] {
    atomic<int> count{0, "count"};
    const auto work = [&] { count.store(count.load() + 1); };
    together(work, work);
    require_eq(count, 2);
  });
}

}  // namespace
}  // namespace heddle
