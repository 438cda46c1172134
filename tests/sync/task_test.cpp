// tests/sync/task_test.cpp - under every model: what runs elsewhere, and how its result comes back

#include "tests/sync/every_search.hpp"

#include <heddle/condition_variable.hpp>
#include <heddle/future.hpp>
#include <heddle/var.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <stdexcept>

namespace heddle {
namespace {

using tests::run_threads;
using tests::Texts;
using namespace std::chrono_literals;

class TaskTest : public tests::UnderEverySearch {};

// The queue of a thread pool.
class Tasks {
 public:
  template <class F>
  future<int> submit(F function) {
    auto task = std::make_shared<packaged_task<int()>>(function);
    future<int> result = task->get_future();
    {
      const lock_guard hold(guard_);
      queue_.emplace_back([task] { (*task)(); });
    }
    changed_.notify_one();
    return result;
  }
  void run_all() {
    for (;;) {
      std::function<void()> task;
      {
        unique_lock hold(guard_);
        changed_.wait(hold, [&] { return closed_ || !queue_.empty(); });
        if (queue_.empty()) return;
        task = std::move(queue_.front());
        queue_.pop_front();
      }
      task();
    }
  }
  void close() {
    {
      const lock_guard hold(guard_);
      closed_ = true;
    }
    changed_.notify_all();
  }

