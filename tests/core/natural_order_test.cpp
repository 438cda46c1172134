// tests/core/natural_order_test.cpp - 2 before 10.

#include "checker/core/natural_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace heddle::checker {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

TEST(NaturalOrderTest, IntegersAreOrderedByValue) {
  EXPECT_TRUE(natural_less(std::string_view("2"), std::string_view("10")));
  EXPECT_FALSE(natural_less(std::string_view("10"), std::string_view("2")));
  EXPECT_TRUE(natural_less(std::string_view("-10"), std::string_view("-2")));
  EXPECT_FALSE(natural_less(std::string_view("7"), std::string_view("7")));
}

TEST(NaturalOrderTest, IntegersComeBeforeText) {
  std::vector<std::string> all{"b", "10", "2x", "", "9", "a", "-1"};
  std::sort(all.begin(), all.end(), [](const std::string& a, const std::string& b) {
    return natural_less(std::string_view(a), std::string_view(b));
  });
  EXPECT_THAT(all, testing::ElementsAre("-1", "9", "10", "", "2x", "a", "b"));
}

TEST(NaturalOrderTest, IsAStrictWeakOrder) {
  const std::string all[] = {"",  "0",  "00", "1", "-1", "a", "A", "10", "9", "9a", "99999999999999999999",
                             "-", " 1", "1.5"};
  const auto less = [](const std::string& a, const std::string& b) {
    return natural_less(std::string_view(a), std::string_view(b));
  };
  for (const auto& a : all) {
    EXPECT_FALSE(less(a, a));
    for (const auto& b : all) {
      EXPECT_FALSE(less(a, b) && less(b, a)) << a << ", " << b;
      for (const auto& c : all) {
        EXPECT_TRUE(less(a, c) || !less(a, b) || !less(b, c)) << a << ", " << b << ", " << c;
        const bool equivalent = !less(a, b) && !less(b, a) && !less(b, c) && !less(c, b);
        EXPECT_FALSE(equivalent && (less(a, c) || less(c, a))) << a << ", " << b << ", " << c;
      }
    }
  }
}

TEST(NaturalOrderTest, OutcomesAreComparedNameByName) {
  EXPECT_TRUE(natural_less(Values{{"r1", "2"}}, Values{{"r1", "10"}}));
  EXPECT_TRUE(natural_less(Values{{"r1", "9"}}, Values{{"r2", "1"}}));
  EXPECT_TRUE(natural_less(Values{{"r1", "0"}, {"r2", "9"}}, Values{{"r1", "1"}, {"r2", "0"}}));
  EXPECT_TRUE(natural_less(Values{{"r1", "0"}}, Values{{"r1", "0"}, {"r2", "0"}}));
  EXPECT_FALSE(natural_less(Values{}, Values{}));
}

}  // namespace
}  // namespace heddle::checker
