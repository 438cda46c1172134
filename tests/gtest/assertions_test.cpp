// GoogleTest's assertions in a scenario belong to the execution in which they fail.

#include "checker/gtest/scope.hpp"

#include "tests/gtest/bodies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace heddle {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::SizeIs;
using tests::everything;
using tests::why_not;

// The only defect's message.
std::string message_of(const Result& result) {
  return result.defects.size() == 1 ? result.defects.front().message
                                    : std::to_string(result.defects.size()) + " defects";
}

TEST(AssertionTest, AFailedExpectationIsADefectAndNotAFailureOfTheTest) {
  const auto body = [] { EXPECT_EQ(tests::glance(), 1); };
  const Result result = check(body);
  EXPECT_THAT(result, Finds(DefectKind::Assertion));
  EXPECT_THAT(message_of(result),
              MatchesRegex("expectation failed in main \\(assertions_test.cpp:[0-9]+\\): "
                           "Expected equality of these values: tests::glance\\(\\) = 0, 1"));
  EXPECT_FALSE(HasFailure());
}

TEST(AssertionTest, TheTraceIsInTheMessageOfTheMatcher) {
  const auto body = [] { EXPECT_EQ(tests::glance(), 1); };
  const std::string why = why_not(Verified(), check(body));
  EXPECT_THAT(why, HasSubstr("defect  expectation failed in main (assertions_test.cpp:"));
  EXPECT_THAT(why, HasSubstr("step  main"));
}

TEST(AssertionTest, AnExpectationThatHoldsIsNoDefect) {
  const auto body = [] { EXPECT_LE(tests::split_count(), 2); };
  EXPECT_THAT(check(body), Verified());
}

TEST(AssertionTest, CountsTheExecutionsThatFailAndNoRepetitions) {
  const auto body = [] {
    const int count = tests::split_count();
    outcome("count", count);
    EXPECT_EQ(count, 2);
  };
  const Result result = check(body, everything());
  ASSERT_THAT(result.defects, SizeIs(1));
  ASSERT_THAT(result, OutcomesAre({"count=1", "count=2"}));
  EXPECT_EQ(result.defects.front().executions, result.outcomes.front().executions);
  EXPECT_LT(result.defects.front().executions, result.complete);
}

TEST(AssertionTest, AnExpectationThatFailsOftenInAnExecutionCountsOnce) {
  const auto body = [] {
    var<int> x{0, "x"};
    tests::twice([&] {
      x.load();
      for (int i = 0; i < 3; ++i) EXPECT_EQ(x.load(), 1);
    });
  };
  const Result result = check(body, everything());
  ASSERT_THAT(result.defects, SizeIs(1));
  EXPECT_EQ(result.defects.front().executions, 1u);
}

TEST(AssertionTest, ALostUpdateExplainsAFailedExpectation) {
  const auto body = [] {
    var<int> count{0, "count"};
    tests::twice([&] { ++count; });
    EXPECT_EQ(count.load(), 2);
  };
  const Result result = check(body);
  EXPECT_THAT(result, Finds(DefectKind::LostUpdate, "count"));
  EXPECT_THAT(result, Finds(DefectKind::Assertion)) << "there was one, after all";
  EXPECT_THAT(check(tests::unlocked, everything()), testing::Not(Finds(DefectKind::Assertion)));
  EXPECT_THAT(result.defects.front().because.back(),
              HasSubstr("Expected equality of these values: count.load() = 1, 2"));
}

TEST(AssertionTest, AThreadGoesOnAfterAnExpectation) {
  const auto body = [] {
    var<int> x{0, "x"};
    EXPECT_EQ(x.load(), 1);
    x = 7;
    outcome("x", x);
  };
  EXPECT_THAT(check(body, everything()), Reaches("x=7"));
}

TEST(AssertionTest, AnAssertReturnsFromItsFunction) {
  const auto body = [] {
    var<int> x{0, "x"};
    const auto part = [&] {
      ASSERT_EQ(x.load(), 1);
      x = 7;
    };
    part();
    outcome("x", x);
  };
  const Result result = check(body, everything());
  EXPECT_THAT(result, Finds(DefectKind::Assertion));
  EXPECT_THAT(result, OutcomesAre({"x=0"}));
}

TEST(AssertionTest, EveryKindOfFailureIsCaught) {
  const auto only = [](const Options& options, auto failing) {
    return message_of(check([&] { failing(); }, options));
  };
  EXPECT_THAT(only({}, [] { ADD_FAILURE() << "so it is"; }), EndsWith("): Failed, so it is"));
  EXPECT_THAT(only({}, [] { FAIL() << "so it is"; }), EndsWith("): Failed, so it is"));
  EXPECT_THAT(only({}, [] { EXPECT_THAT(1, testing::Gt(2)); }),
              EndsWith("): Value of: 1, Expected: is > 2, Actual: 1 (of type int)"));
  EXPECT_THAT(only({}, [] { EXPECT_TRUE(false) << "why\nnot"; }),
              EndsWith("): Value of: false, Actual: false, Expected: true, why, not"));
  EXPECT_THAT(only({}, [] { EXPECT_THROW((void)0, std::exception); }), HasSubstr("it throws nothing"));
}

