// tests/native/fault_test.cpp - what ends the process of native runs, and what is told of it.
//
// Each of these faults is certain to happen. The time without progress that stands for a hang is only how
// long the tests take.

#include <heddle/barrier.hpp>
#include <heddle/choose.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/future.hpp>
#include <heddle/latch.hpp>
#include <heddle/mutex.hpp>
#include <heddle/native.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/shared_mutex.hpp>
#include <heddle/thread.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace heddle::native {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;

Options of(Form form) {
  Options options;
  options.form = form;
  options.time = std::chrono::milliseconds(0);
  options.unresponsive = std::chrono::minutes(1);
  return options;
}

// For what hangs: that is how long it takes.
Options impatient(Form form) {
  Options options = of(form);
  options.unresponsive = std::chrono::seconds(3);
  return options;
}

std::vector<std::string> told(const Fault& fault) {
  std::vector<std::string> all;
  for (const Waiting& each : fault.threads)
    all.push_back(each.thread + " " + each.what + (each.line > 0 ? " at a place" : ""));
  return all;
}

// Both hold one mutex when they ask for the other.
void deadlock() {
  mutex a{"a"};
  mutex b{"b"};
  latch both{2, "both"};
  const auto work = [&](mutex& first, mutex& second) {
    const lock_guard hold_first(first);
    both.arrive_and_wait();
    const lock_guard hold_second(second);
  };
  thread one(work, std::ref(a), std::ref(b));
  thread two(work, std::ref(b), std::ref(a));
  one.join();
  two.join();
}

TEST(HangTest, ADeadlockIsNamedThreadByThread) {
  const Result result = run(deadlock, impatient(Form::Whole));
  ASSERT_TRUE(result.fault);
  EXPECT_EQ(result.fault->kind, Fault::Kind::Hang);
  EXPECT_TRUE(result.fault->deadlock);
  EXPECT_EQ(result.fault->run, 1u);
  EXPECT_THAT(told(*result.fault),
              ElementsAre("main waits for the end of T1 at a place", "T1 waits to lock b at a place",
                          "T2 waits to lock a at a place"));
  EXPECT_THAT(result.fault->threads[1].file, HasSubstr("fault_test.cpp"));
  EXPECT_EQ(result.runs, 0u);
}

TEST(HangTest, ADeadlockInTheStressFormIsNamedAsWell) {
  const Result result = run(deadlock, impatient(Form::Stress));
  ASSERT_TRUE(result.fault);
  EXPECT_TRUE(result.fault->deadlock);
  EXPECT_GE(result.fault->run, 1u);
  EXPECT_THAT(told(*result.fault),
              ElementsAre("T1 waits to lock b at a place", "T2 waits to lock a at a place"));
}

TEST(HangTest, TheHistogramSoFarIsKept) {
  const Result result = run(
      [] {
        static int number = 0;  // of the running process: runs come one after the other
        outcome("n", 1);
        if (++number == 5) deadlock();
      },
      impatient(Form::Whole));
  ASSERT_TRUE(result.fault);
  EXPECT_EQ(result.fault->run, 5u);
  EXPECT_EQ(result.runs, 4u);
  ASSERT_EQ(result.outcomes.size(), 1u);
  EXPECT_EQ(result.outcomes[0].runs, 4u);
}

TEST(HangTest, EveryKindOfWaitHasItsWords) {
  const Result result = run(
      [] {
        mutex held{"held"};
        shared_mutex shared{"shared"};
        counting_semaphore<1> empty{0, "empty"};
        latch closed{1, "closed"};
        barrier incomplete{2, detail::NoCompletion{}, "incomplete"};
        atomic<int> same{0, "same"};
        promise<int> open{"open"};
        future<int> answer = open.get_future();
        condition_variable silent{"silent"};
        mutex guard{"guard"};
        mutex unnamed;
        held.lock();
        shared.lock();
        unnamed.lock();
        std::vector<thread> threads;
        threads.emplace_back([&] { held.lock(); });
        threads.emplace_back([&] { shared.lock_shared(); });
        threads.emplace_back([&] { empty.acquire(); });
        threads.emplace_back([&] { closed.wait(); });
        threads.emplace_back([&] { incomplete.arrive_and_wait(); });
        threads.emplace_back([&] { same.wait(0); });
        threads.emplace_back([&] { answer.get(); });
        threads.emplace_back([&] {
          unique_lock hold(guard);
          silent.wait(hold);
        });
        threads.emplace_back([&] { unnamed.lock(); });
        threads.emplace_back([&] { scoped_lock all(held, unnamed); });
        for (thread& each : threads) each.join();
      },
      impatient(Form::Whole));
  ASSERT_TRUE(result.fault);
  EXPECT_TRUE(result.fault->deadlock);
  EXPECT_THAT(
      told(*result.fault),
      ElementsAre("main waits for the end of T1 at a place", "T1 waits to lock held at a place",
                  "T2 waits to share shared at a place", "T3 waits to acquire empty at a place",
                  "T4 waits for closed at a place", "T5 waits at incomplete at a place",
                  "T6 waits for a change of same at a place", "T7 waits for open at a place",
                  "T8 waits for a notification of silent at a place", "T9 waits to lock a mutex at a place",
                  "T10 waits to lock, with others, held at a place"));
}