 private:
  mutex guard_{"guard"};
  condition_variable changed_{"changed"};
  std::deque<std::function<void()>> queue_;
  bool closed_ = false;
};

TEST_P(TaskTest, AThreadPoolOfTwoWorkersRunsTwoTasks) {
  const Result result = explored([] {
    Tasks tasks;
    thread one([&] { tasks.run_all(); });
    thread two([&] { tasks.run_all(); });
    future<int> a = tasks.submit([] { return 1; });
    future<int> b = tasks.submit([] { return 2; });
    require_eq(a.get() + b.get(), 3);
    tasks.close();
    one.join();
    two.join();
  });
  EXPECT_EQ(result.verdict, Verdict::Verified)
      << (result.defects.empty() ? result.reason : result.defects.front().message);
  EXPECT_TRUE(result.exhaustive) << result.reason;
}

TEST_P(TaskTest, WhoeverDropsATaskThatHasRunTakesNoStep) {
  expect_verified([] {
    mutex guard{"guard"};
    auto task = std::make_shared<packaged_task<int()>>([] { return 1; });
    future<int> result = task->get_future();
    thread worker([task] { (*task)(); });
    { const lock_guard hold(guard); }
    task.reset();
    { const lock_guard hold(guard); }
    require_eq(result.get(), 1);
    worker.join();
  });
}

TEST_P(TaskTest, APromiseAndItsFutureMayGoInAnyOrder) {
  expect_verified([] {
    auto given = std::make_unique<promise<int>>("given");
    auto coming = std::make_unique<future<int>>(given->get_future());
    atomic<int> a{0, "a"};
    atomic<int> b{0, "b"};
    run_threads({[&] {
                   a.store(1);
                   given.reset();
                 },
                 [&] {
                   b.store(1);
                   coming.reset();
                 }});
  });
}

TEST_P(TaskTest, WhateverATaskThrowsReachesTheFuture) {
  EXPECT_EQ(outcomes([] {
              future<int> asynchronous = heddle::async(launch::async, []() -> int { throw 42; });
              future<int> deferred = heddle::async(launch::deferred, []() -> int { throw 43; });
              packaged_task<int()> task([]() -> int { throw 44; });
              future<int> packaged = task.get_future();
              thread worker(std::move(task));
              const auto thrown_by = [](future<int>& coming) {
                try {
                  return coming.get();
                } catch (const int thrown) {
                  return thrown;
                }
              };
              outcome("asynchronous", thrown_by(asynchronous));
              outcome("deferred", thrown_by(deferred));
              outcome("packaged", thrown_by(packaged));
              worker.join();
            }),
            Texts{"asynchronous=42 deferred=43 packaged=44"});
}

TEST_P(TaskTest, AFailedRequirementIsNoResult) {
  const Result result = explored([] {
    heddle::async(launch::async, [] { require(false); }).get();
    require(false);  // not reached
  });
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_THAT(result.defects.front().message, testing::HasSubstr("T1"));
}

TEST_P(TaskTest, AFailedRequirementIsNotCaught) {
  const Result result = explored([] {
    const future<void> coming = heddle::async(launch::async, [] { require(false); });
    packaged_task<void()> task([] { require(false); });
    thread worker([&] { task(); });
    worker.join();
  });
  ASSERT_EQ(result.defects.size(), 2u);
  for (const Defect& defect : result.defects) EXPECT_EQ(defect.kind, DefectKind::Assertion);
}

TEST_P(TaskTest, ATaskThatWaitsForEverIsUnwound) {
  const auto body = [](bool deferred) {
    return [deferred] {
      mutex guard{"guard"};
      guard.lock();
      thread other([] {});
      future<int> coming = heddle::async(deferred ? launch::deferred : launch::async, [&] {
        guard.lock();
        return 1;
      });
      if (deferred) thread([&] { coming.wait(); }).join();
      else other.join();
    };
  };
  EXPECT_EQ(outcomes(body(false)), Texts{"deadlock"});
  EXPECT_EQ(outcomes(body(true)), Texts{"deadlock"});
}

TEST_P(TaskTest, EitherThreadMayRunADeferredCallAndTheOtherWaitsForIt) {
  EXPECT_EQ(outcomes([] {
              var<int> calls{0, "calls"};
              shared_future<thread::id> coming = heddle::async(launch::deferred, [&] {
                                                   ++calls;
                                                   return this_thread::get_id();
                                                 }).share();
              const auto get = [&] {
                const thread::id runner = coming.get();
                require_eq(calls.load(), 1);
                return runner;
              };
              thread::id seen;
              thread one([&] { seen = get(); });
              thread two([&] { require(get() == coming.get()); });
              const thread::id first = one.get_id();
              one.join();
              two.join();
              outcome("by the first", seen == first);
            }),
            (Texts{"by the first=false", "by the first=true"}));
}

TEST_P(TaskTest, ADeferredCallThatWasMadeIsReady) {
  EXPECT_EQ(outcomes([] {
              shared_future<int> coming = heddle::async(launch::deferred, [] { return 1; }).share();
              outcome("before", coming.wait_for(1s) == future_status::deferred);
              coming.wait();
              outcome("after", coming.wait_until(steady_clock::now()) == future_status::ready);
            }),
            Texts{"after=true before=true"});
}

// [futures.async]: the thread has ended, and not only stored its result.
TEST_P(TaskTest, WhoWaitsForAnAsynchronousCallJoinsItsThread) {
  const auto body = [](bool timed) {
    return [timed] {
      var<int> ended{0, "ended"};
      struct AtTheEnd {
        var<int>* ended;
        ~AtTheEnd() {
          if (ended != nullptr) *ended = 1;
        }
        explicit AtTheEnd(var<int>& variable) : ended(&variable) {}
        AtTheEnd(AtTheEnd&& other) noexcept : ended(std::exchange(other.ended, nullptr)) {}
        int operator()() const { return 2; }
      };
      future<int> coming = heddle::async(launch::async, AtTheEnd(ended));
      if (timed) {
        if (coming.wait_for(1s) == future_status::ready) require_eq(ended.load(), 1);
      } else {
        coming.wait();
        require_eq(ended.load(), 1);
      }
    };
  };
  expect_verified(body(false));
  expect_verified(body(true));
}

TEST_P(TaskTest, TheLastSharedFutureOfAnAsynchronousCallWaitsForItWhoeverHasIt) {
  expect_verified([] {
    var<int> x{0, "x"};
    {
      shared_future<void> coming = heddle::async(launch::async, [&] { x = 1; }).share();
      thread other([coming] {});
      coming = {};
      other.join();
    }
    require_eq(x.load(), 1);
  });
}

TEST_P(TaskTest, ATaskRunsOnce) {
  EXPECT_EQ(outcomes([] {
              int calls = 0;
              packaged_task<void()> task([&] { ++calls; });
              future<void> coming = task.get_future();
              const auto call = [&] {
                try {
                  task();
                } catch (const future_error& error) {
                  outcome("late", error.code() == future_errc::promise_already_satisfied);
                }
              };
              run_threads({call, call});
              coming.get();
              outcome("calls", calls);
            }),
            Texts{"calls=1 late=true"});
}

TEST_P(TaskTest, ATaskThatIsResetHasAnotherFuture) {
  EXPECT_EQ(outcomes([] {
              int calls = 0;
              packaged_task task([&] { return ++calls; });
              future<int> first = task.get_future();
              task.reset();
              future<int> second = task.get_future();
              task();
              outcome("second", second.get());
              try {
                first.get();
              } catch (const future_error& error) {
                outcome("first", error.code() == future_errc::broken_promise);
              }
            }),
            Texts{"first=true second=1"});
}

struct Stubborn {
  Stubborn() = default;
  Stubborn(const Stubborn&) { throw std::runtime_error("stays where it is"); }
};

TEST_P(TaskTest, AValueThatCannotBeStoredLeavesThePromiseAsItWas) {
  expect_verified([] {
    promise<Stubborn> given{"given"};
    future<Stubborn> coming = given.get_future();
    thread setter([&] {
      try {
        given.set_value(Stubborn());
      } catch (const std::runtime_error&) {
        given.set_exception(std::make_exception_ptr(1));
      }
    });
    try {
      coming.get();
    } catch (int) {
    }
    setter.join();
  });
}

TEST_P(TaskTest, AtTheEndOfItsThreadAResultBecomesReady) {
  expect_verified([] {
    promise<int> given{"given"};
    future<int> coming = given.get_future();
    packaged_task<int()> task([] { return 2; });
    future<int> returned = task.get_future();
    var<int> last{0, "last"};
    thread worker([&] {
      given.set_value_at_thread_exit(1);
      task.make_ready_at_thread_exit();
      last = 1;
    });
    require_eq(coming.get(), 1);
    require_eq(last.load(), 1);
    require_eq(returned.get(), 2);
    worker.join();
  });
}

TEST_P(TaskTest, AResultThatIsToBecomeReadyIsOneAlready) {
  EXPECT_EQ(outcomes([] {
              promise<int> given{"given"};
              future<int> coming = given.get_future();
              thread worker([&] {
                given.set_value_at_thread_exit(1);
                outcome("ready", coming.wait_for(0s) == future_status::ready);
                try {
                  given.set_value(2);
                } catch (const future_error& error) {
                  outcome("twice", error.code() == future_errc::promise_already_satisfied);
                }
              });
              worker.join();
              outcome("value", coming.get());
            }),
            Texts{"ready=false twice=true value=1"});
}

INSTANTIATE_TEST_SUITE_P(Searches, TaskTest, tests::every_search(), tests::name_of);

}  // namespace
}  // namespace heddle
