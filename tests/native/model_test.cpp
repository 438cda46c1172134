// tests/native/model_test.cpp - what comes up natively is reachable in the model, for every scenario.

#include "checker/core/format.hpp"
#include "checker/native/comparison.hpp"
#include "tests/native/races.hpp"

#include <heddle/check.hpp>
#include <heddle/native.hpp>
#include <heddle/scenario.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

namespace heddle::test {
namespace {

using checker::native::compare;
using checker::native::Comparison;

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Scenario& scenario : scenarios()) all.push_back(scenario.name);
  return all;
}

class EveryScenario : public testing::TestWithParam<std::string> {
 protected:
  const Scenario& scenario() const { return *find_scenario(GetParam()); }
};

bool finds_race(const Result& result) {
  return std::any_of(result.defects.begin(), result.defects.end(),
                     [](const Defect& defect) { return defect.kind == DefectKind::DataRace; });
}

bool may_hang(const Result& result) {
  return std::any_of(result.defects.begin(), result.defects.end(), [](const Defect& defect) {
    return defect.kind == DefectKind::Deadlock || defect.kind == DefectKind::LostWakeup;
  });
}

TEST_P(EveryScenario, HasADataRaceIfTheTableSaysSo) {
  Options options;
  options.keep_going = true;
  EXPECT_EQ(finds_race(check(scenario(), Parameters(scenario().parameters), options)),
            racy_scenarios.contains(GetParam()));
}

// Orders weaker than seq_cst, and races, may come to what only a weaker model than sc reaches: those
// scenarios have to wait for one. That they are recognised is all that can be said.
TEST_P(EveryScenario, ComesNativelyToNothingThatTheModelDoesNotReach) {
  const Parameters parameters(scenario().parameters);
  const auto body = [&] { scenario().body(parameters); };
  const Result model = outcomes(body);
  ASSERT_TRUE(model.exhaustive) << model.reason;
  for (const native::Form form : {native::Form::Automatic, native::Form::Whole}) {
    native::Options options;
    options.form = form;
    options.runs = form == native::Form::Whole ? 200 : 20'000;
    options.time = std::chrono::milliseconds(500);
    options.unresponsive = std::chrono::seconds(may_hang(model) ? 2 : 60);
    const native::Result seen = native::run(body, options);
    const Comparison comparison = compare(seen, model, declared_outcomes(scenario(), parameters));
    if (comparison.weak) {
      EXPECT_TRUE(seen.weak_orders || racy_scenarios.contains(GetParam()));
      continue;
    }
    EXPECT_THAT(comparison.unreachable, testing::IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(, EveryScenario, testing::ValuesIn(names()), [](const auto& name) {
  std::string text = name.param;
  for (char& c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return text;
});

}  // namespace
}  // namespace heddle::test
