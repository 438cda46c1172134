// tests/native/record_test.cpp - the outcomes of one native run.

#include "checker/native/record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heddle::checker::native {
namespace {

using detail::WordFormat;

TEST(RecordTest, EqualValuesHaveEqualHashesInAnyOrder) {
  Record one;
  one.set("a", 1, WordFormat::Signed);
  one.set("b", "text");
  Record other;
  other.set("c", 5, WordFormat::Signed);
  other.clear();
  other.set("b", "text");
  other.set("a", 1, WordFormat::Signed);
  EXPECT_EQ(one.hash(), other.hash());
  EXPECT_EQ(one.values(), other.values());
}

TEST(RecordTest, DifferentNamesValuesAndKindsHaveDifferentHashes) {
  const auto hash = [](auto... entry) {
    Record record;
    record.set(entry...);
    return record.hash();
  };
  const Hash one = hash("a", detail::Word{1}, WordFormat::Signed);
  EXPECT_NE(one, hash("b", detail::Word{1}, WordFormat::Signed));
  EXPECT_NE(one, hash("a", detail::Word{2}, WordFormat::Signed));
  EXPECT_NE(one, hash("a", detail::Word{1}, WordFormat::Boolean));
  EXPECT_NE(one, hash("a", "1"));
  EXPECT_NE(one, Record().hash());
}

TEST(RecordTest, TheLastValueOfANameCounts) {
  Record record;
  record.set("a", "text");
  record.set("a", 1, WordFormat::Signed);
  EXPECT_EQ(record.values(), (heddle::native::Values{{"a", "1"}}));
}

TEST(RecordTest, IsEmptyOnceCleared) {
  Record record;
  record.set("a", "text");
  EXPECT_FALSE(record.empty());
  record.clear();
  EXPECT_TRUE(record.empty());
  EXPECT_TRUE(record.values().empty());
}

}  // namespace
}  // namespace heddle::checker::native
