// tests/cli/json_test.cpp - the machine-readable output: every key with its type, and exact numbers.

#include "tests/cli/tool.hpp"

#include <gmock/gmock.h>

#include <map>
#include <regex>
#include <set>

namespace heddle::test {
namespace {

using Type = Json::value_t;

void expect_key(const Json& object, const std::string& key, std::initializer_list<Type> types) {
  ASSERT_TRUE(object.contains(key)) << key << " is missing in " << object.dump();
  const Type type = object.at(key).type();
  EXPECT_TRUE(std::find(types.begin(), types.end(), type) != types.end())
      << key << " is " << object.at(key).dump();
}

constexpr std::initializer_list<Type> text{Type::string};
constexpr std::initializer_list<Type> number{Type::number_unsigned, Type::number_integer};
constexpr std::initializer_list<Type> truth{Type::boolean};
constexpr std::initializer_list<Type> list{Type::array};
constexpr std::initializer_list<Type> object{Type::object};

const std::set<std::string> kinds{"assertion",    "lost-update",    "stale-read",    "data-race",
                                  "deadlock",     "lock-order",     "lost-wakeup",   "livelock",
                                  "mutex-misuse", "use-after-free", "leak",          "exception",
                                  "crash",        "step-limit",     "nondeterminism"};

void expect_step(const Json& step, std::size_t index) {
  expect_key(step, "index", number);
  EXPECT_EQ(step.at("index"), index);
  for (const char* const key : {"thread", "operation", "object", "value", "file"})
    expect_key(step, key, text);
  expect_key(step, "stale", truth);
  expect_key(step, "line", number);
  EXPECT_NE(step.at("thread"), "");
  EXPECT_FALSE(std::string(step.at("file")).starts_with('/')) << step.at("file");
}

void expect_defect(const Json& defect) {
  for (const char* const key : {"kind", "message", "object"}) expect_key(defect, key, text);
  EXPECT_TRUE(kinds.contains(defect.at("kind"))) << defect.at("kind");
  expect_key(defect, "executions", number);
  expect_key(defect, "because", list);
  expect_key(defect, "witness", object);
  const Json& witness = defect.at("witness");
  expect_key(witness, "token", text);
  expect_key(witness, "preemptions", number);
  expect_key(witness, "steps", list);
  for (std::size_t i = 0; i < witness.at("steps").size(); ++i) expect_step(witness.at("steps")[i], i);
}

void expect_result(const Json& report) {
  for (const char* const key : {"schema", "scenario", "model", "runtime", "verdict"})
    expect_key(report, key, text);
  expect_key(report, "parameters", object);
  expect_key(report, "exhaustive", truth);
  expect_key(report, "executions", object);
  for (const char* const key : {"complete", "blocked", "redundant"})
    expect_key(report.at("executions"), key, number);
  expect_key(report, "seconds", {Type::number_float});
  expect_key(report, "peak_rss_bytes", number);
  EXPECT_GT(report.at("peak_rss_bytes"), 100'000);
  expect_key(report, "defects", list);
  for (const Json& defect : report.at("defects")) expect_defect(defect);
  expect_key(report, "outcomes", list);
  for (const Json& outcome : report.at("outcomes")) {
    expect_key(outcome, "values", object);
    for (const auto& [name, value] : outcome.at("values").items()) EXPECT_TRUE(value.is_string()) << name;
    expect_key(outcome, "executions", number);
    expect_key(outcome, "token", text);
  }
}

TEST(JsonTest, CheckHasEveryKeyOfItsSchema) {
  for (const Json& report : json_lines(heddle({"check", "--all", "--keep-going", "--json"}).out)) {
    SCOPED_TRACE(report.at("scenario"));
    EXPECT_EQ(report.at("schema"), "heddle.check/1");
    expect_result(report);
    expect_key(report, "strategy", text);
    expect_key(report, "steps", number);
    EXPECT_EQ(report.at("model"), "sc");
    EXPECT_EQ(report.at("runtime"), "threads");
    EXPECT_TRUE(report.at("verdict") == "verified" || report.at("verdict") == "defect");
    EXPECT_EQ(report.at("exhaustive"), true);
  }
}

TEST(JsonTest, OutcomesHasTheKeysOfACheck) {
  const Json report = heddle_json({"outcomes", "counter/unlocked"});
  EXPECT_EQ(report.at("schema"), "heddle.outcomes/1");
  expect_result(report);
}

TEST(JsonTest, ReplayHasTheKeysOfACheckOfOneExecution) {
  const std::string token =
      heddle_json({"check", "counter/unlocked"}).at("defects")[0].at("witness").at("token");
  for (const char* const command : {"replay", "explain"}) {
    const Json report = heddle_json({command, token});
    EXPECT_EQ(report.at("schema"), "heddle.replay/1");
    expect_result(report);
    EXPECT_EQ(report.at("executions").at("complete"), 1);
    EXPECT_EQ(report.at("exhaustive"), false);
  }
}

TEST(JsonTest, ReasonsNameStepsAndTheirLines) {
  const std::regex told("step (\\d+) \\((\\S+):(\\d+)\\)");
  int checked = 0;
  for (const Json& report : json_lines(heddle({"check", "--all", "--json"}).out)) {
    for (const Json& defect : report.at("defects")) {
      for (const std::string reason : defect.at("because")) {
        for (std::sregex_iterator match(reason.begin(), reason.end(), told), end; match != end;
             ++match, ++checked) {
          const Json& step = defect.at("witness").at("steps").at(std::stoul((*match)[1]) - 1);
          EXPECT_THAT(std::string(step.at("file")), testing::EndsWith((*match)[2].str())) << reason;
          EXPECT_EQ(step.at("line"), std::stoi((*match)[3])) << reason;
        }
      }
    }
  }
  EXPECT_GT(checked, 15);
}

TEST(JsonTest, VerdictIsOneOfFour) {
  EXPECT_EQ(heddle_json({"check", "counter/locked"}).at("verdict"), "verified");
  EXPECT_EQ(heddle_json({"check", "counter/unlocked"}).at("verdict"), "defect");
  EXPECT_EQ(heddle_json({"check", "counter/locked", "--executions", "1"}).at("verdict"), "inconclusive");
  EXPECT_EQ(heddle_json({"replay", "h1:counter/locked:2-1:00000000"}).at("verdict"), "control-lost");
}

TEST(JsonTest, DeclaredKindComesFirst) {
  const std::vector<Json> declared = json_lines(heddle({"list", "--json"}).out);
  const std::vector<Json> reports = json_lines(heddle({"check", "--all", "--keep-going", "--json"}).out);
  ASSERT_EQ(declared.size(), reports.size());
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const bool verified = declared[i].at("declared") == "verified";
    EXPECT_EQ(reports[i].at("defects").empty(), verified) << reports[i].at("scenario");
    if (!verified) {
      EXPECT_EQ(reports[i].at("defects")[0].at("kind"), declared[i].at("declared"));
    }
  }
}

struct Count {
  int classes;        // --strategy optimal
  int interleavings;  // --strategy all
};

void PrintTo(const Count& count, std::ostream* out) {
  *out << count.classes << " of " << count.interleavings;
}

// Exact numbers: equivalence classes and interleavings of each scenario with its default parameters.
const std::map<std::string, Count> counts{
    {"counter/atomic", {2, 2}},
    {"counter/compare_exchange", {4, 6}},
    {"counter/locked", {2, 2}},
    {"counter/two_locks", {4, 70}},
    {"counter/unlocked", {4, 6}},
    {"deadlock/alien_method", {3, 10}},
    {"deadlock/alien_method_copied", {3, 11}},
    {"deadlock/common_order", {2, 2}},
    {"deadlock/gated", {2, 2}},
    {"deadlock/opposite_order", {3, 6}},
    {"deadlock/scoped_lock", {2, 2}},
    {"philosophers/naive", {7, 168}},
    {"philosophers/ordered", {6, 142}},
    {"visibility/get_count_locked", {6, 6}},
    {"visibility/get_count_unlocked", {6, 45}},
};

class CountTest : public testing::TestWithParam<std::pair<const std::string, Count>> {};

TEST_P(CountTest, OfCompleteExecutionsIsExact) {
  const auto& [name, expected] = GetParam();
  const Json optimal = heddle_json({"check", name, "--keep-going"}).at("executions");
  EXPECT_EQ(optimal.at("complete"), expected.classes);
  EXPECT_EQ(optimal.at("redundant"), 0);
  EXPECT_EQ(optimal.at("blocked"), 0);
  const Json all = heddle_json({"check", name, "--keep-going", "--strategy", "all"}).at("executions");
  EXPECT_EQ(all.at("complete"), expected.interleavings);
  EXPECT_EQ(all.at("redundant"), expected.interleavings - expected.classes)
      << "interleavings that are equivalent to an earlier one";
}

INSTANTIATE_TEST_SUITE_P(Scenarios, CountTest, testing::ValuesIn(counts), [](const auto& each) {
  std::string name = each.param.first;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
});

}  // namespace
}  // namespace heddle::test
