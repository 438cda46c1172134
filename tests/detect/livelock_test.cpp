// tests/detect/livelock_test.cpp - executions that do not end.

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace heddle {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using tests::Body;
using tests::defect_of;
using tests::run_threads;

Options short_executions(std::uint32_t steps = 100) {
  Options options;
  options.steps = steps;
  return options;
}

// Makes a difference all the time: not a loop that only waits.
Body busy() {
  return [] {
    atomic<bool> ready{false, "ready"};
    atomic<int> attempts{0, "attempts"};
    run_threads({[&] {
                   while (!ready.load()) attempts.store(1 - attempts.load());
                 },
                 [&] { ready.store(true); }});
  };
}

TEST(LivelockTest, ALoopThatMakesADifferenceWhileItWaitsIsLeftOutAndNamed) {
  const Result result = check(busy(), short_executions());
  EXPECT_EQ(result.verdict, Verdict::Inconclusive) << tests::summary(result);
  EXPECT_THAT(result.reason, AllOf(testing::StartsWith("executions in which T1 "),
                                   HasSubstr(" while T2 could run (a loop that waits for others")));
}

TEST(LivelockTest, AThreadThatGoesRoundForEverWithoutAnotherWayIsALivelock) {
  const Body body = [] {
    atomic<int> side{0, "side"};
    for (;;) side.store(1 - side.load());
  };
  const Result result = check(body, short_executions());
  const Defect* defect = defect_of(result, DefectKind::Livelock);
  ASSERT_NE(defect, nullptr) << tests::summary(result);
  EXPECT_THAT(defect->message,
              HasSubstr("main repeats the same 4 operations for ever, and nobody else can run"));
  const Result replayed = replay(body, defect->witness.token, short_executions());
  ASSERT_FALSE(replayed.defects.empty()) << replayed.reason;
  EXPECT_EQ(replayed.defects.front().message, defect->message);
}

TEST(LivelockTest, AnExecutionThatIsOnlyLongSaysSo) {
  const Result result = check(
      [] {
        atomic<int> n{0, "n"};
        for (int i = 0; i < 1000; ++i) n.fetch_add(1);
      },
      short_executions());
  const Defect* defect = defect_of(result, DefectKind::StepLimit);
  ASSERT_NE(defect, nullptr);
  EXPECT_EQ(defect->message, "step limit: the execution is longer than 100 steps, the limit set by --steps");
}

TEST(LivelockTest, AnExecutionOfExactlyTheLimitIsNotCut) {
  const Body body = [] {
    atomic<int> n{0, "n"};
    for (int i = 0; i < 100; ++i) n.fetch_add(1);
  };
  EXPECT_EQ(check(body, short_executions(100)).verdict, Verdict::Verified);
  EXPECT_EQ(check(body, short_executions(99)).verdict, Verdict::Defect);
}

TEST(LivelockTest, AThreadThatSpinsAloneIsALivelock) {
  // Nobody is left who could set the flag.
  const Result result = check(
      [] {
        atomic<bool> ready{false, "ready"};
        run_threads({[&] {
                       while (!ready.load()) {
                       }
                     },
                     [] {}});
      },
      short_executions());
  const Defect* defect = defect_of(result, DefectKind::Livelock);
  ASSERT_NE(defect, nullptr) << tests::summary(result);
  EXPECT_EQ(defect->message,
            "livelock: T1 waits in a loop for ready to change, and nobody is left to do that");
}

TEST(LivelockTest, AThreadThatSpinsWhileTheOthersWaitForItsLockIsALivelock) {
  const Result result = check(
      [] {
        atomic<bool> ready{false, "ready"};
        mutex guard{"guard"};
        const lock_guard hold(guard);
        thread blocked([&] {
          const lock_guard hold_too(guard);
          ready.store(true);
        });
        while (!ready.load()) {
        }
        blocked.join();
      },
      short_executions());
  const Defect* defect = defect_of(result, DefectKind::Livelock);
  ASSERT_NE(defect, nullptr) << tests::summary(result);
  EXPECT_EQ(defect->message,
            "livelock: main waits in a loop for ready to change, and nobody is left to do that");
}

TEST(LivelockTest, TwoThreadsThatSpinOnEachOtherAreALivelock) {
  const Result result = check(
      [] {
        atomic<bool> a{false, "a"}, b{false, "b"};
        run_threads({[&] {
                       while (!b.load()) {
                       }
                       a.store(true);
                     },
                     [&] {
                       while (!a.load()) {
                       }
                       b.store(true);
                     }});
      },
      short_executions());
  const Defect* defect = defect_of(result, DefectKind::Livelock);
  ASSERT_NE(defect, nullptr) << tests::summary(result);
  EXPECT_THAT(defect->message,
              AllOf(HasSubstr("T1 waits in a loop for b"), HasSubstr("T2 waits in a loop for a")));
}

}  // namespace
}  // namespace heddle
