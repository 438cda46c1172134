// tests/golden/kinds_test.cpp - the text report of every kind of defect and verdict, byte for byte.

#include "tests/report/kinds.hpp"
#include "checker/report/text.hpp"
#include "tests/golden/golden.hpp"

#include <heddle/check.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <regex>

namespace heddle::checker {
namespace {

struct KindCase {
  std::string name;
  Verdict verdict;
  std::vector<DefectKind> defects;
  Options options = {};
};

void PrintTo(const KindCase& each, std::ostream* out) { *out << each.name; }

Options with(void (*change)(Options&)) {
  Options options;
  options.keep_going = true;
  change(options);
  return options;
}

class KindTest : public testing::TestWithParam<KindCase> {
 protected:
  static Result explored(const KindCase& each) { return check(test::kind(each.name), {}, each.options); }
  static std::vector<DefectKind> kinds(const Result& result) {
    std::vector<DefectKind> all;
    for (const Defect& defect : result.defects) all.push_back(defect.kind);
    return all;
  }
};

TEST_P(KindTest, IsFoundAndReported) {
  const Result result = explored(GetParam());
  EXPECT_EQ(result.verdict, GetParam().verdict) << result.reason;
  EXPECT_EQ(kinds(result), GetParam().defects);
  SourceText source(HEDDLE_TEST_ROOT);
  const std::string text =
      check_text({test::kind(GetParam().name), {}, GetParam().options, result}, source, Style{});
  EXPECT_TRUE(test::matches_golden("kind_" + GetParam().name, text));
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos;
       begin = end + 1, end = text.find('\n', begin)) {
    const std::string line = text.substr(begin, end - begin);
    if (line.find("h1:") == std::string::npos) {
      EXPECT_LE(line.size(), 80u) << line;
    }
    EXPECT_FALSE(line.ends_with(' ')) << "'" << line << "'";
  }
}

TEST_P(KindTest, ReplaysToTheSameDefect) {
  if (GetParam().verdict == Verdict::ControlLost) return;  // there is nothing that could be repeated
  const Scenario scenario = test::kind(GetParam().name);
  for (const Defect& defect : explored(GetParam()).defects) {
    const Result again = replay([&] { scenario.body({}); }, defect.witness.token, GetParam().options);
    const auto same = std::find_if(again.defects.begin(), again.defects.end(), [&](const Defect& d) {
      return d.kind == defect.kind && d.message == defect.message;
    });
    ASSERT_NE(same, again.defects.end())
        << defect.witness.token << ": " << defect.message << "; " << again.reason;
    EXPECT_EQ(same->because, defect.because);
    EXPECT_EQ(same->witness.steps.size(), defect.witness.steps.size());
  }
}

TEST_P(KindTest, ReasonsNameStepsThatAreThere) {
  const std::regex told("step (\\d+): (\\S+) (\\S+)");
  for (const Defect& defect : explored(GetParam()).defects) {
    for (const std::string& reason : defect.because) {
      std::smatch match;
      if (!std::regex_search(reason, match, told)) continue;
      const auto number = static_cast<std::size_t>(std::stoul(match[1]));
      ASSERT_GE(defect.witness.steps.size(), number) << reason;
      const Step& step = defect.witness.steps[number - 1];
      EXPECT_EQ(step.thread + " " + step.operation, match[2].str() + " " + match[3].str()) << reason;
    }
  }
}

const auto as_it_is = with([](Options&) {});
const auto impatient = with([](Options& options) { options.unresponsive = std::chrono::milliseconds(50); });
const auto few_steps = with([](Options& options) { options.steps = 40; });
const auto one_execution = with([](Options& options) { options.executions = 1; });

INSTANTIATE_TEST_SUITE_P(
    All, KindTest,
    testing::Values(
        KindCase{"assertion", Verdict::Defect, {DefectKind::Assertion}, as_it_is},
        KindCase{"assertion_at_once", Verdict::Defect, {DefectKind::Assertion}, as_it_is},
        KindCase{"exception", Verdict::Defect, {DefectKind::Exception}, as_it_is},
        KindCase{"crash", Verdict::Defect, {DefectKind::Crash}, as_it_is},
        KindCase{"dropped_thread", Verdict::Defect, {DefectKind::Crash}, as_it_is},
        KindCase{"unlock_of_nobodys", Verdict::Defect, {DefectKind::MutexMisuse}, as_it_is},
        KindCase{"lock_twice", Verdict::Defect, {DefectKind::MutexMisuse}, as_it_is},
        KindCase{"destroyed_while_held", Verdict::Defect, {DefectKind::MutexMisuse}, as_it_is},
        KindCase{"step_limit", Verdict::Defect, {DefectKind::StepLimit}, few_steps},
        KindCase{"waiting_loop", Verdict::Inconclusive, {}, few_steps},
        KindCase{"endless_loop", Verdict::Defect, {DefectKind::Livelock}, impatient},
        KindCase{"opposite_order", Verdict::Inconclusive, {}, one_execution},
        KindCase{"livelock", Verdict::Defect, {DefectKind::Livelock}, as_it_is},
        KindCase{"leak", Verdict::Verified, {}, as_it_is},
        KindCase{"sleeping", Verdict::ControlLost, {}, impatient},
        KindCase{"forgetful_at_once", Verdict::ControlLost, {DefectKind::Nondeterminism}, as_it_is},
        KindCase{"forgetful_after_a_switch", Verdict::ControlLost, {DefectKind::Nondeterminism}, as_it_is},
        KindCase{"chosen", Verdict::Defect, {DefectKind::Assertion}, as_it_is},
        KindCase{"all_at_once", Verdict::Defect, {DefectKind::Exception}, as_it_is},
        KindCase{
            "nested_threads", Verdict::Defect, {DefectKind::LostUpdate, DefectKind::DataRace}, as_it_is}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace heddle::checker
