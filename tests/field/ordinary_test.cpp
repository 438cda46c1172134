// tests/field/ordinary_test.cpp - programs as people write them, and what goes wrong when a word is missing
//
// Each correct one is verified in every search; its twin lacks one thing.

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

namespace heddle {
namespace {

using namespace std::chrono_literals;

using tests::each_class;
using tests::expect_among_defects;
using tests::expect_defect;
using tests::expect_defects;
using tests::expect_outcomes;
using tests::expect_verified;
using tests::expect_verified_or_inconclusive;
using tests::together;

TEST(OrdinaryTest, SumsUpPartsThatWereComputedInParallel) {
  expect_verified([] {
    std::vector<int> numbers(8);
    std::iota(numbers.begin(), numbers.end(), 1);
    std::vector<int> parts(3);
    std::vector<thread> workers;
    for (std::size_t i = 0; i < parts.size(); ++i)
      workers.emplace_back([&, i] {
        for (std::size_t at = i; at < numbers.size(); at += parts.size()) parts[i] += numbers[at];
      });
    for (thread& each : workers) each.join();
    require_eq(std::accumulate(parts.begin(), parts.end(), 0), 36);
    atomic<int> watched{0, "watched"};
    together([&] { ++watched; }, [&] { ++watched; });
  });
}

TEST(OrdinaryTest, SortsUnderALock) {
  expect_outcomes({"words=apple,pear,quince,"}, [] {
    mutex guard{"guard"};
    std::vector<std::string> words{"quince"};
    const auto add = [&](const std::string& word) {
      const lock_guard hold(guard);
      words.push_back(word);
      std::sort(words.begin(), words.end());
    };
    together([&] { add("pear"); }, [&] { add("apple"); });
    std::string all;
    for (const std::string& each : words) all += each + ",";
    outcome("words", all);
  });
}

TEST(OrdinaryTest, SharesStateThatIsCapturedByValue) {
  struct State {
    mutex guard{"guard"};
    std::map<std::string, int> counts;
  };
  expect_verified([] {
    const auto state = std::make_shared<State>();
    std::vector<thread> threads;
    for (const std::string name : {"a", "b"})
      threads.emplace_back([state, name] {
        const lock_guard hold(state->guard);
        ++state->counts[name];
        ++state->counts["all"];
      });
    for (thread& each : threads) each.join();
    require_eq(state->counts["all"], 2);
  });
}

TEST(OrdinaryTest, MovesItsDataIntoTheThread) {
  expect_verified([] {
    auto data = std::make_unique<std::vector<int>>(3, 7);
    atomic<int> sum{0, "sum"};
    thread worker([data = std::move(data), &sum] {
      for (const int each : *data) sum += each;
    });
    worker.join();
    require_eq(sum, 21);
  });
}

// Buffers and queues.

class BoundedBuffer {
 public:
  explicit BoundedBuffer(std::size_t capacity, bool notifies = true)
      : capacity_(capacity), notifies_(notifies) {}
  void put(int item) {
    unique_lock hold(guard_);
    not_full_.wait(hold, [&] { return items_.size() < capacity_; });
    items_.push_back(item);
    not_empty_.notify_one();
  }
  int take() {
    unique_lock hold(guard_);
    not_empty_.wait(hold, [&] { return !items_.empty(); });
    const int item = items_.front();
    items_.pop_front();
    if (notifies_) not_full_.notify_one();
    return item;
  }

