// tests/machine/lineage_test.cpp - names and numbers of threads and objects.

#include "checker/machine/lineage.hpp"

#include <gtest/gtest.h>

#include <set>

namespace heddle::checker {
namespace {

TEST(LineageTest, ThreadsAreCalledAfterThePathOfTheirStarts) {
  Lineage lineage;
  EXPECT_EQ(lineage.name(main_thread), "main");
  EXPECT_EQ(lineage.path(main_thread), "0");
  const ThreadIndex first = lineage.child(main_thread, 0);
  const ThreadIndex second = lineage.child(main_thread, 1);
  lineage.child(first, 0);
  const ThreadIndex nested = lineage.child(first, 1);
  const ThreadIndex deep = lineage.child(nested, 0);
  EXPECT_EQ(lineage.name(first), "T1");
  EXPECT_EQ(lineage.name(second), "T2");
  EXPECT_EQ(lineage.name(nested), "T1.2");
  EXPECT_EQ(lineage.name(deep), "T1.2.1");
  EXPECT_EQ(lineage.path(deep), "1.2.1");
}

TEST(LineageTest, AThreadKeepsItsNumberInWhateverOrderThreadsStart) {
  Lineage lineage;
  const ThreadIndex first = lineage.child(main_thread, 0);
  const ThreadIndex second = lineage.child(main_thread, 1);
  const ThreadIndex under_second = lineage.child(second, 0);
  const ThreadIndex under_first = lineage.child(first, 0);
  EXPECT_EQ(lineage.child(first, 0), under_first);
  EXPECT_EQ(lineage.child(second, 0), under_second);
  EXPECT_EQ(lineage.child(main_thread, 1), second);
  EXPECT_EQ(lineage.threads(), 5u);
}

TEST(LineageTest, AThreadIsFoundByItsPath) {
  Lineage lineage;
  const ThreadIndex first = lineage.child(main_thread, 0);
  const ThreadIndex nested = lineage.child(first, 0);
  EXPECT_EQ(lineage.find_path("0"), main_thread);
  EXPECT_EQ(lineage.find_path("1.1"), nested);
  EXPECT_EQ(lineage.find_path("1.2"), no_thread);
  EXPECT_EQ(lineage.find_path(""), no_thread);
}

TEST(LineageTest, ThereIsRoomForSixtyTwoThreadsBesideMain) {
  Lineage lineage;
  for (unsigned n = 0; n < 62; ++n) EXPECT_NE(lineage.child(main_thread, n), no_thread) << n;
  EXPECT_EQ(lineage.child(main_thread, 62), no_thread);
  EXPECT_EQ(lineage.child(1, 0), no_thread);
  EXPECT_EQ(lineage.child(main_thread, 5), 6u) << "those that are known are still known";
}

TEST(LineageTest, AnObjectIsNumberedByItsMakerAndItsPlaceAmongThose) {
  Lineage lineage;
  const ThreadIndex thread = lineage.child(main_thread, 0);
  const ObjectIndex a = lineage.object(main_thread, 0);
  const ObjectIndex b = lineage.object(thread, 0);
  const ObjectIndex c = lineage.object(main_thread, 1);
  const ObjectIndex outside = lineage.external_object();
  EXPECT_EQ(lineage.object(thread, 0), b);
  EXPECT_EQ(lineage.object(main_thread, 0), a);
  EXPECT_EQ(lineage.object(main_thread, 1), c);
  EXPECT_EQ((std::set<ObjectIndex>{a, b, c, outside}).size(), 4u);
}

}  // namespace
}  // namespace heddle::checker
