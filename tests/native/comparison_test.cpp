// tests/native/comparison_test.cpp - a histogram next to a model, case by case.

#include "checker/native/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heddle::checker::native {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using NativeResult = heddle::native::Result;

heddle::native::Outcome seen(const std::string& r1, std::uint64_t runs, std::uint64_t failed = 0) {
  return {{{"r1", r1}}, runs, failed};
}

heddle::Outcome reached(const std::string& r1) {
  heddle::Outcome outcome;
  outcome.values = {{"r1", r1}};
  outcome.witness.token = "h1:" + r1;
  return outcome;
}

Defect defect(DefectKind kind, bool failed_expectation = false) {
  Defect result;
  result.kind = kind;
  result.message = "the message";
  result.failed_expectation = failed_expectation;
  result.witness.token = "h1:defect";
  return result;
}

heddle::Result model(std::vector<heddle::Outcome> outcomes, bool exhaustive = true) {
  heddle::Result result;
  result.outcomes = std::move(outcomes);
  result.exhaustive = exhaustive;
  return result;
}

NativeResult native_result(std::vector<heddle::native::Outcome> outcomes) {
  NativeResult result;
  for (const auto& outcome : outcomes) {
    result.runs += outcome.runs;
    result.failed += outcome.failed;
  }
  result.outcomes = std::move(outcomes);
  return result;
}

NativeResult with_fault(heddle::native::Fault::Kind kind) {
  NativeResult result;
  result.fault = heddle::native::Fault{.kind = kind};
  return result;
}

TEST(ComparisonTest, ReachableAndSeen) {
  const NativeResult runs = native_result({seen("0", 3), seen("1", 1)});
  const Comparison comparison = compare(runs, model({reached("0"), reached("1")}), {});
  ASSERT_EQ(comparison.outcomes.size(), 2u);
  EXPECT_EQ(comparison.outcomes[0].runs, 3u);
  EXPECT_EQ(comparison.outcomes[0].share, 0.75);
  EXPECT_EQ(comparison.outcomes[0].seen, Seen::Sometimes);
  EXPECT_EQ(comparison.outcomes[0].reachable, Reachable::Yes);
  EXPECT_FALSE(comparison.graded);
  EXPECT_THAT(comparison.unreachable, IsEmpty());
  EXPECT_FALSE(alarming(runs, comparison));
}

TEST(ComparisonTest, SeenInEveryRunIsAlways) {
  const Comparison comparison = compare(native_result({seen("0", 3)}), model({reached("0")}), {});
  EXPECT_EQ(comparison.outcomes[0].seen, Seen::Always);
}

TEST(ComparisonTest, ReachableAndNeverSeenKeepsTheTokenThatReachesIt) {
  const NativeResult runs = native_result({seen("0", 3)});
  const Comparison comparison = compare(runs, model({reached("0"), reached("1")}), {});
  ASSERT_EQ(comparison.outcomes.size(), 2u);
  EXPECT_EQ(comparison.outcomes[1].seen, Seen::Never);
  EXPECT_EQ(comparison.outcomes[1].reachable, Reachable::Yes);
  EXPECT_EQ(comparison.outcomes[1].token, "h1:1");
  EXPECT_FALSE(alarming(runs, comparison));
}

TEST(ComparisonTest, SeenAndNotReachableIsAlarming) {
  const NativeResult runs = native_result({seen("0", 3), seen("2", 1)});
  const Comparison comparison = compare(runs, model({reached("0")}), {});
  EXPECT_EQ(comparison.outcomes[1].reachable, Reachable::No);
  EXPECT_THAT(comparison.unreachable, ElementsAre("the outcome r1=2"));
  EXPECT_FALSE(comparison.weak);
  EXPECT_TRUE(alarming(runs, comparison));
}

TEST(ComparisonTest, WhatAnIncompleteExplorationDidNotReachIsUnknown) {
  const NativeResult runs = native_result({seen("2", 1)});
  const Comparison comparison = compare(runs, model({reached("0")}, false), {});
  EXPECT_EQ(comparison.outcomes[1].reachable, Reachable::Unknown);
  EXPECT_THAT(comparison.unreachable, IsEmpty());
  EXPECT_FALSE(alarming(runs, comparison));
}

TEST(ComparisonTest, AfterUndefinedBehaviourNothingIsOutOfReach) {
  NativeResult runs = native_result({seen("2", 1)});
  runs.failed = 1;
  for (const DefectKind kind : {DefectKind::UseAfterFree, DefectKind::MutexMisuse}) {
    heddle::Result undefined = model({reached("0")});
    undefined.defects.push_back(defect(kind));
    const Comparison comparison = compare(runs, undefined, {});
    EXPECT_EQ(comparison.outcomes[1].reachable, Reachable::Unknown);
    EXPECT_THAT(comparison.unreachable, IsEmpty());
  }
}

TEST(ComparisonTest, WeakOrdersAndDataRacesAreWhatAWeakerModelIsFor) {
  NativeResult weak = native_result({seen("2", 1)});
  weak.weak_orders = true;
  EXPECT_TRUE(compare(weak, model({}), {}).weak);
  heddle::Result racy = model({});
  racy.defects.push_back(defect(DefectKind::DataRace));
  EXPECT_TRUE(compare(native_result({seen("2", 1)}), racy, {}).weak);
}

