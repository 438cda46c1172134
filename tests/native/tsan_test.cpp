// tests/native/tsan_test.cpp - ThreadSanitizer's verdict on every scenario is that of our own race detector.
// Built with ThreadSanitizer only.

#include "tests/native/races.hpp"

#include <heddle/native.hpp>
#include <heddle/scenario.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

namespace heddle::test {
namespace {

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Scenario& scenario : scenarios())
    if (!seldom_meeting.contains(scenario.name)) all.push_back(scenario.name);
  return all;
}

class EveryScenario : public testing::TestWithParam<std::string> {};

// A race shows in nearly every run, or only when one thread is late: so there are many, in processes of their
// own as a deadlock ends one.
TEST_P(EveryScenario, IsRacyIfTheTableSaysSo) {
  const Scenario& scenario = *find_scenario(GetParam());
  const Parameters parameters(scenario.parameters);
  const bool racy = racy_scenarios.contains(GetParam());
  std::string report;
  for (int process = 0; process < (racy ? 40 : 2); ++process) {
    native::Options options;
    options.form = native::Form::Whole;
    options.runs = 100;
    options.time = std::chrono::seconds(5);
    options.unresponsive = std::chrono::milliseconds(2'000);
    const native::Result seen = native::run([&] { scenario.body(parameters); }, options);
    report = seen.output;
    if (report.find("WARNING: ThreadSanitizer: data race") != std::string::npos) break;
  }
  if (racy) {
    EXPECT_THAT(report, testing::HasSubstr("WARNING: ThreadSanitizer: data race"));
  } else {
    EXPECT_THAT(report, testing::Not(testing::HasSubstr("ThreadSanitizer: data race")));
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
