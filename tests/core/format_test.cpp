// tests/core/format_test.cpp - values as they are printed.

#include "checker/core/format.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace heddle::checker {
namespace {

template <class T>
std::string printed(T value) {
  return to_text(detail::to_word(value), detail::word_format<T>());
}

TEST(FormatTest, IntegersArePrintedInFullWidth) {
  EXPECT_EQ(printed(0), "0");
  EXPECT_EQ(printed(-1), "-1");
  EXPECT_EQ(printed(std::int8_t{-5}), "-5");
  EXPECT_EQ(printed(std::uint8_t{200}), "200");
  EXPECT_EQ(printed(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(printed(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(printed(4'000'000'000u), "4000000000");
}

TEST(FormatTest, TruthIsAWord) {
  EXPECT_EQ(printed(true), "true");
  EXPECT_EQ(printed(false), "false");
}

TEST(FormatTest, PrintableCharactersAreQuotedAndOthersAreNumbers) {
  EXPECT_EQ(printed('a'), "'a'");
  EXPECT_EQ(printed(' '), "' '");
  EXPECT_EQ(printed('~'), "'~'");
  EXPECT_EQ(printed('\n'), "10");
  EXPECT_EQ(printed('\x7f'), "127");
}

TEST(FormatTest, FloatingPointIsShort) {
  EXPECT_EQ(printed(1.5), "1.5");
  EXPECT_EQ(printed(0.1f), "0.1");
  EXPECT_EQ(printed(-2.0), "-2");
}

TEST(FormatTest, APointerIsNeverAnAddress) {
  int object = 0;
  EXPECT_EQ(printed(&object), "non-null");
  EXPECT_EQ(printed(static_cast<int*>(nullptr)), "null");
}

enum class Colour : std::uint8_t { Red, Green = 200 };
enum class Signed { Minus = -1, Two = 2 };
enum class Long : std::int64_t { Minus = -1 };

TEST(FormatTest, AnEnumerationIsPrintedAsItsNumber) {
  EXPECT_EQ(printed(Colour::Green), "200");
  EXPECT_EQ(printed(Signed::Two), "2");
  EXPECT_EQ(printed(Signed::Minus), "-1");
  EXPECT_EQ(printed(Long::Minus), "-1");
}

TEST(FormatTest, OtherTypesHaveNoPrintedForm) {
  struct Pair {
    int a, b;
  };
  EXPECT_EQ(printed(Pair{1, 2}), "");
}

TEST(FormatTest, AWordGivesBackTheValueItWasMadeFrom) {
  EXPECT_EQ(detail::from_word<int>(detail::to_word(-7)), -7);
  EXPECT_EQ(detail::from_word<double>(detail::to_word(0.1)), 0.1);
  EXPECT_EQ(detail::from_word<Signed>(detail::to_word(Signed::Minus)), Signed::Minus);
  EXPECT_EQ(detail::from_word<bool>(detail::to_word(true)), true);
  EXPECT_EQ(detail::from_word<const char*>(detail::to_word(static_cast<const char*>(nullptr))), nullptr);
}

}  // namespace
}  // namespace heddle::checker