TEST(AssertionTest, NamesTheThreadInWhichItFails) {
  const auto body = [] {
    atomic<int> turn{0, "turn"};
    thread first([&] { turn = 1; });
    thread second([&] { EXPECT_EQ(turn.load(), 1); });
    first.join();
    second.join();
  };
  EXPECT_THAT(message_of(check(body)), HasSubstr("expectation failed in T2 "));
}

TEST(AssertionTest, SucceedDoesNothing) {
  const auto body = [] {
    tests::split_count();
    SUCCEED();
  };
  EXPECT_THAT(check(body), Verified());
}

TEST(AssertionTest, DestructorsOfAbandonedExecutionsFailNothing) {
  struct Checked {
    var<int>& x;
    ~Checked() { EXPECT_EQ(x.load(), 1); }
  };
  const auto body = [] {
    var<int> x{1, "x"};
    mutex a{"a"}, b{"b"};
    thread first([&] {
      const Checked checked{x};
      const lock_guard hold_a(a);
      const lock_guard hold_b(b);
    });
    thread second([&] {
      const Checked checked{x};
      const lock_guard hold_b(b);
      const lock_guard hold_a(a);
    });
    first.join();
    second.join();
  };
  const Result result = check(body, everything());
  EXPECT_THAT(result.defects, SizeIs(1));
  EXPECT_THAT(result, Finds(DefectKind::Deadlock));
}

TEST(AssertionTest, SkippingInAScenarioLosesControl) {
  const auto body = [] {
    tests::split_count();
    GTEST_SKIP() << "not today";
  };
  const Result result = check(body);
  EXPECT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_THAT(result.reason, HasSubstr("assertions_test.cpp:"));
  EXPECT_THAT(result.reason, HasSubstr("in a scenario: a single execution cannot be skipped. Skip the test"));
  EXPECT_THAT(why_not(Verified(), result), HasSubstr("control was lost: GTEST_SKIP()"));
  EXPECT_FALSE(IsSkipped());
}

TEST(AssertionTest, AReplayShowsTheAssertionAgain) {
  const auto body = [] { EXPECT_EQ(tests::glance(), 1); };
  const Result found = check(body);
  ASSERT_THAT(found, Finds(DefectKind::Assertion));
  const Result again = replay(body, found.defects.front().witness.token);
  EXPECT_THAT(again, Finds(DefectKind::Assertion));
  EXPECT_EQ(again.defects.front().message, found.defects.front().message);
}

TEST(AssertionTest, AssertionsBesideAnExplorationStayTheTests) {
  EXPECT_NONFATAL_FAILURE(
      {
        check(tests::locked);
        ADD_FAILURE() << "afterwards";
      },
      "afterwards");
}

TEST(AssertionTest, AFailureInACallbackOfTheOptionsIsTheTests) {
  static Result result;
  EXPECT_NONFATAL_FAILURE(
      {
        Options options = everything();
        options.interrupted = [asked = false]() mutable {
          if (!std::exchange(asked, true)) ADD_FAILURE() << "in the callback";
          return false;
        };
        result = check([] { choose(100); }, options);
      },
      "in the callback");
  EXPECT_EQ(result.defects.size(), 0u);
}

TEST(AssertionTest, AnExceptionThatEndsAnExplorationGivesGoogleTestItsFailuresBack) {
  Options wrong;
  wrong.steps = 0;
  EXPECT_THROW(check(tests::locked, wrong), std::invalid_argument);
  EXPECT_NONFATAL_FAILURE(ADD_FAILURE() << "afterwards", "afterwards");
}

TEST(AssertionTest, ExplorationsOnSeveralThreadsKeepTheirFailuresApart) {
  Result failing;
  Result clean;
  std::thread other([&] { failing = check([] { EXPECT_EQ(tests::glance(), 1); }); });
  std::thread another([&] { clean = check([] { EXPECT_LE(tests::split_count(), 2); }); });
  other.join();
  another.join();
  EXPECT_THAT(failing, Finds(DefectKind::Assertion));
  EXPECT_THAT(clean, Verified());
}

TEST(OneLineTest, PutsTheLinesOfAMessageTogether) {
  using checker::one_line;
  EXPECT_EQ(one_line("Failed\nso it is\n"), "Failed, so it is");
  EXPECT_EQ(one_line("Expected equality of these values:\n  a\n    Which is: 1\n  b\n    Which is: 2"),
            "Expected equality of these values: a = 1, b = 2");
  EXPECT_EQ(one_line("  \n\n"), "a failure without a message");
}

}  // namespace
}  // namespace heddle
