// tests/oracle/searches.hpp - the searches that have to come to the same, and what they came to.
#pragma once

#include "tests/oracle/states.hpp"

#include <heddle/check.hpp>

#include <chrono>
#include <set>
#include <string>

namespace heddle::oracle {

struct Search {
  const char* name;
  StrategyKind strategy;
  MemoryModel model;
};
inline constexpr Search optimal{"optimal", StrategyKind::Optimal, MemoryModel::Sc};
inline constexpr Search sc_graphs{"graphs", StrategyKind::Graphs, MemoryModel::Sc};
inline constexpr Search tso{"tso", StrategyKind::Graphs, MemoryModel::Tso};
inline constexpr Search rc11{"rc11", StrategyKind::Graphs, MemoryModel::Rc11};

// Everything there is, in the least time.
inline Options options_of(const Search& search) {
  Options options;
  options.model = search.model;
  options.strategy = search.strategy;
  options.keep_going = true;
  options.minimize_executions = 0;
  options.unresponsive = std::chrono::milliseconds(0);  // no timer per program
  return options;
}

// Of programs that have one value as outcome.
inline std::set<std::string> outcomes_of(const Result& result) {
  std::set<std::string> all;
  for (const Outcome& outcome : result.outcomes) all.insert(outcome.values.front().second);
  return all;
}

// A line for each outcome of the first that is not one of the second.
inline std::string without(const std::set<std::string>& some, const std::set<std::string>& others,
                           const char* what) {
  std::string text;
  for (const std::string& outcome : some)
    if (!others.contains(outcome)) text += std::string(what) + " outcome: " + outcome + "\n";
  return text;
}

// How it differs from what can be reached. Defects of other kinds than those that `is_hang` names are none of
// the program; what is missing is told of a search that was exhaustive.
template <class IsHang>
std::string difference(const Result& result, const Reached& expected, IsHang is_hang) {
  std::string text;
  for (const Defect& defect : result.defects)
    if (!is_hang(defect.kind) || !expected.hangs)
      text += "not so: " + std::string(to_string(defect.kind)) + ": " + defect.message + "\n";
  const std::set<std::string> outcomes = outcomes_of(result);
  text += without(outcomes, expected.outcomes, "impossible");
  if (!result.exhaustive) return text;
  text += without(expected.outcomes, outcomes, "missing");
  if (expected.hangs && result.defects.empty()) text += "not told that it may hang\n";
  return text;
}

}  // namespace heddle::oracle
