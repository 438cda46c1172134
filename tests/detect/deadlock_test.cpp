// tests/detect/deadlock_test.cpp - who waits for whom, and where it took what the others want.

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace heddle {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using tests::everything;
using tests::run_threads;

TEST(DeadlockTest, TheCycleIsNamed) {
  const Result result = check(tests::opposite_order());
  ASSERT_EQ(result.verdict, Verdict::Defect);
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::Deadlock);
  EXPECT_EQ(result.defects[0].message, "deadlock: T1 waits for b, held by T2; T2 waits for a, held by T1");
  EXPECT_EQ(result.defects[0].object, "b");
}

TEST(DeadlockTest, BothSitesOfBothThreadsAreGivenWithTheirLines) {
  int first_a = 0, first_b = 0, second_b = 0, second_a = 0;
  const Result result = check([&] {
    mutex a{"a"}, b{"b"};
    run_threads({[&] {
                   first_a = __LINE__ + 1;
                   const lock_guard hold_a(a);
                   first_b = __LINE__ + 1;
                   const lock_guard hold_b(b);
                 },
                 [&] {
                   second_b = __LINE__ + 1;
                   const lock_guard hold_b(b);
                   second_a = __LINE__ + 1;
                   const lock_guard hold_a(a);
                 }});
  });
  ASSERT_EQ(result.defects.size(), 1u);
  const auto at = [](int line) { return "(deadlock_test.cpp:" + std::to_string(line) + ")"; };
  EXPECT_THAT(
      result.defects[0].because,
      ElementsAre("T1 waits " + at(first_b) + " for b, which T2 took at step 2 " + at(second_b) + ".",
                  "T2 waits " + at(second_a) + " for a, which T1 took at step 1 " + at(first_a) + "."));
}

TEST(DeadlockTest, TheWitnessShowsWhoBeginsToWait) {
  const Result result = check(tests::opposite_order());
  ASSERT_EQ(result.defects.size(), 1u);
  const Witness& witness = result.defects[0].witness;
  EXPECT_THAT(tests::steps_of(witness), ElementsAre("T1 lock a", "T2 lock b"));
  ASSERT_EQ(witness.steps.size(), 2u);
  std::vector<std::string> waits;
  for (const Step& step : witness.steps)
    for (const Wait& wait : step.waits) waits.push_back(wait.thread + ": " + wait.because);
  EXPECT_THAT(waits, testing::UnorderedElementsAre("T1: b is held by T2", "T2: a is held by T1"));
  EXPECT_EQ(witness.preemptions, 1u);
  EXPECT_TRUE(witness.fewest);
}

TEST(DeadlockTest, AThreadOutsideTheCycleIsNotNamed) {
  const Result result = check(
      [] {
        mutex a{"a"}, b{"b"};
        run_threads({[&] { const lock_guard hold_a(a); },
                     [&] {
                       const lock_guard hold_a(a);
                       const lock_guard hold_b(b);
                     },
                     [&] {
                       const lock_guard hold_b(b);
                       const lock_guard hold_a(a);
                     }});
      },
      everything());
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].message, "deadlock: T2 waits for b, held by T3; T3 waits for a, held by T2");
  EXPECT_GT(result.defects[0].executions, 1u);
}

TEST(DeadlockTest, ACycleOfThreeIsNamedFromItsLeastThread) {
  const Result result = check([] {
    mutex a{"a"}, b{"b"}, c{"c"};
    const auto both = [](mutex& first, mutex& second) {
      const lock_guard hold(first);
      const lock_guard hold_other(second);
    };
    run_threads({[&] { both(a, b); }, [&] { both(b, c); }, [&] { both(c, a); }});
  });
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].message,
            "deadlock: T1 waits for b, held by T2; T2 waits for c, held by T3; T3 waits for a, held by T1");
  EXPECT_EQ(result.defects[0].because.size(), 3u);
}

