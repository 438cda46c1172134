// tests/machine/fault_test.cpp - a scenario that crashes, hangs or throws is a finding, and the program goes
// on.

#include "tests/verify/reading.hpp"

#include <heddle/atomic.hpp>
#include <heddle/check.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

// What is wrong on purpose is not for the sanitizers to find.
#define HEDDLE_WRONG_ON_PURPOSE __attribute__((noinline, no_sanitize("address"), no_sanitize("undefined")))

namespace heddle {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using tests::Body;
using tests::defect_of;

HEDDLE_WRONG_ON_PURPOSE void dereference_null() {
  int* volatile nowhere = nullptr;
  *static_cast<volatile int*>(nowhere) = 1;
}

HEDDLE_WRONG_ON_PURPOSE void divide_by_zero() {
  volatile int seven = 7, zero = 0;  // a compiler knows what 1 / x is
  [[maybe_unused]] volatile int quotient = seven / zero;
}

HEDDLE_WRONG_ON_PURPOSE int recurse(volatile int* depth) {
  volatile char frame[200];
  frame[0] = 1;
  *depth = *depth + 1;
  if (*depth < 0) return 0;
  const int below = recurse(depth);
  return below + frame[0];
}

HEDDLE_WRONG_ON_PURPOSE void loop_for_ever() {
  volatile bool ended = false;
  while (!ended) {
  }
}

void throw_error() { throw std::runtime_error("nobody may catch this"); }
void throw_through_noexcept() noexcept { throw_error(); }

void lock_twice() {
  std::mutex hidden;
  hidden.lock();
  hidden.lock();
}

// T2 does it after its first step, and only when it comes before T1's store.
Body in_second_thread(std::function<void()> wrong) {
  return [wrong = std::move(wrong)] {
    atomic<bool> ready{false, "ready"};
    thread careful([&] { ready.store(true); });
    thread hasty([&] {
      if (!ready.load()) wrong();
    });
    careful.join();
    hasty.join();
  };
}

Options quick() {
  Options options;
  options.unresponsive = std::chrono::milliseconds(300);
  return options;
}

// Nothing of what happened before disturbs an ordinary exploration in the same process.
void expect_everything_works() {
  const Result result = check([] {
    var<int> count{0, "count"};
    mutex guard{"guard"};
    const auto work = [&] {
      const lock_guard hold(guard);
      ++count;
      try {
        throw 1;
      } catch (int) {
      }
    };
    thread a(work), b(work);
    a.join();
    b.join();
    require_eq(count, 2);
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << result.reason;
  EXPECT_EQ(result.complete, 2u);
  EXPECT_EQ(std::current_exception(), nullptr);
  EXPECT_EQ(std::uncaught_exceptions(), 0);
  struct sigaction action {};
  sigaction(SIGABRT, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL) << "the handlers are those from before";
}

void expect_fault(std::function<void()> wrong, DefectKind kind, const std::string& message) {
  const Body body = in_second_thread(std::move(wrong));
  for (const bool keep_going : {false, true}) {
    SCOPED_TRACE(keep_going ? "with keep_going" : "stopping at the first defect");
    Options options = quick();
    options.keep_going = keep_going;
    const Result result = check(body, options);
    ASSERT_EQ(result.verdict, Verdict::Defect) << result.reason;
    EXPECT_FALSE(result.exhaustive);
    EXPECT_NE(result.reason, "");
    const Defect* defect = defect_of(result, kind);
    ASSERT_NE(defect, nullptr) << tests::summary(result);
    EXPECT_THAT(defect->message, AllOf(HasSubstr("T2"), HasSubstr(message)));
    EXPECT_EQ(defect->executions, 1u);
    ASSERT_EQ(tests::steps_of(defect->witness), (std::vector<std::string>{"T2 read ready false"}));
    EXPECT_THAT(tests::because(*defect), HasSubstr("T2 was read ready at step 1 (fault_test.cpp:"));

    const Result replayed = replay(body, defect->witness.token, quick());
    ASSERT_EQ(replayed.verdict, Verdict::Defect) << replayed.reason;
    ASSERT_NE(defect_of(replayed, kind), nullptr);
    EXPECT_EQ(defect_of(replayed, kind)->message, defect->message);
    expect_everything_works();
  }
}

TEST(FaultTest, ANullDereferenceIsACrash) {
  expect_fault(dereference_null, DefectKind::Crash, "crashed: SIGSEGV (invalid memory access)");
}

TEST(FaultTest, AbortIsACrash) {
  expect_fault([] { std::abort(); }, DefectKind::Crash, "crashed: SIGABRT (abort or std::terminate)");
}

TEST(FaultTest, TerminateIsACrash) {
  expect_fault([] { throw_through_noexcept(); }, DefectKind::Crash, "crashed: std::terminate");
}

TEST(FaultTest, AStackOverflowIsACrashThatNamesTheStack) {
  expect_fault(
      [] {
        volatile int depth = 0;
        recurse(&depth);
      },
      DefectKind::Crash, "crashed: stack overflow: the thread's stack of 128 KiB is used up");
}

TEST(FaultTest, ADivisionByZeroIsACrash) {
  expect_fault([] { divide_by_zero(); }, DefectKind::Crash, "crashed: SIGFPE (division by zero or its like)");
}

TEST(FaultTest, AnEndlessLoopWithoutAnOperationIsALivelock) {
  expect_fault(loop_for_ever, DefectKind::Livelock,
               "computed for 300 ms without reaching a visible operation");
}

TEST(FaultTest, AFaultInsideACatchBlockLeavesNoExceptionBehind) {
  expect_fault(
      [] {
        try {
          throw std::runtime_error("in flight");
        } catch (const std::exception&) {
          dereference_null();
        }
      },
      DefectKind::Crash, "SIGSEGV");
}

TEST(FaultTest, ACrashInMainBeforeAnyOperationIsFound) {
  const Body body = [] { dereference_null(); };
  const Result result = check(body, quick());
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::Crash);
  EXPECT_THAT(result.defects[0].message, StartsWith("main crashed: SIGSEGV"));
  EXPECT_THAT(tests::because(result.defects[0]), HasSubstr("main had not come to a visible operation"));
  EXPECT_TRUE(result.defects[0].witness.steps.empty());
  EXPECT_EQ(replay(body, result.defects[0].witness.token, quick()).verdict, Verdict::Defect);
  expect_everything_works();
}

TEST(FaultTest, ACrashAfterTheLastOperationIsFound) {
  const Body body = [] {
    atomic<int> x{0, "x"};
    thread a([&] { x.store(1); });
    thread b([&] { x.store(2); });
    a.join();
    b.join();
    if (x.load() == 1) dereference_null();
  };
  const Result result = check(body, quick());
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_THAT(result.defects[0].message, StartsWith("main crashed"));
  EXPECT_THAT(tests::steps_of(result.defects[0].witness),
              testing::ElementsAre("T2 write x 0 -> 2", "T1 write x 2 -> 1", "main read x 1"));
  expect_everything_works();
}

TEST(FaultTest, ManyCrashesInARowLeaveTheProcessWorking) {
  const Body body = in_second_thread(dereference_null);
  for (int n = 0; n < 50; ++n) EXPECT_EQ(check(body, quick()).verdict, Verdict::Defect);
  expect_everything_works();
}

TEST(FaultTest, AWaitForAStandardMutexLosesControlAndNamesIt) {
  const Result result = check(in_second_thread(lock_twice), quick());
  EXPECT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_THAT(result.reason, AllOf(HasSubstr("T2"), HasSubstr("asleep for 300 ms"),
                                   HasSubstr("after T2 read ready (fault_test.cpp:"),
                                   HasSubstr("heddle::mutex instead of std::mutex")));
  EXPECT_FALSE(result.exhaustive);
  expect_everything_works();
}

TEST(FaultTest, AStandardMutexThatTwoThreadsOfTheScenarioWantLosesControl) {
  const Result result = check(
      [] {
        std::mutex hidden;
        atomic<int> x{0, "x"};
        const auto work = [&] {
          const std::lock_guard hold(hidden);
          x.fetch_add(1);
        };
        thread a(work), b(work);
        a.join();
        b.join();
      },
      quick());
  EXPECT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_THAT(result.reason, AllOf(HasSubstr("T2"), HasSubstr("std::mutex")));
  expect_everything_works();
}

TEST(FaultTest, SleepingLosesControl) {
  const Result result =
      check(in_second_thread([] { std::this_thread::sleep_for(std::chrono::seconds(60)); }), quick());
  EXPECT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_THAT(result.reason, HasSubstr("no sleeping"));
  expect_everything_works();
}

// These three start threads of the operating system, after which a process does not count as single-threaded
// again: each needs a process of its own, which CTest gives it.

TEST(FaultTest, AStandardThreadLosesControlAndIsNamed) {
  const Result result = check(in_second_thread([] { std::thread([] {}).join(); }), quick());
  EXPECT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_THAT(result.reason, AllOf(HasSubstr("T2 started an OS thread"),
                                   HasSubstr("heddle::thread instead of std::thread")));
  expect_everything_works();
}

TEST(FaultTest, AStandardThreadStartedByMainBeforeItsFirstOperationLosesControl) {
  const Result result = check(
      [] {
        std::thread([] {}).join();
        atomic<int> x{0, "x"};
        x.store(1);
      },
      quick());
  EXPECT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_THAT(result.reason, HasSubstr("main started an OS thread"));
  expect_everything_works();
}

TEST(FaultTest, AStandardThreadInAScenarioWithoutOperationsLosesControl) {
  const Result result = check([] { std::thread([] {}).join(); }, quick());
  EXPECT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_THAT(result.reason, HasSubstr("main started an OS thread"));
  expect_everything_works();
}

// ---- what C++ answers with std::terminate -----------------------------------------------------------

TEST(FaultTest, AJoinableThreadThatIsDestroyedIsACrash) {
  const Body body = [] {
    atomic<int> x{0, "x"};
    thread forgotten([&] { x.store(1); });
  };
  for (const bool keep_going : {false, true}) {
    Options options = quick();
    options.keep_going = keep_going;
    const Result result = check(body, options);
    ASSERT_EQ(result.verdict, Verdict::Defect);
    ASSERT_EQ(result.defects.size(), 1u);
    EXPECT_EQ(result.defects[0].kind, DefectKind::Crash);
    EXPECT_THAT(result.defects[0].message,
                AllOf(StartsWith("main crashed"),
                      HasSubstr("the thread object of T1 was destroyed without being joined")));
    EXPECT_EQ(replay(body, result.defects[0].witness.token, quick()).defects.front().message,
              result.defects[0].message);
  }
  expect_everything_works();
}

TEST(FaultTest, AJoinableThreadThatIsAssignedToIsACrash) {
  const Result result = check(
      [] {
        atomic<int> x{0, "x"};
        thread worker([&] { x.store(1); });
        worker = thread([&] { x.store(2); });
        worker.join();
      },
      quick());
  ASSERT_NE(defect_of(result, DefectKind::Crash), nullptr);
  EXPECT_THAT(defect_of(result, DefectKind::Crash)->message,
              HasSubstr("the thread object of T1 was destroyed without being joined"));
  expect_everything_works();
}

TEST(FaultTest, AnExceptionThatLeavesAThreadIsFoundWithItsTypeAndText) {
  const Body body = in_second_thread([] { throw std::out_of_range("too far"); });
  for (const bool keep_going : {false, true}) {
    Options options = quick();
    options.keep_going = keep_going;
    const Result result = check(body, options);
    ASSERT_EQ(result.verdict, Verdict::Defect);
    ASSERT_EQ(result.defects.size(), 1u);
    EXPECT_EQ(result.defects[0].kind, DefectKind::Exception);
    EXPECT_EQ(result.defects[0].message, "exception left T2: std::out_of_range: too far");
    EXPECT_EQ(tests::steps_of(result.defects[0].witness), (std::vector<std::string>{"T2 read ready false"}));
    EXPECT_EQ(result.exhaustive, keep_going) << "the other threads go on";
    EXPECT_EQ(replay(body, result.defects[0].witness.token, quick()).defects.front().message,
              result.defects[0].message);
  }
  expect_everything_works();
}

TEST(FaultTest, AnExceptionThatLeavesMainIsFoundAndItsThreadsAreJoined) {
  const Body body = [] {
    atomic<int> x{0, "x"};
    thread worker([&] { x.store(1); });
    if (x.load() == 0) throw 42;
    worker.join();
  };
  Options options = quick();
  options.keep_going = true;
  const Result result = check(body, options);
  ASSERT_EQ(result.defects.size(), 1u) << tests::summary(result);
  EXPECT_EQ(result.defects[0].kind, DefectKind::Exception);
  EXPECT_EQ(result.defects[0].message, "exception left main: int");
  EXPECT_EQ(result.complete, 2u);
  EXPECT_EQ(replay(body, result.defects[0].witness.token, quick()).defects.front().message,
            result.defects[0].message);
  expect_everything_works();
}

// ---- as scenarios -----------------------------------------------------------------------------------

TEST(FaultTest, ScenariosThatFailInEveryWayAreReportedUnderTheirName) {
  const struct {
    const char* name;
    std::function<void()> wrong;
    DefectKind kind;
  } cases[] = {
      {"crash/null", dereference_null, DefectKind::Crash},
      {"crash/abort", [] { std::abort(); }, DefectKind::Crash},
      {"crash/terminate", [] { throw_through_noexcept(); }, DefectKind::Crash},
      {"crash/zero", [] { divide_by_zero(); }, DefectKind::Crash},
      {"crash/stack",
       [] {
         volatile int depth = 0;
         recurse(&depth);
       },
       DefectKind::Crash},
      {"crash/loop", loop_for_ever, DefectKind::Livelock},
      {"crash/exception", [] { throw std::runtime_error("no"); }, DefectKind::Exception},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    const Scenario scenario{.name = each.name,
                            .lesson = {},
                            .story = {},
                            .tags = {},
                            .parameters = {integer("unused", 1, 1, 9)},
                            .expects = each.kind,
                            .pair = {},
                            .body = [body = in_second_thread(each.wrong)](const Parameters&) { body(); }};
    Parameters parameters(scenario.parameters);
    parameters.set("unused", "2");
    Options options = quick();
    options.keep_going = true;
    const Result result = check(scenario, parameters, options);
    ASSERT_NE(defect_of(result, each.kind), nullptr) << tests::summary(result);
    const std::string token = defect_of(result, each.kind)->witness.token;
    EXPECT_THAT(token, StartsWith("h1:" + scenario.name + ",unused=2:2"));
    EXPECT_EQ(replay([&] { scenario.body(parameters); }, token, options).verdict, Verdict::Defect);
    expect_everything_works();
  }
}

TEST(FaultTest, AnUnresponsiveScenarioIsGivenItsTime) {
  Options options = quick();
  const Result result = check(in_second_thread([] {
                                const auto until =
                                    std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
                                while (std::chrono::steady_clock::now() < until) {
                                }
                              }),
                              options);
  EXPECT_EQ(result.verdict, Verdict::Verified);
}

}  // namespace
}  // namespace heddle
