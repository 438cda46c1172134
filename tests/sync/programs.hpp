// tests/sync/programs.hpp - what a small program on one primitive does, in a form that is easy to compare.
#pragma once

#include "tests/explore/programs.hpp"
#include "tests/verify/reading.hpp"

#include <heddle/check.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace heddle::tests {

using Texts = std::set<std::string>;

// Explores everything in two ways, which have to agree, and returns the outcomes: "r=1". A deadlock, a
// misuse or whatever else is found stands among them as its kind.
inline Texts behaviour(const Body& body, Options options = everything()) {
  const auto found_by = [&](StrategyKind strategy) {
    options.strategy = strategy;
    options.keep_going = true;
    options.minimize_executions = 0;
    const Result result = check(body, options);
    Texts found = outcomes_of(result);
    for (const Defect& defect : result.defects) {
      found.insert(std::string(to_string(defect.kind)));
      const Result replayed = replay(body, defect.witness.token, options);
      EXPECT_NE(defect_of(replayed, defect.kind), nullptr) << defect.message << "\n"
                                                           << replayed.reason << summary(replayed);
    }
    if (result.verdict == Verdict::ControlLost) found.insert("control lost: " + result.reason);
    if (!result.exhaustive) found.insert("not exhaustive: " + result.reason);
    if (strategy == StrategyKind::Optimal) {
      EXPECT_EQ(result.redundant, 0u);
    }
    return found;
  };
  const Texts optimal = found_by(StrategyKind::Optimal);
  EXPECT_EQ(found_by(StrategyKind::All), optimal) << "all interleavings against one of each class";
  return optimal;
}

// The message of the only misuse, without its place.
inline std::string misuse(const Body& body) {
  const Result result = check(body, everything());
  const Defect* defect = defect_of(result, DefectKind::MutexMisuse);
  if (defect == nullptr) return "none\n" + summary(result);
  return defect->message.substr(0, defect->message.find(" ("));
}

// Number of classes.
inline std::uint64_t classes(const Body& body) { return check(body, everything()).complete; }

}  // namespace heddle::tests
