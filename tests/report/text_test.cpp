// tests/report/text_test.cpp - the text reports of every kind of defect and verdict, byte for byte.

#include "checker/report/text.hpp"
#include "tests/golden/golden.hpp"
#include "tests/report/kinds.hpp"

#include <heddle/check.hpp>

#include <gmock/gmock.h>

#include <regex>

namespace heddle::checker {
namespace {

using testing::HasSubstr;
using testing::Not;

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
        KindCase{"waiting_loop", Verdict::Defect, {DefectKind::StepLimit}, few_steps},
        KindCase{"livelock", Verdict::Defect, {DefectKind::Livelock}, few_steps},
        KindCase{"endless_loop", Verdict::Defect, {DefectKind::Livelock}, impatient},
        KindCase{"opposite_order", Verdict::Inconclusive, {}, one_execution},
        KindCase{"sleeping", Verdict::ControlLost, {}, impatient},
        KindCase{"forgetful_at_once", Verdict::ControlLost, {DefectKind::Nondeterminism}, as_it_is},
        KindCase{"forgetful_after_a_switch", Verdict::ControlLost, {DefectKind::Nondeterminism}, as_it_is},
        KindCase{"chosen", Verdict::Defect, {DefectKind::Assertion}, as_it_is},
        KindCase{"all_at_once", Verdict::Defect, {DefectKind::Exception}, as_it_is},
        KindCase{
            "nested_threads", Verdict::Defect, {DefectKind::LostUpdate, DefectKind::DataRace}, as_it_is}),
    [](const auto& each) { return each.param.name; });

TEST(AdvisoryTest, NamesBothPlacesOfBothThreadsAndDoesNotChangeTheVerdict) {
  const Scenario scenario = test::kind("opposite_order");
  const Result result = check(scenario, {}, one_execution);
  ASSERT_EQ(result.advisories.size(), 1u);
  EXPECT_TRUE(result.defects.empty());
  SourceText source(HEDDLE_TEST_ROOT);
  const std::string text = check_text({scenario, {}, one_execution, result}, source, Style{});
  EXPECT_THAT(text, HasSubstr("advisory"));
  EXPECT_THAT(text, HasSubstr("T1 takes b"));
  EXPECT_THAT(text, HasSubstr("T2 takes a"));
}

TEST(PlaceTest, MutexMisuseNamesTheLineThatMisuses) {
  const Result result = check(test::kind("lock_twice"), {}, as_it_is);
  ASSERT_EQ(result.defects.size(), 1u);
  std::string told = result.defects[0].message;
  for (const std::string& reason : result.defects[0].because) told += " " + reason;
  EXPECT_THAT(told, HasSubstr("kinds.cpp:77")) << "the second lock";
}

TEST(PlaceTest, LossOfControlNamesItsPlace) {
  EXPECT_THAT(check(test::kind("sleeping"), {}, impatient).reason, HasSubstr("kinds.cpp:"));
  EXPECT_THAT(check(test::kind("forgetful_at_once"), {}, as_it_is).reason, HasSubstr("kinds.cpp:"));
}

// ---- verdict sentences ------------------------------------------------------------------------------

struct Sentence {
  Scenario scenario = test::kind("assertion");
  Parameters parameters;
  Options options;
  Result result;
  std::string text() const {
    return verdict_text({scenario, parameters, options, result}, Style{.width = 1'000});
  }
};

TEST(VerdictTextTest, VerifiedSaysThatTheSearchIsExhaustive) {
  Sentence sentence;
  sentence.result = {.verdict = Verdict::Verified, .exhaustive = true, .complete = 14};
  EXPECT_THAT(sentence.text(), testing::AllOf(testing::StartsWith("verified: no defect"),
                                              HasSubstr("14 executions"), HasSubstr("exhaustive")));
}

TEST(VerdictTextTest, OneExecutionIsSingular) {
  Sentence sentence;
  sentence.result = {.verdict = Verdict::Verified, .exhaustive = true, .complete = 1};
  EXPECT_THAT(sentence.text(), testing::AllOf(HasSubstr("1 execution"), Not(HasSubstr("1 executions"))));
}

TEST(VerdictTextTest, InconclusiveNamesStrategySeedAndReason) {
  Sentence sentence;
  sentence.options.strategy = StrategyKind::Pct;
  sentence.options.seed = 42;
  sentence.result = {
      .verdict = Verdict::Inconclusive, .reason = "the time limit was reached", .complete = 10'000};
  EXPECT_THAT(sentence.text(),
              testing::AllOf(HasSubstr("inconclusive"), HasSubstr("pct"), HasSubstr("seed 42"),
                             HasSubstr("NOT exhaustive"), HasSubstr("time limit")));
}

TEST(VerdictTextTest, ExecutionsThatWereAbandonedAreTold) {
  Sentence sentence;
  sentence.result = {.verdict = Verdict::Verified, .exhaustive = true, .complete = 3, .blocked = 2};
  EXPECT_THAT(sentence.text(), HasSubstr("2 abandoned"));
}

TEST(VerdictTextTest, ControlLostGivesTheReason) {
  Sentence sentence;
  sentence.result = {.verdict = Verdict::ControlLost, .reason = "T1 sleeps. Use heddle::yield."};
  EXPECT_EQ(sentence.text(), "control-lost: T1 sleeps. Use heddle::yield.\n");
}

}  // namespace
}  // namespace heddle::checker
