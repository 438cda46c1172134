// tests/oracle/searches.hpp - the searches that have to come to the same, and what they came to.
#pragma once

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

}  // namespace heddle::oracle
