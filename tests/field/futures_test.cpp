// tests/field/futures_test.cpp - promises, tasks and the pools that are made of them
//
// Who sets a value and who waits for it are steps. Who drops the last reference to what they share is not,
// once the value is there: the destructor of a satisfied promise does nothing ([futures.state]/5).

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/future.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace heddle {
namespace {

using namespace std::chrono_literals;

using tests::each_class;
using tests::expect_defect;
using tests::expect_outcomes;
using tests::expect_verified;
using tests::together;

TEST(AsyncTest, HandsOverWhateverIsThrown) {
  expect_verified([] {
    auto result = heddle::async(launch::async, []() -> int { throw 42; });
    int caught = 0;
    try {
      (void)result.get();
    } catch (int thrown) {
      caught = thrown;
    }
    require_eq(caught, 42);
  });
}

TEST(AsyncTest, OrdersItsResult) {
  expect_verified([] {
    var<int> x{0, "x"};
    auto result = heddle::async(launch::async, [&] { x = 1; });
    result.get();
    require_eq(x, 1);
  });
}

TEST(AsyncTest, IsJoinedByTheLastFuture) {
  expect_verified([] {
    var<int> x{0, "x"};
    {
      const auto result = heddle::async(launch::async, [&] { x = 1; });
    }
    require_eq(x, 1);
  });
}

TEST(AsyncTest, MapsAndReduces) {
  expect_verified([] {
    const std::vector<int> numbers{1, 2, 3, 4};
    std::vector<future<int>> parts;
    for (std::size_t i = 0; i < numbers.size(); i += 2)
      parts.push_back(heddle::async(launch::async, [&numbers, i] { return numbers[i] + numbers[i + 1]; }));
    int sum = 0;
    for (auto& part : parts) sum += part.get();
    require_eq(sum, 10);
  });
}

TEST(AsyncTest, GivesAwayWhatCannotBeCopied) {
  expect_verified([] {
    auto result =
        heddle::async(launch::async, [] { return std::make_unique<std::string>("a text on the heap"); });
    require_eq(*result.get(), "a text on the heap");
  });
}

TEST(DeferredTest, IsCalledByWhoeverWaitsFirst) {
  expect_outcomes({"by=1", "by=2"}, [] {
    atomic<int> a{0, "a"}, b{0, "b"};
    auto called = heddle::async(launch::deferred, [] { return this_thread::get_id(); }).share();
    thread first([&] {
      a.store(1);
      (void)called.get();
    });
    thread second([&] {
      b.store(1);
      (void)called.get();
    });
    const auto id = first.get_id();
    first.join();
    second.join();
    outcome("by", called.get() == id ? 1 : 2);
  });
}

TEST(DeferredTest, IsNeverCalledWhenNobodyWaits) {
  expect_verified([] {
    bool called = false;
    {
      const auto lazy = heddle::async(launch::deferred, [&] { called = true; });
      require(lazy.wait_for(0s) == future_status::deferred);
    }
    require(!called);
  });
}

TEST(DeferredTest, ThrowsToWhoWaits) {
  expect_verified([] {
    auto lazy = heddle::async(launch::deferred, []() -> int { throw std::runtime_error("late"); });
    std::string caught;
    try {
      (void)lazy.get();
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    require_eq(caught, "late");
  });
}

TEST(PromiseTest, MayGoBeforeOrAfterItsFuture) {
  expect_verified([] {
    auto gives = std::make_unique<promise<int>>("gives");
    auto takes = std::make_unique<future<int>>(gives->get_future());
    atomic<int> a{0, "a"}, b{0, "b"};
    together(
        [&] {
          a.store(1);
          gives.reset();
        },
        [&] {
          b.store(1);
          takes.reset();
        });
  });
}

TEST(PromiseTest, MayGoBeforeOrAfterItsFutureWhenItIsSatisfied) {
  expect_verified([] {
    auto gives = std::make_unique<promise<std::string>>("gives");
    auto takes = gives->get_future();
    thread giver([gives = std::move(gives)] { gives->set_value("a text that is long enough for the heap"); });
    require_eq(takes.get().size(), 39u);
    giver.join();
  });
}

TEST(PromiseTest, TellsWhoWaitsThatItIsBroken) {
  expect_verified([] {
    auto gives = std::make_unique<promise<int>>("gives");
    auto takes = gives->get_future();
    thread giver([gives = std::move(gives)]() mutable { gives.reset(); });
    bool broken = false;
    try {
      (void)takes.get();
    } catch (const future_error& error) {
      broken = error.code() == future_errc::broken_promise;
    }
    require(broken);
    giver.join();
  });
}

TEST(PromiseTest, TakesOneValueOfTwo) {
  expect_outcomes({"refused=1 value=2", "refused=2 value=1"}, [] {
    promise<int> gives{"gives"};
    auto takes = gives.get_future();
    atomic<int> refused{0, "refused"};
    const auto offer = [&](int value) {
      try {
        gives.set_value(value);
      } catch (const future_error&) {
        refused.store(value);
      }
    };
    together([&] { offer(1); }, [&] { offer(2); });
    outcome("refused", refused.load());
    outcome("value", takes.get());
  });
}

TEST(PromiseTest, OrdersWhatWasDoneBeforeItsValue) {
  expect_verified([] {
    promise<void> ready{"ready"};
    var<int> x{0, "x"};
    thread worker([&] {
      x = 1;
      ready.set_value();
    });
    ready.get_future().wait();
    require_eq(x, 1);
    worker.join();
  });
}

TEST(PromiseTest, DoesNotOrderWhatIsDoneAfterItsValue) {
  expect_defect(DefectKind::DataRace, [] {
    promise<void> ready{"ready"};
    var<int> x{0, "x"};
    thread worker([&] {
      ready.set_value();
      x = 1;
    });
    ready.get_future().wait();
    (void)x.load();
    worker.join();
  });
}

TEST(PromiseTest, IsNotReadyWhenTheCopyOfItsValueThrows) {
  struct Reluctant {
    Reluctant() = default;
    Reluctant(const Reluctant&) { throw std::runtime_error("no copies"); }
    Reluctant(Reluctant&&) noexcept = default;
    Reluctant& operator=(Reluctant&&) noexcept = default;
  };
  expect_verified([] {
    promise<Reluctant> gives{"gives"};
    auto takes = gives.get_future();
    thread giver([&] {
      const Reluctant value;
      try {
        gives.set_value(value);
      } catch (const std::runtime_error&) {
        gives.set_value(Reluctant());
      }
    });
    (void)takes.get();
    giver.join();
  });
}

// It is moved into the shared state by who gives it, before anybody can see that it is there.
TEST(PromiseTest, HasMovedItsValueWhenItIsReady) {
  struct Noted {
    var<int>* moves = nullptr;
    explicit Noted(var<int>& count) : moves(&count) {}
    Noted(Noted&& other) noexcept : moves(other.moves) { ++*moves; }
    Noted& operator=(Noted&&) noexcept = default;
  };
  expect_verified([] {
    var<int> moves{0, "moves"};
    promise<Noted> gives{"gives"};
    auto takes = gives.get_future();
    thread giver([&] { gives.set_value(Noted(moves)); });
    takes.wait();
    (void)moves.load();
    giver.join();
  });
}

TEST(SharedFutureTest, IsReadByEveryoneWhoHasACopy) {
  expect_verified([] {
    promise<int> gives{"gives"};
    const shared_future<int> takes = gives.get_future().share();
    const auto read = [takes] { require_eq(takes.get(), 7); };
    thread a(read);
    thread b(read);
    gives.set_value(7);
    a.join();
    b.join();
  });
}

TEST(SharedFutureTest, ThrowsTheSameToEveryone) {
  expect_verified([] {
    const auto takes = heddle::async(launch::async, []() -> int { throw std::string("failed"); }).share();
    const auto read = [takes] {
      bool failed = false;
      try {
        (void)takes.get();
      } catch (const std::string& text) {
        failed = text == "failed";
      }
      require(failed);
    };
    together(read, read);
  });
}

TEST(FutureTest, IsPolledUntilItIsReady) {
  expect_verified(
      [] {
        promise<int> gives{"gives"};
        auto takes = gives.get_future();
        thread giver([&] { gives.set_value(7); });
        while (takes.wait_for(0s) != future_status::ready) yield();
        require_eq(takes.get(), 7);
        giver.join();
      },
      each_class);
}

TEST(PackagedTaskTest, HandsOverWhateverIsThrown) {
  expect_verified([] {
    packaged_task<int()> task([]() -> int { throw 42; });
    auto result = task.get_future();
    thread runner(std::move(task));
    int caught = 0;
    try {
      (void)result.get();
    } catch (int thrown) {
      caught = thrown;
    }
    require_eq(caught, 42);
    runner.join();
  });
}

TEST(PackagedTaskTest, IsMovedToTheThreadThatRunsIt) {
  expect_verified([] {
    packaged_task<int(int)> task([](int x) { return 2 * x; });
    auto result = task.get_future();
    thread runner(std::move(task), 21);
    require_eq(result.get(), 42);
    runner.join();
  });
}

// Every access is by Heddle's types but for the count of owners, and it does not matter who the last one is.
TEST(PackagedTaskTest, IsSharedWithTheThreadThatRunsIt) {
  expect_verified([] {
    mutex guard{"guard"};
    auto task = std::make_shared<packaged_task<int()>>([] { return 1; });
    auto result = task->get_future();
    thread runner([task] { (*task)(); });
    { const lock_guard hold(guard); }
    task.reset();
    { const lock_guard hold(guard); }
    require_eq(result.get(), 1);
    runner.join();
  });
}

// After progschj/ThreadPool's enqueue(), and the thread pools copied from it.
class TaskQueue {
 public:
  future<int> enqueue(int value) {
    auto task = std::make_shared<packaged_task<int()>>([value] { return value; });
    auto result = task->get_future();
    {
      const lock_guard hold(guard_);
      tasks_.emplace_back([task] { (*task)(); });
    }
    changed_.notify_one();
    return result;
  }
  void run_one() {
    std::function<void()> task;
    {
      unique_lock hold(guard_);
      changed_.wait(hold, [&] { return !tasks_.empty(); });
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
  // Runs tasks until there are none and stop() was called.
  void run() {
    for (;;) {
      std::function<void()> task;
      {
        unique_lock hold(guard_);
        changed_.wait(hold, [&] { return stopped_ || !tasks_.empty(); });
        if (tasks_.empty()) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
  }
  void stop() {
    {
      const lock_guard hold(guard_);
      stopped_ = true;
    }
    changed_.notify_all();
  }

 private:
  mutex guard_{"guard"};
  condition_variable changed_{"changed"};
  std::deque<std::function<void()>> tasks_;
  bool stopped_ = false;
};

TEST(ThreadPoolTest, RunsOneSharedTask) {
  expect_verified(
      [] {
        TaskQueue queue;
        thread worker([&] { queue.run_one(); });
        require_eq(queue.enqueue(1).get(), 1);
        worker.join();
      },
      each_class);
}

TEST(ThreadPoolTest, RunsTwoSharedTasksOfOneWorker) {
  expect_verified(
      [] {
        TaskQueue queue;
        thread worker([&] {
          queue.run_one();
          queue.run_one();
        });
        auto one = queue.enqueue(1);
        auto two = queue.enqueue(2);
        require_eq(one.get() + two.get(), 3);
        worker.join();
      },
      each_class);
}

TEST(ThreadPoolTest, RunsTwoSharedTasksOnTwoWorkers) {
  expect_verified(
      [] {
        TaskQueue queue;
        thread first([&] { queue.run(); });
        thread second([&] { queue.run(); });
        auto one = queue.enqueue(1);
        auto two = queue.enqueue(2);
        queue.stop();
        require_eq(one.get() + two.get(), 3);
        first.join();
        second.join();
      },
      each_class);
}

// The worker waits for what nobody tells it.
TEST(ThreadPoolTest, HangsWhenStoppedWithoutANotification) {
  expect_defect(DefectKind::Deadlock, [] {
    mutex guard{"guard"};
    condition_variable changed{"changed"};
    bool stopped = false;
    thread worker([&] {
      unique_lock hold(guard);
      changed.wait(hold, [&] { return stopped; });
    });
    {
      const lock_guard hold(guard);
      stopped = true;
    }
    worker.join();
  });
}

}  // namespace
}  // namespace heddle
