// tests/verify/reading.hpp - short forms for what the tests ask and read.
#pragma once

#include <heddle/check.hpp>

#include <algorithm>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>

namespace heddle {

// For GoogleTest's messages.
inline void PrintTo(DefectKind kind, std::ostream* out) { *out << to_string(kind); }
inline void PrintTo(Verdict verdict, std::ostream* out) { *out << to_string(verdict); }

namespace tests {

using Body = std::function<void()>;

// Everything there is, without time spent on better witnesses.
inline Options everything(StrategyKind strategy = StrategyKind::Optimal) {
  Options options;
  options.strategy = strategy;
  options.keep_going = true;
  options.minimize_executions = 0;
  return options;
}

// "count=2" or "r1=0 r2=1".
inline std::string written(const Outcome& outcome) {
  std::string text;
  for (const auto& [name, value] : outcome.values) text += (text.empty() ? "" : " ") + name + "=" + value;
  return text;
}

inline std::set<std::string> outcomes_of(const Result& result) {
  std::set<std::string> all;
  for (const Outcome& outcome : result.outcomes) all.insert(written(outcome));
  return all;
}

// The first defect of this kind, or null.
inline const Defect* defect_of(const Result& result, DefectKind kind) {
  const auto found = std::find_if(result.defects.begin(), result.defects.end(),
                                  [&](const Defect& d) { return d.kind == kind; });
  return found == result.defects.end() ? nullptr : &*found;
}

inline std::string because(const Defect& defect) {
  std::string text;
  for (const std::string& sentence : defect.because) text += sentence + "\n";
  return text;
}

// "T1 read count 0"
inline std::string written(const Step& step) {
  std::string text = step.thread + " " + step.operation;
  if (!step.object.empty()) text += " " + step.object;
  if (!step.value.empty()) text += " " + step.value;
  return text;
}

inline std::vector<std::string> steps_of(const Witness& witness) {
  std::vector<std::string> all;
  for (const Step& step : witness.steps) all.push_back(written(step));
  return all;
}

// The whole execution that shows an outcome which outcomes() has found.
inline Witness execution_of(const Body& body, const Outcome& outcome) {
  const Result replayed = replay(body, outcome.witness.token);
  return replayed.outcomes.empty() ? Witness() : replayed.outcomes.front().witness;
}

// The same of a program with only one outcome.
inline Witness execution_of(const Body& body) {
  const Result result = outcomes(body);
  return result.outcomes.size() == 1 ? execution_of(body, result.outcomes.front()) : Witness();
}

// All a reader sees of a result, to compare two.
inline std::string summary(const Result& result) {
  std::string text = std::string(to_string(result.verdict)) + " " + std::to_string(result.complete) +
                     " complete, " + std::to_string(result.blocked) + " blocked, " +
                     std::to_string(result.steps) + " steps\n";
  for (const Outcome& outcome : result.outcomes)
    text += written(outcome) + ": " + std::to_string(outcome.executions) + "\n";
  for (const Defect& defect : result.defects)
    text += defect.message + " in " + std::to_string(defect.executions) + ", " + defect.witness.token + "\n";
  return text;
}

}  // namespace tests
}  // namespace heddle
