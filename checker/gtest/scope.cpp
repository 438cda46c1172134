#include "checker/gtest/scope.hpp"

#include "checker/machine/heap.hpp"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace heddle::checker {

namespace {

constexpr std::string_view verdict_key = "heddle_verdict";
constexpr std::string_view token_key = "heddle_token";

std::string numbered(unsigned number) { return number == 1 ? "" : "_" + std::to_string(number); }

const testing::TestResult* current_test() {
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  return test == nullptr ? nullptr : test->result();
}

// The value of a property of the running test, or null. GoogleTest keeps them in the order of their keys'
// first use.
const char* property(const testing::TestResult& test, const std::string& key) {
  for (int i = 0; i < test.test_property_count(); ++i)
    if (test.GetTestProperty(i).key() == key) return test.GetTestProperty(i).value();
  return nullptr;
}

void record(const Result& result) {
  const testing::TestResult* test = current_test();
  if (test == nullptr) return;
  unsigned number = 1;
  while (property(*test, std::string(verdict_key) + numbered(number)) != nullptr) ++number;
  const std::string suffix = numbered(number);
  testing::Test::RecordProperty(std::string(verdict_key) + suffix, std::string(to_string(result.verdict)));
  testing::Test::RecordProperty("heddle_executions" + suffix, std::to_string(result.complete));
  testing::Test::RecordProperty("heddle_steps" + suffix, std::to_string(result.steps));
  if (!result.defects.empty() && !result.defects.front().witness.token.empty())
    testing::Test::RecordProperty(std::string(token_key) + suffix, result.defects.front().witness.token);
}

// GoogleTest holds its lock while it reports, so nothing here may report in turn, nor let another thread of
// the scenario run.
class Reporter final : public testing::ScopedFakeTestPartResultReporter {
 public:
  Reporter() : ScopedFakeTestPartResultReporter(INTERCEPT_ONLY_CURRENT_THREAD, nullptr) {}

  void ReportTestPartResult(const testing::TestPartResult& part) override {
    const InChecker in_checker;
    if (part.passed()) return;
    if (!in_execution()) {  // a callback of the options
      if (part.failed()) outside_.push_back(part);
      return;
    }
    const char* file =
        part.file_name() == nullptr ? nullptr : files_.emplace(part.file_name()).first->c_str();
    if (part.skipped()) {
      control_lost(
          "GTEST_SKIP()" +
          (file == nullptr ? std::string()
                           : " at " + std::string(file) + ":" + std::to_string(part.line_number())) +
          " in a scenario: a single execution cannot be skipped. Skip the test before it explores, or "
          "leave executions out with heddle::assume().");
      return;
    }
    assertion_failed(one_line(part.message()), {file, part.line_number()});
  }

  std::vector<testing::TestPartResult> take_outside() { return std::exchange(outside_, {}); }

 private:
  std::set<std::string> files_;  // findings refer to these names
  std::vector<testing::TestPartResult> outside_;
};

// What GoogleTest makes when it is first needed has to outlive the execution that needs it.
void warm_up_googletest() {
  testing::internal::GetCurrentOsStackTraceExceptTop(testing::UnitTest::GetInstance(), 0);
  std::vector<std::unique_ptr<testing::ScopedTrace>> traces;
  for (unsigned nesting = 0; nesting < 64; ++nesting)
    traces.push_back(std::make_unique<testing::ScopedTrace>(nullptr, 0, ""));
  while (!traces.empty()) traces.pop_back();
}

class Scope final : public ExplorationScope {
 public:
  Scope() {
    warm_up_googletest();
    reporter_.emplace();
  }
  ~Scope() override { leave(); }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  void explored(const Result& result) override {
    leave();
    record(result);
  }

 private:
  // What failed outside the executions is GoogleTest's after all.
  void leave() {
    if (!reporter_) return;
    const std::vector<testing::TestPartResult> outside = reporter_->take_outside();
    reporter_.reset();
    for (const testing::TestPartResult& part : outside)
      ADD_FAILURE_AT(part.file_name() == nullptr ? "unknown file" : part.file_name(), part.line_number())
          << part.message();
  }

  std::optional<Reporter> reporter_;
};

}  // namespace

std::unique_ptr<ExplorationScope> enter_googletest() { return std::make_unique<Scope>(); }

std::string one_line(std::string_view message) {
  constexpr std::string_view which_is = "Which is: ";
  std::string text;
  while (!message.empty()) {
    const std::size_t end = std::min(message.find('\n'), message.size());
    std::string_view line = message.substr(0, end);
    message.remove_prefix(std::min(end + 1, message.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (line.empty()) continue;
    if (line.starts_with(which_is)) {
      text += " = ";
      line.remove_prefix(which_is.size());
    } else if (!text.empty()) {
      text += text.back() == ':' ? " " : ", ";
    }
    text += line;
  }
  return text.empty() ? "a failure without a message" : text;
}

std::string suffix_of(const std::string& token) {
  const testing::TestResult* test = current_test();
  if (test == nullptr) return {};
  for (int i = 0; i < test->test_property_count(); ++i) {
    const testing::TestProperty& each = test->GetTestProperty(i);
    if (std::string_view(each.key()).starts_with(token_key) && each.value() == token)
      return std::string(each.key()).substr(token_key.size());
  }
  return {};
}

}  // namespace heddle::checker

namespace heddle::detail {

bool attend_explorations() noexcept;

bool attend_explorations() noexcept {
  on_exploration(checker::enter_googletest);
  return true;
}

}  // namespace heddle::detail
