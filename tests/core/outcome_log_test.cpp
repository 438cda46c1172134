// tests/core/outcome_log_test.cpp - recording, and recognising equal outcomes.

#include "checker/core/outcome_log.hpp"

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

}  // namespace
}  // namespace heddle::checker