TEST(ComparisonTest, GradesAreThoseOfTheDeclaration) {
  const std::vector<DeclaredOutcome> declared{{"r1=0", Grade::Expected, "why"},
                                              {"r1=1", Grade::Interesting, ""},
                                              {"r1=3", Grade::Forbidden, "not this"}};
  const NativeResult runs = native_result({seen("0", 1), seen("1", 1), seen("2", 1)});
  const Comparison comparison = compare(runs, model({reached("0"), reached("1"), reached("2")}), declared);
  EXPECT_TRUE(comparison.graded);
  ASSERT_EQ(comparison.outcomes.size(), 4u);
  EXPECT_EQ(comparison.outcomes[0].grade, Grade::Expected);
  EXPECT_EQ(comparison.outcomes[0].because, "why");
  EXPECT_EQ(comparison.outcomes[1].grade, Grade::Interesting);
  EXPECT_EQ(comparison.outcomes[2].grade, std::nullopt) << "not declared";
  EXPECT_EQ(comparison.outcomes[3].grade, Grade::Forbidden) << "declared, although it never came up";
  EXPECT_EQ(comparison.outcomes[3].seen, Seen::Never);
  EXPECT_EQ(comparison.outcomes[3].reachable, Reachable::No);
  EXPECT_THAT(comparison.unreachable, IsEmpty());
  EXPECT_FALSE(alarming(runs, comparison));
}

TEST(ComparisonTest, AForbiddenOutcomeIsAlarmingOnceItWasSeen) {
  const std::vector<DeclaredOutcome> declared{{"r1=0", Grade::Expected, ""}, {"*", Grade::Forbidden, "lost"}};
  const heddle::Result reachable = model({reached("0"), reached("1")});
  const NativeResult good = native_result({seen("0", 1)});
  EXPECT_FALSE(alarming(good, compare(good, reachable, declared)));
  const NativeResult bad = native_result({seen("1", 1)});
  EXPECT_TRUE(alarming(bad, compare(bad, reachable, declared)));
}

TEST(ComparisonTest, AFailureThatTheModelHasIsAlarmingButReachable) {
  const NativeResult runs = native_result({seen("1", 2, 2)});
  heddle::Result reachable = model({reached("1")});
  reachable.defects.push_back(defect(DefectKind::LostUpdate, true));
  const Comparison comparison = compare(runs, reachable, {});
  EXPECT_THAT(comparison.unreachable, IsEmpty());
  EXPECT_THAT(comparison.missed, IsEmpty());
  EXPECT_TRUE(alarming(runs, comparison));
}

TEST(ComparisonTest, AFailureThatTheModelHasNotIsUnreachable) {
  const NativeResult runs = native_result({seen("1", 2, 1)});
  EXPECT_THAT(compare(runs, model({reached("1")}), {}).unreachable, ElementsAre("a run that fails"));
  EXPECT_THAT(compare(runs, model({reached("1")}, false), {}).unreachable, IsEmpty());
}

TEST(ComparisonTest, AFaultIsReachableWhenTheModelHasADefectOfItsKind) {
  using Kind = heddle::native::Fault::Kind;
  heddle::Result deadlock = model({});
  deadlock.defects.push_back(defect(DefectKind::Deadlock));
  EXPECT_THAT(compare(with_fault(Kind::Hang), deadlock, {}).unreachable, IsEmpty());
  EXPECT_THAT(compare(with_fault(Kind::Hang), model({}), {}).unreachable,
              ElementsAre("a run that does not end"));
  EXPECT_THAT(compare(with_fault(Kind::Crash), deadlock, {}).unreachable,
              ElementsAre("a run that ends the process"));
  heddle::Result crash = model({});
  crash.defects.push_back(defect(DefectKind::Crash));
  EXPECT_THAT(compare(with_fault(Kind::Crash), crash, {}).unreachable, IsEmpty());
}

TEST(ComparisonTest, ADefectOfTheModelThatDidNotComeUpIsMissed) {
  heddle::Result reachable = model({});
  reachable.defects.push_back(defect(DefectKind::Deadlock));
  reachable.defects.push_back(defect(DefectKind::LostUpdate, true));
  reachable.defects.push_back(defect(DefectKind::DataRace));
  const Comparison comparison = compare(native_result({seen("0", 1)}), reachable, {});
  EXPECT_EQ(comparison.missed.size(), 2u) << "a race does not show";
  EXPECT_EQ(comparison.missed[0].token, "h1:defect");
  EXPECT_THAT(compare(with_fault(heddle::native::Fault::Kind::Hang), reachable, {}).missed.size(), 1u);
}

TEST(WitnessTest, IsTheOneOfTheFailingOutcome) {
  const NativeResult runs = native_result({seen("0", 3), seen("1", 2, 2)});
  const heddle::Result reachable = model({reached("0"), reached("1")});
  EXPECT_EQ(witness_of(runs, reachable, compare(runs, reachable, {})), "h1:1");
}

TEST(WitnessTest, IsTheOneOfTheDefectWherePassingRunsHaveTheOutcomeAsWell) {
  const NativeResult runs = native_result({seen("1", 3, 2)});
  heddle::Result reachable = model({reached("1")});
  reachable.defects.push_back(defect(DefectKind::Assertion, true));
  EXPECT_EQ(witness_of(runs, reachable, compare(runs, reachable, {})), "h1:defect");
}

TEST(WitnessTest, OfAHangIsADeadlock) {
  const NativeResult runs = with_fault(heddle::native::Fault::Kind::Hang);
  heddle::Result reachable = model({});
  EXPECT_EQ(witness_of(runs, reachable, compare(runs, reachable, {})), "");
  reachable.defects.push_back(defect(DefectKind::Deadlock));
  EXPECT_EQ(witness_of(runs, reachable, compare(runs, reachable, {})), "h1:defect");
}

}  // namespace
}  // namespace heddle::checker::native
