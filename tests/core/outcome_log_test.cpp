// tests/core/outcome_log_test.cpp - recording, and recognising equal outcomes.

#include "checker/core/outcome_log.hpp"
#include "checker/core/causality.hpp"
#include "checker/core/trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace heddle::checker {
namespace {

using detail::WordFormat;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(OutcomeLogTest, ValuesAreSortedByName) {
  OutcomeLog log;
  log.record("b", 2, WordFormat::Signed);
  log.record("a", 1, WordFormat::Boolean);
  log.record("c", "text");
  EXPECT_THAT(log.values(), ElementsAre(Pair("a", "true"), Pair("b", "2"), Pair("c", "text")));
}

TEST(OutcomeLogTest, RecordingANameAgainReplacesItsValue) {
  OutcomeLog log;
  log.record("a", 1, WordFormat::Signed);
  log.record("a", "one");
  EXPECT_THAT(log.values(), ElementsAre(Pair("a", "one")));
  log.record("a", 2, WordFormat::Signed);
  EXPECT_THAT(log.values(), ElementsAre(Pair("a", "2")));
}

TEST(OutcomeLogTest, HashDoesNotDependOnTheOrderOfRecording) {
  OutcomeLog log;
  log.record("a", 1, WordFormat::Signed);
  log.record("b", 2, WordFormat::Signed);
  const Hash first = log.hash();
  log.clear();
  log.record("b", 2, WordFormat::Signed);
  log.record("a", 1, WordFormat::Signed);
  EXPECT_EQ(log.hash(), first);
}

TEST(OutcomeLogTest, DifferentOutcomesHaveDifferentHashes) {
  OutcomeLog log;
  std::vector<Hash> hashes{log.hash()};
  const auto note = [&] {
    hashes.push_back(log.hash());
    log.clear();
  };
  log.record("a", 1, WordFormat::Signed), note();
  log.record("a", 2, WordFormat::Signed), note();
  log.record("b", 1, WordFormat::Signed), note();
  log.record("a", "1"), note();
  log.record("a", "2"), note();
  log.record("a", 1, WordFormat::Signed), log.record("b", 2, WordFormat::Signed), note();
  log.record("a", 2, WordFormat::Signed), log.record("b", 1, WordFormat::Signed), note();
  log.record("a", "x"), log.record("b", "y"), note();
  log.record("a", "y"), log.record("b", "x"), note();
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

TEST(OutcomeLogTest, ClearForgetsWhatWasRecorded) {
  OutcomeLog log;
  const Hash nothing = log.hash();
  EXPECT_TRUE(log.empty());
  log.record("a", 1, WordFormat::Signed);
  EXPECT_FALSE(log.empty());
  log.clear();
  EXPECT_TRUE(log.empty());
  EXPECT_EQ(log.hash(), nothing);
  EXPECT_THAT(log.values(), IsEmpty());
}

// Two threads that nothing orders, and the step of a third that has seen the first.
class ContestTest : public testing::Test {
 protected:
  ContestTest() : causality_(trace_) {
    for (ThreadIndex thread = 1; thread <= 3; ++thread) {
      trace_.append(thread).kind = OperationKind::Store;
      trace_.add_access(thread == 2 ? 1 : 0, ObjectKind::Atomic, AccessKind::Write, thread);
    }
    causality_.extend();
  }
  void record(int value, ThreadIndex thread) {
    log_.record("a", static_cast<detail::Word>(value), WordFormat::Signed, {thread, EventIndex{thread} - 1});
  }
  bool contested() const { return log_.contest(causality_).has_value(); }

  Trace trace_;
  Causality causality_;
  OutcomeLog log_;
};

TEST_F(ContestTest, IndependentStepsDoNotSayWhichValueIsTheLast) {
  record(1, 1);
  record(2, 2);
  const auto contest = log_.contest(causality_);
  ASSERT_TRUE(contest);
  EXPECT_EQ(contest->name, "a");
  EXPECT_EQ(contest->first, 1);
  EXPECT_EQ(contest->second, 2);
  log_.clear();
  EXPECT_FALSE(contested());
}

TEST_F(ContestTest, OrderedStepsDoAndEqualValuesNeedNone) {
  record(1, 1);
  record(3, 3);
  EXPECT_FALSE(contested()) << "the third has seen the first";
  record(3, 2);
  EXPECT_FALSE(contested()) << "whichever is the last";
  record(2, 2);
  EXPECT_TRUE(contested());
}

}  // namespace
}  // namespace heddle::checker
