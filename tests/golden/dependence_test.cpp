// tests/golden/dependence_test.cpp - the table that everything the searches prune rests on.

#include "checker/core/dependence.hpp"
#include "tests/golden/golden.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace heddle::checker {
namespace {

struct Row {
  OperationKind kind;
  bool succeeded;
};

bool may_fail(OperationKind kind) { return access_of(kind, true) != access_of(kind, false); }

std::vector<Row> rows() {
  std::vector<Row> all;
  for (unsigned kind = 0; kind < operation_kinds; ++kind) {
    all.push_back({static_cast<OperationKind>(kind), true});
    if (may_fail(all.back().kind)) all.push_back({all.back().kind, false});
  }
  return all;
}

std::string name(Row row) {
  if (row.kind == OperationKind::LockAll) return "lock of several";
  if (row.kind == OperationKind::WakeUpOrTimeOut) return "wake-up or time-out";
  return std::string(to_string(row.kind)) + (row.succeeded ? "" : " that fails");
}

// a to z, then A to Z.
char letter(std::size_t index) { return static_cast<char>(index < 26 ? 'a' + index : 'A' + (index - 26)); }

std::string table() {
  const std::vector<Row> all = rows();
  std::ostringstream out;
  out << "Two operations of different threads on the same object: x where the order matters.\n\n"
      << std::string(29, ' ');
  for (std::size_t column = 0; column < all.size(); ++column) out << ' ' << letter(column);
  out << '\n';
  for (std::size_t row = 0; row < all.size(); ++row) {
    const std::string text = name(all[row]);
    out << letter(row) << ' ' << text << std::string(27 - text.size(), ' ');
    for (const Row column : all)
      out << ' ' << (dependent(all[row].kind, all[row].succeeded, column.kind, column.succeeded) ? 'x' : '.');
    out << '\n';
  }
  return out.str();
}

TEST(DependenceTest, TableOfAllOperationsIsTheGoldenOne) {
  EXPECT_TRUE(test::matches_golden("dependence", table()));
}

TEST(DependenceTest, IsSymmetric) {
  for (const Row a : rows())
    for (const Row b : rows())
      EXPECT_EQ(dependent(a.kind, a.succeeded, b.kind, b.succeeded),
                dependent(b.kind, b.succeeded, a.kind, a.succeeded))
          << name(a) << ", " << name(b);
}

TEST(DependenceTest, WhatFailsOnlyReads) {
  for (const Row row : rows())
    EXPECT_TRUE(row.succeeded || access_of(row.kind, false) == AccessKind::Read) << name(row);
}

TEST(DependenceTest, LocalOperationsDependOnNothing) {
  for (const Row a : rows())
    for (const Row b : rows())
      EXPECT_FALSE(is_local(a.kind) && dependent(a.kind, a.succeeded, b.kind, b.succeeded))
          << name(a) << ", " << name(b);
}

TEST(DependenceTest, TwoReadsMayBeSwappedAndNothingElseOnOneObject) {
  EXPECT_FALSE(conflicting(AccessKind::Read, AccessKind::Read));
  EXPECT_TRUE(conflicting(AccessKind::Read, AccessKind::Write));
  EXPECT_TRUE(conflicting(AccessKind::Write, AccessKind::Write));
  EXPECT_FALSE(conflicting(AccessKind::None, AccessKind::Write));
}

}  // namespace
}  // namespace heddle::checker
