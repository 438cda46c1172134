// tests/detect/mutex_misuse_test.cpp - what is undefined for a mutex in C++ is a defect here.

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>

namespace heddle {
namespace {

using testing::HasSubstr;
using tests::Body;
using tests::defect_of;
using tests::everything;
using tests::run_threads;

// The message of the only misuse, after checking that its token shows it again.
std::string misuse(const Body& body) {
  const Result result = check(body, everything());
  EXPECT_EQ(result.verdict, Verdict::Defect);
  EXPECT_EQ(result.defects.size(), 1u) << tests::summary(result);
  const Defect* defect = defect_of(result, DefectKind::MutexMisuse);
  if (defect == nullptr) return "none";
  EXPECT_EQ(defect->object, "guard");
  const Result replayed = replay(body, defect->witness.token);
  const Defect* again = defect_of(replayed, DefectKind::MutexMisuse);
  EXPECT_TRUE(again != nullptr && again->message == defect->message) << tests::summary(replayed);
  // The place is where the operation stands in this file; it ends the sentence.
  return defect->message.substr(0, defect->message.find(" (mutex_misuse_test.cpp:"));
}

TEST(MutexMisuseTest, UnlockingAMutexThatNobodyHolds) {
  EXPECT_EQ(misuse([] {
              mutex guard{"guard"};
              guard.unlock();
            }),
            "main unlocks guard, which nobody holds");
}

TEST(MutexMisuseTest, UnlockingTwice) {
  EXPECT_EQ(misuse([] {
              mutex guard{"guard"};
              guard.lock();
              guard.unlock();
              guard.unlock();
            }),
            "main unlocks guard, which nobody holds");
}

TEST(MutexMisuseTest, UnlockingAMutexThatAnotherThreadHolds) {
  EXPECT_EQ(misuse([] {
              mutex guard{"guard"};
              guard.lock();
              thread other([&] { guard.unlock(); });
              other.join();
              guard.unlock();
            }),
            "T1 unlocks guard, which main holds");
}

TEST(MutexMisuseTest, AWrongUnlockLeavesTheMutexToItsHolder) {
  const Result result = check(
      [] {
        mutex guard{"guard"};
        var<int> count{0, "count"};
        const auto work = [&] {
          const lock_guard hold(guard);
          ++count;
        };
        run_threads({work, work, [&] {
                       if (guard.try_lock()) guard.unlock();
                       else guard.unlock();
                     }});
        require_eq(count, 2);
      },
      everything());
  for (const Defect& defect : result.defects)
    EXPECT_EQ(defect.kind, DefectKind::MutexMisuse) << defect.message;
  EXPECT_NE(defect_of(result, DefectKind::MutexMisuse), nullptr);
}

TEST(MutexMisuseTest, LockingAMutexThatTheThreadAlreadyHolds) {
  EXPECT_EQ(misuse([] {
              mutex guard{"guard"};
              const lock_guard hold(guard);
              const lock_guard again(guard);
            }),
            "main locks guard, which it already holds");
}

TEST(MutexMisuseTest, LockingItAgainTogetherWithAnother) {
  EXPECT_EQ(misuse([] {
              mutex guard{"guard"}, other{"other"};
              const lock_guard hold(guard);
              const scoped_lock both(other, guard);
            }),
            "main locks guard, which it already holds");
}

TEST(MutexMisuseTest, ATryLockOfAMutexThatTheThreadHoldsFails) {
  // Undefined for std::mutex; nothing is known that would be broken by it.
  const Result result = check([] {
    mutex guard{"guard"};
    guard.lock();
    require(!guard.try_lock());
    guard.unlock();
  });
  EXPECT_EQ(defect_of(result, DefectKind::Assertion), nullptr);
}

TEST(MutexMisuseTest, DestroyingAMutexThatIsHeld) {
  EXPECT_EQ(misuse([] {
              mutex guard{"guard"};
              guard.lock();
            }),
            "main destroys guard while main holds it");
}

TEST(MutexMisuseTest, DestroyingAMutexThatAnotherThreadHolds) {
  EXPECT_EQ(misuse([] {
              auto guard = std::make_unique<mutex>("guard");
              thread other([&] { guard->lock(); });
              other.join();
              guard.reset();
            }),
            "main destroys guard while T1 holds it");
}

TEST(MutexMisuseTest, ItIsFoundOnlyInTheInterleavingsThatShowIt) {
  const Result result = check(
      [] {
        mutex guard{"guard"};
        atomic<bool> taken{false, "taken"};
        run_threads({[&] {
                       if (!taken.load()) guard.unlock();
                     },
                     [&] { taken.store(true); }});
      },
      everything());
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.complete, 2u);
  EXPECT_EQ(result.defects[0].executions, 1u);
  EXPECT_THAT(tests::steps_of(result.defects[0].witness),
              testing::ElementsAre("T1 read taken false", "T1 unlock guard"));
}

TEST(MutexMisuseTest, TheGuardsOfTheStandardLibraryWork) {
  const Result result = check([] {
    mutex guard{"guard"}, other{"other"};
    var<int> count{0, "count"};
    run_threads({[&] {
                   const std::lock_guard hold(guard);
                   ++count;
                 },
                 [&] {
                   std::unique_lock hold(guard);
                   ++count;
                   hold.unlock();
                 },
                 [&] {
                   const std::scoped_lock hold(guard);
                   ++count;
                 }});
    require_eq(count, 3);
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << tests::summary(result);
  EXPECT_EQ(result.complete, 6u);
}

TEST(MutexMisuseTest, AUniqueLockMayBeGivenBackTakenAgainAndMoved) {
  const Result result = check([] {
    mutex guard{"guard"};
    const auto work = [&] {
      unique_lock<mutex> hold(guard, defer_lock);
      require(!hold.owns_lock());
      hold.lock();
      hold.unlock();
      require(hold.try_lock() || true);
      unique_lock<mutex> moved = std::move(hold);
      require(!hold.owns_lock());
      require(moved.mutex() == &guard);
    };
    run_threads({work, work});
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << tests::summary(result);
}

}  // namespace
}  // namespace heddle
