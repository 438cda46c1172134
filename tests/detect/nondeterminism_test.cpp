// tests/detect/nondeterminism_test.cpp - a scenario that depends on more than its choices is told so.

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

namespace heddle {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using tests::Body;
using tests::run_threads;

// A body that is given the number of the execution.
Body numbered(std::function<void(int)> body) {
  return [body = std::move(body), execution = std::make_shared<int>(0)] { body((*execution)++); };
}

Result expect_control_lost(const Body& body) {
  Result result = check(body);
  EXPECT_EQ(result.verdict, Verdict::ControlLost) << tests::summary(result);
  EXPECT_FALSE(result.exhaustive);
  EXPECT_THAT(result.reason, HasSubstr("the scenario is not deterministic"));
  EXPECT_THAT(result.reason, HasSubstr("heddle::choose()"));
  return result;
}

TEST(NondeterminismTest, AnotherObjectIsNamedWithTheOneBefore) {
  const Result result = expect_control_lost(numbered([](int execution) {
    atomic<int> x{0, "x"}, y{0, "y"};
    run_threads({[&, execution] {
                   (execution <= 1 ? x : y).store(1);
                   x.store(3);
                 },
                 [&] {
                   x.store(2);
                   y.store(2);
                 }});
  }));
  EXPECT_THAT(result.reason, AllOf(HasSubstr("T1 write x"), HasSubstr("T1 write y")));
}

TEST(NondeterminismTest, AnotherOperationIsNamedWithTheOneBefore) {
  const Result result = expect_control_lost(numbered([](int execution) {
    atomic<int> x{0, "x"};
    run_threads({[&, execution] {
                   if (execution <= 1) x.store(1);
                   else x.load();
                   x.store(3);
                 },
                 [&] { x.store(2); }});
  }));
  EXPECT_THAT(result.reason, AllOf(HasSubstr("T1 write x"), HasSubstr("T1 read x")));
}

TEST(NondeterminismTest, AnotherValueIsNoticedWhenItIsRead) {
  expect_control_lost(numbered([](int execution) {
    atomic<int> x{execution, "x"};
    run_threads({[&] {
                   x.load();
                   x.store(-1);
                 },
                 [&] {
                   x.load();
                   x.store(-2);
                 }});
  }));
}

TEST(NondeterminismTest, AnotherValueIsNoticedWhenItIsWritten) {
  static int calls = 0;  // kept between executions
  const Result result = expect_control_lost([] {
    atomic<int> x{0, "x"}, y{0, "y"};
    run_threads({[&] { x.store(++calls); }, [&] { y.store(1); }, [&] { y.store(2); }});
  });
  EXPECT_THAT(result.reason, HasSubstr("T1 write x"));
}

TEST(NondeterminismTest, AThreadThatIsNotStartedAgainIsNoticed) {
  const Result result = check(numbered([](int execution) {
    atomic<int> x{0, "x"};
    run_threads({[&] { x.store(1); }, [&] { x.store(2); }});
    if (execution == 0) run_threads({[&] { x.store(3); }, [&] { x.store(4); }});
  }));
  EXPECT_EQ(result.verdict, Verdict::ControlLost) << tests::summary(result);
}

TEST(NondeterminismTest, AThreadThatEndsEarlyIsNoticed) {
  const Result result = check(numbered([](int execution) {
    atomic<int> x{0, "x"};
    run_threads({[&, execution] {
                   x.store(1);
                   if (execution == 0) x.store(2);
                 },
                 [&] { x.load(); }, [&] { x.load(); }});
  }));
  EXPECT_EQ(result.verdict, Verdict::ControlLost) << tests::summary(result);
}

TEST(NondeterminismTest, AnotherNumberOfAnswersIsNoticed) {
  const Result result = check(numbered([](int execution) {
    atomic<int> x{0, "x"};
    run_threads({[&, execution] { x.store(static_cast<int>(choose(execution % 2 == 0 ? 3 : 2))); },
                 [&] { x.store(7); }});
  }));
  EXPECT_EQ(result.verdict, Verdict::ControlLost) << tests::summary(result);
}

TEST(NondeterminismTest, ADefectOfTheFirstExecutionOnlyIsNotReportedAsOne) {
  // It does not show when it is replayed; that is the scenario's fault and not a bug of the checker.
  Result result;
  EXPECT_NO_THROW(result = check(numbered([](int execution) { require(execution > 2); })));
  EXPECT_EQ(result.verdict, Verdict::ControlLost) << tests::summary(result);
}

TEST(NondeterminismTest, AnOutcomeOfTheFirstExecutionOnlyIsNotReportedAsOne) {
  Result result;
  EXPECT_NO_THROW(result = outcomes(numbered([](int execution) { outcome("execution", execution); })));
  EXPECT_EQ(result.verdict, Verdict::ControlLost) << tests::summary(result);
}

TEST(NondeterminismTest, WhatDoesNotReachAnOperationIsNoDifference) {
  const Result result = check(numbered([](int execution) {
    atomic<int> x{0, "x"};
    volatile int own = execution;
    own = own + 1;
    run_threads({[&] { x.store(1); }, [&] { x.store(2); }});
  }));
  EXPECT_EQ(result.verdict, Verdict::Verified);
}

TEST(NondeterminismTest, TooManyAnswersAreRefused) {
  const Result result = check([] { choose(256); });
  EXPECT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_EQ(result.reason, "choose(256): the number of alternatives must be from 1 to 255.");
  EXPECT_EQ(check([] { choose(0); }).verdict, Verdict::ControlLost);
  EXPECT_EQ(check([] { outcome("answer", choose(255)); }).complete, 255u);
}

}  // namespace
}  // namespace heddle
