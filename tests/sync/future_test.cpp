// tests/sync/future_test.cpp - promises and what they keep

#include "tests/sync/programs.hpp"

#include <heddle/future.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::behaviour;
using tests::run_threads;
using tests::Texts;
using namespace std::chrono_literals;

TEST(FutureTest, BringsTheValueAndWhatCameBeforeIt) {
  EXPECT_EQ(behaviour([] {
              promise<int> answer{"answer"};
              future<int> coming = answer.get_future();
              var<int> x{0, "x"};
              thread worker([&] {
                x = 1;
                answer.set_value(42);
              });
              outcome("answer", coming.get());
              outcome("x", x.load());
              require(!coming.valid());
              worker.join();
            }),
            Texts{"answer=42 x=1"});
}

TEST(FutureTest, ATimedWaitSeesItReadyOrNot) {
  EXPECT_EQ(behaviour([] {
              promise<void> done{"done"};
              future<void> coming = done.get_future();
              thread worker([&] { done.set_value(); });
              outcome("ready", coming.wait_for(1s) == future_status::ready);
              worker.join();
            }),
            (Texts{"ready=false", "ready=true"}));
}

TEST(FutureTest, BringsTheException) {
  EXPECT_EQ(behaviour([] {
              auto coming = heddle::async([]() -> int { throw std::runtime_error("no"); });
              try {
                coming.get();
              } catch (const std::runtime_error&) {
                outcome("thrown", true);
              }
            }),
            Texts{"thrown=true"});
}

TEST(FutureTest, APromiseThatIsNotKeptIsBroken) {
  EXPECT_EQ(behaviour([] {
              future<int> coming;
              thread worker([&] {
                promise<int> answer{"answer"};
                coming = answer.get_future();
              });
              worker.join();
              try {
                coming.get();
              } catch (const future_error& error) {
                outcome("broken", error.code() == future_errc::broken_promise);
              }
            }),
            Texts{"broken=true"});
}

TEST(FutureTest, ASecondValueThrowsInOneOfTheThreads) {
  EXPECT_EQ(behaviour([] {
              promise<int> answer{"answer"};
              shared_future<int> coming = answer.get_future().share();
              const auto set = [&](int value) {
                return [&, value] {
                  try {
                    answer.set_value(value);
                  } catch (const future_error& error) {
                    require(error.code() == future_errc::promise_already_satisfied);
                    outcome("late", value);
                  }
                };
              };
              run_threads({set(1), set(2)});
              outcome("answer", coming.get());
            }),
            (Texts{"answer=1 late=2", "answer=2 late=1"}));
}

TEST(FutureTest, NobodyWhoFulfilsItIsADeadlock) {
  EXPECT_EQ(behaviour([] {
              promise<int> answer{"answer"};
              answer.get_future().wait();
            }),
            Texts{"deadlock"});
}

TEST(FutureTest, DeferredRunsWithWhoeverWaits) {
  EXPECT_EQ(behaviour([] {
              var<int> x{0, "x"};
              auto coming = heddle::async(launch::deferred, [&] { return ++x; });
              require_eq(x.load(), 0);
              outcome("got", coming.get());
            }),
            Texts{"got=1"});
}

TEST(FutureTest, TheLastFutureOfAnAsynchronousCallWaitsForIt) {
  EXPECT_EQ(behaviour([] {
              var<int> x{0, "x"};
              {
                const auto ignored = heddle::async([&] { x = 1; });
              }
              outcome("x", x.load());
            }),
            Texts{"x=1"});
}

TEST(FutureTest, APackagedTaskIsAFunctionWithAFuture) {
  EXPECT_EQ(behaviour([] {
              packaged_task<int(int)> twice([](int n) { return 2 * n; });
              future<int> coming = twice.get_future();
              thread worker(std::move(twice), 4);
              outcome("got", coming.get());
              worker.join();
            }),
            Texts{"got=8"});
}

TEST(FutureTest, MisuseThatTheStandardSaysThrowsDoes) {
  EXPECT_EQ(behaviour([] {
              promise<int> answer{"answer"};
              (void)answer.get_future();
              try {
                (void)answer.get_future();
              } catch (const future_error& error) {
                outcome("twice", error.code() == future_errc::future_already_retrieved);
              }
              try {
                future<int>().get();
              } catch (const future_error& error) {
                outcome("empty", error.code() == future_errc::no_state);
              }
            }),
            Texts{"empty=true twice=true"});
}

TEST(FutureTest, OutsideAnExplorationItIsTheStandards) {
  EXPECT_THROW(heddle::async([] { throw 1; }).get(), int);
  EXPECT_EQ(heddle::async(launch::deferred, [] { return this_thread::get_id(); }).get(),
            this_thread::get_id());
  EXPECT_EQ(heddle::async(launch::deferred, [] {}).wait_for(0s), future_status::deferred);

  promise<int> given;
  future<int> coming = given.get_future();
  EXPECT_EQ(coming.wait_for(0s), future_status::timeout);
  packaged_task task([](int n) { return 2 * n; });
  shared_future<int> twice = task.get_future();
  thread worker([&] {
    given.set_value_at_thread_exit(1);
    task.make_ready_at_thread_exit(2);
    EXPECT_EQ(coming.wait_for(0s), future_status::timeout);
    EXPECT_THROW(given.set_value(3), future_error);
  });
  EXPECT_EQ(coming.get(), 1);
  EXPECT_EQ(twice.get(), 4);
  EXPECT_THROW(task(3), future_error);
  worker.join();

  std::atomic<bool> ended{false};
  {
    shared_future<void> first = heddle::async(launch::async, [&] { ended = true; }).share();
    const shared_future<void> second = first;
    first = {};
  }
  EXPECT_TRUE(ended) << "the last one waits";
}

}  // namespace
}  // namespace heddle