 private:
  std::size_t capacity_;
  bool notifies_;
  mutex guard_{"guard"};
  condition_variable not_full_{"not_full"}, not_empty_{"not_empty"};
  std::deque<int> items_;
};

tests::Body two_items_through_one_place(bool notifies) {
  return [=] {
    BoundedBuffer buffer(1, notifies);
    int sum = 0;
    together(
        [&] {
          buffer.put(1);
          buffer.put(2);
        },
        [&] {
          sum += buffer.take();
          sum += buffer.take();
        });
    require_eq(sum, 3);
  };
}

TEST(BoundedBufferTest, PassesItemsOnInOrder) {
  expect_verified(two_items_through_one_place(true), each_class);
}

TEST(BoundedBufferTest, HangsWhenATakeDoesNotNotify) {
  expect_defects({DefectKind::Deadlock, DefectKind::LostWakeup}, two_items_through_one_place(false),
                 each_class);
}

// One condition variable for both conditions: the one notification may reach who cannot go on.
TEST(BoundedBufferTest, HangsWhenProducersAndConsumersShareACondition) {
  expect_among_defects(
      DefectKind::Deadlock,
      [] {
        mutex guard{"guard"};
        condition_variable changed{"changed"};
        std::optional<int> place;
        const auto put = [&] {
          unique_lock hold(guard);
          changed.wait(hold, [&] { return !place; });
          place = 1;
          changed.notify_one();
        };
        const auto take = [&] {
          unique_lock hold(guard);
          changed.wait(hold, [&] { return place.has_value(); });
          place.reset();
          changed.notify_one();
        };
        thread first(take);
        thread second(take);
        put();
        put();
        first.join();
        second.join();
      },
      each_class);
}

TEST(MailboxOfAnActorTest, HandlesOneMessageAtATime) {
  expect_outcomes(
      {"handled=deposit deposit stop "},
      [] {
        mutex guard{"guard"};
        condition_variable arrived{"arrived"};
        std::deque<std::function<bool(std::string&)>> messages;
        const auto send = [&](std::function<bool(std::string&)> message) {
          const lock_guard hold(guard);
          messages.push_back(std::move(message));
          arrived.notify_one();
        };
        const auto deposit = [](std::string& log) {
          log += "deposit ";
          return true;
        };
        std::string log;  // the actor's alone
        thread actor([&] {
          for (bool goes_on = true; goes_on;) {
            std::function<bool(std::string&)> message;
            {
              unique_lock hold(guard);
              arrived.wait(hold, [&] { return !messages.empty(); });
              message = std::move(messages.front());
              messages.pop_front();
            }
            goes_on = message(log);
          }
        });
        together([&] { send(deposit); }, [&] { send(deposit); });
        send([](std::string& text) {
          text += "stop ";
          return false;
        });
        actor.join();
        outcome("handled", log);
      },
      each_class);
}

// A single producer and a single consumer (Lamport 1983).
tests::Body ring(memory_order publish) {
  return [=] {
    var<int> places[2];
    atomic<unsigned> head{0, "head"}, tail{0, "tail"};
    int sum = 0;
    together(
        [&] {
          for (unsigned i = 0; i < 3; ++i) {
            while (i - head.load(memory_order_acquire) == 2) yield();
            places[i % 2] = static_cast<int>(i) + 1;
            tail.store(i + 1, publish);
          }
        },
        [&] {
          for (unsigned i = 0; i < 3; ++i) {
            while (tail.load(memory_order_acquire) == i) yield();
            sum += places[i % 2].load();
            head.store(i + 1, memory_order_release);
          }
        });
    require_eq(sum, 6);
  };
}

TEST(RingBufferTest, NeedsNoLockForOneProducerAndOneConsumer) {
  expect_verified(ring(memory_order_release), each_class);
}

TEST(RingBufferTest, RacesWhenItPublishesRelaxed) {
  expect_among_defects(DefectKind::DataRace, ring(memory_order_relaxed), each_class);
}

// Locks by hand.

template <class Lock>
tests::Body counts_under() {
  return [] {
    Lock lock;
    var<int> count{0, "count"};
    const auto work = [&] {
      lock.lock();
      ++count;
      lock.unlock();
    };
    together(work, work);
    require_eq(count, 2);
  };
}

template <memory_order give, memory_order take = memory_order_acquire>
struct TicketLock {
  atomic<unsigned> next, serving;
  void lock() {
    const unsigned mine = next.fetch_add(1, memory_order_relaxed);
    while (serving.load(take) != mine) {
    }
  }
  void unlock() { serving.store(serving.load(memory_order_relaxed) + 1, give); }
};

TEST(TicketLockTest, Excludes) { expect_verified(counts_under<TicketLock<memory_order_release>>()); }

TEST(TicketLockTest, RacesWhenItIsGivenBackRelaxed) {
  expect_among_defects(DefectKind::DataRace, counts_under<TicketLock<memory_order_relaxed>>());
}

TEST(TicketLockTest, RacesWhenItIsTakenRelaxed) {
  expect_among_defects(DefectKind::DataRace,
                       counts_under<TicketLock<memory_order_release, memory_order_relaxed>>());
}

struct BackingOffLock {
  atomic<bool> taken;
  void lock() {
    for (int pause = 1; taken.exchange(true, memory_order_acquire); pause = std::min(2 * pause, 4))
      for (int i = 0; i < pause; ++i) this_thread::yield();
  }
  void unlock() { taken.store(false, memory_order_release); }
};

TEST(SpinLockTest, BacksOffExponentially) { expect_verified_or_inconclusive(counts_under<BackingOffLock>()); }

struct SleepingLock {
  mutex guard;
  void lock() {
    for (auto pause = 1ms; !guard.try_lock(); pause *= 2) this_thread::sleep_for(pause);
  }
  void unlock() { guard.unlock(); }
};

TEST(TryLockTest, SleepsLongerAndLongerBetweenTries) {
  expect_verified_or_inconclusive(counts_under<SleepingLock>());
}

// What is looked at and what is set are two steps.
struct CarelessLock {
  atomic<bool> taken;
  void lock() {
    while (taken.load()) {
    }
    taken.store(true);
  }
  void unlock() { taken.store(false); }
};

TEST(SpinLockTest, DoesNotExcludeWhenItLooksAndThenSets) {
  expect_among_defects(DefectKind::DataRace, counts_under<CarelessLock>(), each_class);
}

TEST(StandardLockTest, TakesTwoMutexesInEitherOrder) {
  expect_verified_or_inconclusive([] {
    mutex a{"a"}, b{"b"};
    int balance[2] = {1, 1};
    const auto transfer = [&](mutex& from, mutex& to, int& less, int& more) {
      std::unique_lock first(from, std::defer_lock);
      std::unique_lock second(to, std::defer_lock);
      std::lock(first, second);
      --less;
      ++more;
    };
    together([&] { transfer(a, b, balance[0], balance[1]); },
             [&] { transfer(b, a, balance[1], balance[0]); });
    require_eq(balance[0], 1);
  });
}

TEST(StandardLockTest, DeadlocksWhenTheyAreTakenOneAfterTheOther) {
  expect_defect(DefectKind::Deadlock, [] {
    mutex a{"a"}, b{"b"};
    const auto work = [](mutex& from, mutex& to) {
      const std::lock_guard<mutex> first(from);
      const std::lock_guard<mutex> second(to);
    };
    together([&] { work(a, b); }, [&] { work(b, a); });
  });
}

}  // namespace
}  // namespace heddle
