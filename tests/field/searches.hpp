// tests/field/searches.hpp - explores one program in every way that has to come to its verdict.
//
//     expect_verified([] { ... });                                     // every_search
//     expect_defect(DefectKind::DataRace, [] { ... }, each_class);     // of this kind and of no other
//     expect_outcomes({"r=0", "r=1"}, [] { ... }, {tso, rc11});
//
// What differs is told with the search, the reason, the defects and the outcomes.
#pragma once

#include "tests/verify/reading.hpp"

#include <heddle/check.hpp>
#include <heddle/location.hpp>
#include <heddle/thread.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <set>
#include <string>
#include <vector>

namespace heddle::tests {

using Texts = std::set<std::string>;

struct Search {
  const char* name;
  MemoryModel model;
  StrategyKind strategy;
};

inline constexpr Search sc{"sc", MemoryModel::Sc, StrategyKind::Optimal};
inline constexpr Search all{"sc, all interleavings", MemoryModel::Sc, StrategyKind::All};
inline constexpr Search graphs{"sc as graphs", MemoryModel::Sc, StrategyKind::Graphs};
inline constexpr Search tso{"tso", MemoryModel::Tso, StrategyKind::Graphs};
inline constexpr Search rc11{"rc11", MemoryModel::Rc11, StrategyKind::Graphs};

using Searches = std::vector<Search>;

inline const Searches every_search{sc, all, graphs, tso, rc11};
// Without all interleavings, of which larger programs have too many.
inline const Searches each_class{sc, graphs, tso, rc11};
inline const Searches under_sc{sc, graphs};
inline const Searches weak{tso, rc11};

// Everything there is, without time spent on better witnesses.
inline Options within(std::chrono::milliseconds time) {
  Options options = everything();
  options.time = time;
  return options;
}

// Nothing of what a program does may leave the checker as an exception.
inline Result explored(const Body& body, const Search& search,
                       Options options = within(std::chrono::seconds(10))) {
  options.model = search.model;
  options.strategy = search.strategy;
  try {
    return check(body, options);
  } catch (const std::exception& error) {
    ADD_FAILURE() << "an exception left the checker: " << error.what();
    return {};
  }
}

inline Texts kinds_of(const Result& result) {
  Texts kinds;
  for (const Defect& defect : result.defects) kinds.insert(std::string(to_string(defect.kind)));
  return kinds;
}

// What a reader needs to see why a verdict is not the expected one.
inline std::string told(const Result& result) {
  std::string text = summary(result);
  if (!result.reason.empty()) text += "because " + result.reason + "\n";
  for (const Defect& defect : result.defects) text += std::string(to_string(defect.kind)) + "\n";
  return text;
}

// Explores the body in each of these ways and lets `judge` look at what comes out.
template <class Judge>
void explore_each(const Searches& searches, const Body& body, location where, Judge judge,
                  const Options& options = within(std::chrono::seconds(10))) {
  for (const Search& search : searches) {
    const testing::ScopedTrace trace(where.file, where.line, search.name);
    judge(explored(body, search, options));
  }
}

inline void expect_verified(const Body& body, const Searches& searches = every_search,
                            location where = location::current()) {
  explore_each(searches, body, where, [](const Result& result) {
    EXPECT_EQ(result.verdict, Verdict::Verified) << told(result);
    EXPECT_GT(result.complete, 0u);
  });
}

// Verified, with these outcomes: "a=1 b=2".
inline void expect_outcomes(const Texts& outcomes, const Body& body, const Searches& searches = every_search,
                            location where = location::current()) {
  explore_each(searches, body, where, [&](const Result& result) {
    EXPECT_EQ(result.verdict, Verdict::Verified) << told(result);
    EXPECT_EQ(outcomes_of(result), outcomes);
  });
}

// Defects of these kinds and no others; each of them can be replayed.
inline void expect_defects(const std::set<DefectKind>& kinds, const Body& body,
                           const Searches& searches = every_search, location where = location::current()) {
  Texts expected;
  for (const DefectKind kind : kinds) expected.insert(std::string(to_string(kind)));
  for (const Search& search : searches) {
    const testing::ScopedTrace trace(where.file, where.line, search.name);
    const Result result = explored(body, search);
    EXPECT_EQ(result.verdict, Verdict::Defect) << told(result);
    EXPECT_EQ(kinds_of(result), expected) << told(result);
    Options options = everything(search.strategy);
    options.model = search.model;
    for (const Defect& defect : result.defects) {
      const Result replayed = replay(body, defect.witness.token, options);
      EXPECT_NE(defect_of(replayed, defect.kind), nullptr) << defect.message << "\n" << told(replayed);
    }
  }
}
inline void expect_defect(DefectKind kind, const Body& body, const Searches& searches = every_search,
                          location where = location::current()) {
  expect_defects({kind}, body, searches, where);
}

// A defect of this kind, whatever else follows from the same fault.
inline void expect_among_defects(DefectKind kind, const Body& body, const Searches& searches = every_search,
                                 location where = location::current()) {
  explore_each(searches, body, where, [&](const Result& result) {
    EXPECT_EQ(result.verdict, Verdict::Defect) << told(result);
    EXPECT_NE(defect_of(result, kind), nullptr) << told(result);
  });
}

// An expectation fails, under whatever name that is explained.
inline void expect_failed_expectation(const Body& body, const Searches& searches = every_search,
                                      location where = location::current()) {
  explore_each(searches, body, where, [](const Result& result) {
    EXPECT_EQ(result.verdict, Verdict::Defect) << told(result);
    bool failed = false;
    for (const Defect& defect : result.defects) failed = failed || defect.failed_expectation;
    EXPECT_TRUE(failed) << told(result);
  });
}

// A correct program for which a proof may be out of reach.
inline void expect_verified_or_inconclusive(const Body& body, const Searches& searches = each_class,
                                            std::chrono::milliseconds time = std::chrono::seconds(2),
                                            location where = location::current()) {
  const auto judge = [](const Result& result) {
    EXPECT_TRUE(result.verdict == Verdict::Verified || result.verdict == Verdict::Inconclusive)
        << told(result);
    EXPECT_EQ(result.exhaustive, result.verdict == Verdict::Verified);
    EXPECT_EQ(result.reason.empty(), result.verdict == Verdict::Verified);
  };
  explore_each(searches, body, where, judge, within(time));
}

// As expect_outcomes(), but where no proof is given some outcomes may be missing.
inline void expect_outcomes_or_inconclusive(const Texts& outcomes, const Body& body,
                                            const Searches& searches = each_class,
                                            location where = location::current()) {
  const auto judge = [&](const Result& result) {
    EXPECT_TRUE(result.verdict == Verdict::Verified || result.verdict == Verdict::Inconclusive)
        << told(result);
    if (result.verdict == Verdict::Verified) {
      EXPECT_EQ(outcomes_of(result), outcomes);
    }
    for (const std::string& outcome : outcomes_of(result)) EXPECT_TRUE(outcomes.contains(outcome)) << outcome;
  };
  explore_each(searches, body, where, judge, within(std::chrono::seconds(2)));
}

// A program whose fault a search may fail to reach, but which is no proof's to give.
inline void expect_no_proof(const Body& body, const Searches& searches = each_class,
                            location where = location::current()) {
  const auto judge = [](const Result& result) {
    EXPECT_NE(result.verdict, Verdict::Verified) << told(result);
  };
  explore_each(searches, body, where, judge, within(std::chrono::seconds(2)));
}

// A correct program that depends on what the checker may be unable to see: whatever is said, it is not
// accused.
inline void expect_no_accusation(const Body& body, const Searches& searches = each_class,
                                 location where = location::current()) {
  const auto judge = [](const Result& result) { EXPECT_NE(result.verdict, Verdict::Defect) << told(result); };
  explore_each(searches, body, where, judge, within(std::chrono::seconds(2)));
}

// `program()` makes a body that depends on something else than its steps, anew for each search.
template <class Program>
void expect_control_lost(Program program, const Searches& searches = each_class,
                         location where = location::current()) {
  for (const Search& search : searches) {
    const testing::ScopedTrace trace(where.file, where.line, search.name);
    const Result result = explored(program(), search);
    EXPECT_EQ(result.verdict, Verdict::ControlLost) << told(result);
    EXPECT_FALSE(result.reason.empty());
  }
}

// Runs `first` and `second` in threads of their own and waits for both.
template <class First, class Second>
void together(First first, Second second) {
  thread one(first);
  thread two(second);
  one.join();
  two.join();
}

}  // namespace heddle::tests
