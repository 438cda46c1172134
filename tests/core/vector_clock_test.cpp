// tests/core/vector_clock_test.cpp - rows of clocks that grow in both directions.

#include "checker/core/vector_clock.hpp"

#include <gtest/gtest.h>

namespace heddle::checker {
namespace {

TEST(VectorClockTest, IsEightThreadsWideUntilMoreAreNeeded) {
  ClockTable clocks;
  clocks.reserve(1, 7);
  EXPECT_EQ(clocks.width(), 8u);
  clocks.reserve(1, 15);
  EXPECT_EQ(clocks.width(), 16u);
  clocks.reserve(1, 16);
  EXPECT_EQ(clocks.width(), 24u);
  clocks.reserve(1, 63);
  EXPECT_EQ(clocks.width(), 64u);
  clocks.reserve(1, 0);
  EXPECT_EQ(clocks.width(), 64u);
}

TEST(VectorClockTest, KeepsItsRowsWhenItGrowsWider) {
  ClockTable clocks;
  constexpr EventIndex rows = 100;
  clocks.reserve(rows, 0);
  for (EventIndex row = 0; row < rows; ++row)
    for (unsigned t = 0; t < 8; ++t) clocks[row][t] = static_cast<ClockValue>(row * 8 + t);
  clocks.reserve(rows, 40);
  for (EventIndex row = 0; row < rows; ++row)
    for (unsigned t = 0; t < clocks.width(); ++t)
      ASSERT_EQ(clocks[row][t], t < 8 ? row * 8 + t : 0u) << "row " << row << ", thread " << t;
}

TEST(VectorClockTest, KeepsItsRowsWhenItGrowsLonger) {
  ClockTable clocks;
  clocks.reserve(1, 20);
  clocks.clear(clocks[0]);
  clocks[0][20] = 7;
  for (EventIndex rows = 2; rows < 1000; ++rows) clocks.reserve(rows, 3);
  EXPECT_EQ(clocks[0][20], 7u);
}

TEST(VectorClockTest, JoinTakesTheGreaterOfEachThread) {
  ClockTable clocks;
  clocks.reserve(2, 33);
  clocks.clear(clocks[0]);
  clocks.clear(clocks[1]);
  clocks[0][0] = 5;
  clocks[0][33] = 1;
  clocks[1][0] = 3;
  clocks[1][33] = 2;
  clocks[1][17] = 60'000;
  clocks.join(clocks[0], clocks[1]);
  EXPECT_EQ(clocks[0][0], 5u);
  EXPECT_EQ(clocks[0][33], 2u);
  EXPECT_EQ(clocks[0][17], 60'000u);
  EXPECT_EQ(clocks[0][1], 0u);
}

TEST(VectorClockTest, CopyAndClearAreAsWideAsTheTable) {
  ClockTable clocks;
  clocks.reserve(2, 63);
  clocks.clear(clocks[0]);
  clocks[0][63] = 9;
  clocks.copy(clocks[1], clocks[0]);
  EXPECT_EQ(clocks[1][63], 9u);
  clocks.clear(clocks[1]);
  EXPECT_EQ(clocks[1][63], 0u);
}

}  // namespace
}  // namespace heddle::checker
