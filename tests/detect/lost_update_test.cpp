// tests/detect/lost_update_test.cpp - a write based on a value that was no longer there.

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace heddle {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using tests::defect_of;
using tests::everything;
using tests::run_threads;

TEST(LostUpdateTest, ACompoundOperationIsADefectByItself) {
  const Result result = check([] {
    var<int> count{0, "count"};
    run_threads({[&] { ++count; }, [&] { count += 5; }});
  });
  const Defect* defect = defect_of(result, DefectKind::LostUpdate);
  ASSERT_NE(defect, nullptr);
  EXPECT_EQ(defect->object, "count");
  EXPECT_THAT(defect->message, StartsWith("lost update on count: "));
  ASSERT_EQ(defect->because.size(), 3u);
}

TEST(LostUpdateTest, EveryCompoundOperationCounts) {
  const std::function<void(var<int>&)> operations[] = {
      [](var<int>& x) { ++x; }, [](var<int>& x) { x++; },    [](var<int>& x) { --x; },
      [](var<int>& x) { x--; }, [](var<int>& x) { x += 2; }, [](var<int>& x) { x -= 2; }};
  for (const auto& operation : operations) {
    const Result result = check([&] {
      var<int> count{0, "count"};
      run_threads({[&] { operation(count); }, [&] { operation(count); }});
    });
    EXPECT_NE(defect_of(result, DefectKind::LostUpdate), nullptr);
  }
}

TEST(LostUpdateTest, TheThreeStepsAreNamed) {
  const Result result = check(tests::racy_increments(2, 1));
  const Defect* defect = defect_of(result, DefectKind::LostUpdate);
  ASSERT_NE(defect, nullptr);
  // The threads are alike: either may be the one that loses.
  const bool first = defect->message.ends_with("what T1 had written");
  const std::string loser = first ? "T1" : "T2";
  const std::string other = first ? "T2" : "T1";
  EXPECT_EQ(defect->message, "lost update on count: " + other + " overwrote what " + loser + " had written");
  ASSERT_EQ(defect->because.size(), 4u);
  EXPECT_THAT(defect->because[0], StartsWith(other + " read count = 0 at step 1 (programs.hpp:"));
  EXPECT_THAT(defect->because[1], StartsWith(loser + " then wrote count 0 -> 1 at step 3 (programs.hpp:"));
  EXPECT_THAT(defect->because[2], AllOf(StartsWith(other + " wrote count 1 -> 1 at step 4 (programs.hpp:"),
                                        HasSubstr("the write of " + loser + " is lost")));
  EXPECT_THAT(defect->because[3], AllOf(StartsWith("So the expectation (programs.hpp:"),
                                        HasSubstr("failed in main: expected 1 == 2")));
}

TEST(LostUpdateTest, SeparateReadAndWriteAreHarmlessWithoutAnExpectation) {
  const Result result = check([] {
    atomic<int> last{0, "last"};
    const auto work = [&] {
      const int seen = last.load();
      last.store(seen + 1);
    };
    run_threads({work, work});
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << tests::summary(result);
}

TEST(LostUpdateTest, SeparateReadAndWriteExplainAFailedExpectationAboutTheirObject) {
  const Result result = check([] {
    atomic<int> count{0, "count"};
    const auto work = [&] {
      const int seen = count.load();
      count.store(seen + 1);
    };
    run_threads({work, work});
    require_eq(count, 2);
  });
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::LostUpdate);
  EXPECT_THAT(tests::because(result.defects[0]), HasSubstr("expected 1 == 2"));
}

TEST(LostUpdateTest, TheyDoNotExplainAnExpectationAboutAnotherObject) {
  const Result result = check([] {
    atomic<int> count{0, "count"}, other{0, "other"};
    const auto work = [&] {
      const int seen = count.load();
      count.store(seen + 1);
    };
    run_threads({work, work});
    require_eq(other, 1);
  });
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::Assertion);
  EXPECT_THAT(result.defects[0].message,
              AllOf(StartsWith("expectation failed in main"), HasSubstr("expected 0 == 1")));
}

// The write is a constant: one thread after the other fails the same expectation.
TEST(LostUpdateTest, WhatIsNotBasedOnTheReadIsNotTheCause) {
  const auto body = [] {
    atomic<int> x{0, "x"};
    mutex a{"a"}, b{"b"};
    int seen = 1;
    run_threads({[&] {
                   const lock_guard hold(a);
                   x.store(1);
                 },
                 [&] {
                   seen = x.load();
                   const lock_guard hold(b);
                   x.store(1);
                 }});
    const int last = x.load();
    require(!(seen == 0 && last == 1));
  };
  for (const bool keep_going : {false, true}) {
    Options options;
    options.keep_going = keep_going;
    const Result result = check(body, options);
    ASSERT_EQ(result.defects.size(), 1u) << tests::summary(result);
    EXPECT_EQ(result.defects[0].kind, DefectKind::Assertion);
    EXPECT_EQ(result.defects[0].witness.preemptions, 0u);
    EXPECT_TRUE(result.defects[0].witness.fewest);
  }
}

TEST(LostUpdateTest, AReadModifyWriteLosesNothing) {
  const Result result = check([] {
    atomic<int> count{0, "count"};
    run_threads({[&] { count.fetch_add(1); }, [&] { count.fetch_add(1); }});
    require_eq(count, 2);
  });
  EXPECT_EQ(result.verdict, Verdict::Verified);
}

TEST(LostUpdateTest, ReadingAgainBeforeTheWriteLosesNothing) {
  const Result result = check([] {
    var<int> count{0, "count"};
    mutex guard{"guard"};
    const auto work = [&] {
      {
        const lock_guard hold(guard);
        count.load();
      }
      const lock_guard hold(guard);
      ++count;
    };
    run_threads({work, work});
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << tests::summary(result);
}

TEST(LostUpdateTest, AWriteWithoutAReadLosesNothingByItself) {
  const Result result = check([] {
    atomic<int> x{0, "x"};
    run_threads({[&] { x.store(1); }, [&] { x.store(2); }});
    require_ne(x, 1);
  });
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::Assertion);
}

TEST(LostUpdateTest, ItIsFoundUnderLocksThatDoNotCoverBothHalves) {
  const Result result = check([] {
    var<int> balance{100, "balance"};
    mutex guard{"guard"};
    const auto withdraw = [&] {
      guard.lock();
      const int seen = balance.load();
      guard.unlock();
      guard.lock();
      balance = seen - 10;
      guard.unlock();
    };
    run_threads({withdraw, withdraw});
    require_eq(balance, 80);
  });
  ASSERT_EQ(result.defects.size(), 1u) << tests::summary(result);
  EXPECT_EQ(result.defects[0].kind, DefectKind::LostUpdate) << "and no data race";
}

TEST(LostUpdateTest, OneReportForEachVariable) {
  const Result result = check(
      [] {
        var<int> a{0, "a"}, b{0, "b"};
        const auto work = [&] {
          ++a;
          ++b;
        };
        run_threads({work, work});
      },
      everything());
  std::vector<std::string> objects;
  for (const Defect& defect : result.defects)
    if (defect.kind == DefectKind::LostUpdate) objects.push_back(defect.object);
  EXPECT_THAT(objects, ElementsAre("a", "b"));
}

TEST(LostUpdateTest, ExecutionsCountThoseThatShowIt) {
  const Result result = check(tests::racy_increments(2, 1), everything());
  EXPECT_EQ(result.complete, 4u);
  EXPECT_EQ(defect_of(result, DefectKind::LostUpdate)->executions, 2u)
      << "the other two are one after the other";
}

}  // namespace
}  // namespace heddle