TEST(HangTest, AnEndlessLoopIsNoDeadlock) {
  for (const Form form : {Form::Whole, Form::Stress}) {
    const Result result = run(
        [] {
          atomic<bool> never{false};
          thread only([&] {
            if (choose(1) == 0)
              while (!never.load()) {
              }
          });
          only.join();
        },
        impatient(form));
    ASSERT_TRUE(result.fault);
    EXPECT_EQ(result.fault->kind, Fault::Kind::Hang);
    EXPECT_FALSE(result.fault->deadlock);
    EXPECT_THAT(told(*result.fault), IsSupersetOf({"T1 was running or asleep"}));
  }
}

TEST(CrashTest, IsReportedWithItsRunAndThread) {
  const Result result = run(
      [] {
        static int number = 0;
        thread only([fails = ++number == 4] {
          if (fails) std::abort();
        });
        only.join();
      },
      of(Form::Whole));
  ASSERT_TRUE(result.fault);
  EXPECT_EQ(result.fault->kind, Fault::Kind::Crash);
  EXPECT_EQ(result.fault->message, "T1 crashed: SIGABRT (abort or std::terminate)");
  EXPECT_EQ(result.fault->run, 4u);
  EXPECT_EQ(result.runs, 3u);
}

TEST(CrashTest, InTheStressFormNamesTheRunOfTheThread) {
  const Result result = run(
      [] {
        thread only([] { std::abort(); });
        only.join();
      },
      of(Form::Stress));
  ASSERT_TRUE(result.fault);
  EXPECT_EQ(result.fault->message, "T1 crashed: SIGABRT (abort or std::terminate)");
  EXPECT_GE(result.fault->run, 1u);
  EXPECT_EQ(result.runs, 0u);
}

TEST(CrashTest, AThreadDroppedWhileJoinableIsTheTerminateThatItIs) {
  const Result result = run([] { const thread dropped([] {}); }, of(Form::Whole));
  ASSERT_TRUE(result.fault);
  EXPECT_EQ(result.fault->kind, Fault::Kind::Crash);
  EXPECT_THAT(result.fault->message, HasSubstr("main crashed: SIGABRT"));
}

TEST(CrashTest, ExitIsReportedWithItsStatus) {
  const Result result = run(
      [] {
        static int number = 0;
        if (++number == 3) std::exit(7);
      },
      of(Form::Whole));
  ASSERT_TRUE(result.fault);
  EXPECT_EQ(result.fault->kind, Fault::Kind::Exit);
  EXPECT_EQ(result.fault->message, "the scenario ended the process with status 7");
  EXPECT_EQ(result.fault->run, 3u);
}

TEST(InterruptTest, EndsWithWhatThereIs) {
  for (const Form form : {Form::Whole, Form::Stress}) {
    Options options = of(form);
    options.interrupted = [] { return true; };
    const Result result = run([] { thread([] {}).join(); }, options);
    EXPECT_TRUE(result.interrupted);
    EXPECT_EQ(result.fault, std::nullopt);
  }
}

TEST(InterruptTest, EndsARunThatDoesNotEnd) {
  Options options = of(Form::Whole);
  options.unresponsive = std::chrono::milliseconds(0);
  options.interrupted = [] { return true; };
  const Result result = run(deadlock, options);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.fault, std::nullopt);
}

}  // namespace
}  // namespace heddle::native
