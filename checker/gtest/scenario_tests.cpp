// checker/gtest/scenario_tests.cpp - a GoogleTest test for each registered scenario.

#include <heddle/gtest.hpp>

#include <cctype>
#include <set>

namespace heddle {

namespace {

class ScenarioTest final : public testing::Test {
 public:
  ScenarioTest(std::string name, Options options) : name_(std::move(name)), options_(std::move(options)) {}

 private:
  void TestBody() override {
    const Scenario& scenario = *find_scenario(name_);
    const Result result = check(scenario, Parameters(scenario.parameters), options_);
    const ResultMatcher declared = AsDeclared(scenario);
    testing::StringMatchResultListener listener;
    if (declared.MatchAndExplain(result, &listener)) return;
    ADD_FAILURE_AT(scenario.where.file, scenario.where.line)
        << "Scenario: " << name_ << "\nExpected: " << testing::DescribeMatcher<const Result&>(declared)
        << "\n  Actual: " << testing::PrintToString(result) << ", " << listener.str();
  }

  std::string name_;
  Options options_;
};

// In a filter, which is how a discovered test is run, '-', ':', '*' and '?' mean something.
std::string identifier(std::string text) {
  for (char& c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return text;
}

}  // namespace

std::size_t register_scenario_tests(const Options& options) {
  std::set<std::string> taken;
  for (const Scenario& scenario : scenarios()) {
    const std::size_t slash = scenario.name.find('/');
    const bool grouped = slash != std::string::npos;
    const std::string suite = grouped ? identifier(scenario.name.substr(0, slash)) : "scenario";
    std::string name = identifier(grouped ? scenario.name.substr(slash + 1) : scenario.name);
    while (!taken.insert(suite + "." + name).second) name += '_';
    // As testing::Test, so that the suite may have tests made by TEST() as well.
    testing::RegisterTest(
        suite.c_str(), name.c_str(), nullptr, nullptr, scenario.where.file, scenario.where.line,
        [full = scenario.name, options]() -> testing::Test* { return new ScenarioTest(full, options); });
  }
  return taken.size();
}

}  // namespace heddle
