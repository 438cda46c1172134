// tests/core/trail_test.cpp - pushing, growing and cutting back.

#include "checker/core/trail.hpp"

#include <gtest/gtest.h>

namespace heddle::checker {
namespace {

TEST(TrailTest, KeepsItsValuesWhenItGrows) {
  Trail<unsigned> trail;
  for (unsigned i = 0; i < 1000; ++i) EXPECT_EQ(trail.push(i), i);
  ASSERT_EQ(trail.size(), 1000u);
  for (unsigned i = 0; i < 1000; ++i) ASSERT_EQ(trail[i], i);
}

TEST(TrailTest, MayBePushedOneOfItsOwnValues) {
  Trail<unsigned> trail;
  trail.push(7);
  while (trail.size() < 1000) trail.push(trail[0]);
  for (unsigned i = 0; i < 1000; ++i) ASSERT_EQ(trail[i], 7u);
}

TEST(TrailTest, IsCutBackToWhatItWas) {
  Trail<unsigned> trail;
  trail.push(1);
  trail.push(2);
  trail.push(3);
  trail.truncate(5);
  EXPECT_EQ(trail.back(), 3u);
  trail.truncate(1);
  EXPECT_EQ(trail.size(), 1u);
  EXPECT_EQ(trail.back(), 1u);
  trail.truncate(0);
  EXPECT_TRUE(trail.empty());
  EXPECT_EQ(trail.push(4), 4u);
}

}  // namespace
}  // namespace heddle::checker