TEST(DeadlockTest, AThreadThatWaitsForALockHeldByWhoJoinsItIsACycle) {
  const Result result = check([] {
    mutex guard{"guard"};
    const lock_guard hold(guard);
    thread worker([&] { const lock_guard hold_too(guard); });
    worker.join();
  });
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::Deadlock);
  EXPECT_EQ(result.defects[0].message,
            "deadlock: main waits for T1 to end; T1 waits for guard, held by main");
  EXPECT_THAT(
      result.defects[0].because,
      ElementsAre(
          MatchesRegex("main waits \\(deadlock_test.cpp:[0-9]+\\) for T1 to end."),
          MatchesRegex("T1 waits \\(deadlock_test.cpp:[0-9]+\\) for guard, which main took at step 1 .*")));
}

TEST(DeadlockTest, AMutexWhoseHolderHasEndedIsWaitedForInVain) {
  const Result result = check(
      [] {
        mutex guard{"guard"};
        run_threads({[&] { guard.lock(); }, [&] { const lock_guard hold(guard); }});
      },
      everything());
  const Defect* defect = tests::defect_of(result, DefectKind::Deadlock);
  ASSERT_NE(defect, nullptr) << tests::summary(result);
  EXPECT_THAT(defect->message, HasSubstr("T2 waits for guard, held by T1"));
  EXPECT_THAT(tests::because(*defect), HasSubstr("T2 waits (deadlock_test.cpp:"));
  EXPECT_THAT(tests::because(*defect), HasSubstr("which T1 took at step 1"));
}

TEST(DeadlockTest, SeveralLocksTakenAtOnceAreNotHeldWhileWaiting) {
  const Result result = check([] {
    mutex a{"a"}, b{"b"};
    run_threads({[&] { const scoped_lock hold(a, b); },
                 [&] {
                   const lock_guard hold_b(b);
                   const lock_guard hold_a(a);
                 }});
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << tests::summary(result);
}

TEST(DeadlockTest, WaitingForSeveralLocksNamesTheOneThatIsHeld) {
  const Result result = check([] {
    mutex a{"a"}, b{"b"}, c{"c"};
    run_threads({[&] {
                   const lock_guard hold_c(c);
                   const scoped_lock hold(a, b);
                 },
                 [&] {
                   const lock_guard hold_b(b);
                   const lock_guard hold_c(c);
                 }});
  });
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].message, "deadlock: T1 waits for b, held by T2; T2 waits for c, held by T1");
}

TEST(DeadlockTest, ATryLockDoesNotWait) {
  const Result result = check([] {
    mutex a{"a"}, b{"b"};
    const auto both = [](mutex& first, mutex& second) {
      const lock_guard hold(first);
      if (second.try_lock()) second.unlock();
    };
    run_threads({[&] { both(a, b); }, [&] { both(b, a); }});
  });
  EXPECT_EQ(result.verdict, Verdict::Verified);
}

TEST(DeadlockTest, DifferentDeadlocksAreDifferentDefects) {
  const Result result = check(
      [] {
        mutex a{"a"}, b{"b"}, c{"c"};
        const auto both = [](mutex& first, mutex& second) {
          const lock_guard hold(first);
          const lock_guard hold_other(second);
        };
        run_threads({[&] { both(a, b); },
                     [&] {
                       both(b, a);
                       both(b, c);
                     },
                     [&] { both(c, b); }});
      },
      everything());
  std::vector<std::string> messages;
  for (const Defect& defect : result.defects) messages.push_back(defect.message);
  EXPECT_THAT(messages, testing::UnorderedElementsAre(
                            "deadlock: T1 waits for b, held by T2; T2 waits for a, held by T1",
                            "deadlock: T2 waits for c, held by T3; T3 waits for b, held by T2"));
}

TEST(DeadlockTest, AnExecutionThatDeadlocksHasNoOutcome) {
  const Result result = outcomes(tests::opposite_order());
  EXPECT_EQ(result.complete, 3u);
  ASSERT_EQ(result.outcomes.size(), 1u);
  EXPECT_EQ(result.outcomes[0].executions, 2u);
}

}  // namespace
}  // namespace heddle
