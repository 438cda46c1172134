// heddle/gtest.hpp - explorations in GoogleTest: matchers for a Result, EXPECT_* in a scenario.
//
//     #include <heddle/gtest.hpp>
//     #include <heddle/mutex.hpp>
//     #include <heddle/thread.hpp>
//
//     TEST(CounterTest, CountsEveryRequest) {
//       const auto body = [] {
//         Counter counter;                              // built on heddle::mutex, heddle::var, ...
//         heddle::thread first([&] { counter.increment(); });
//         heddle::thread second([&] { counter.increment(); });
//         first.join();
//         second.join();
//         EXPECT_EQ(counter.get(), 2);                  // belongs to the execution it fails in
//       };
//       EXPECT_THAT(heddle::check(body), heddle::Verified());
//     }
//
// Link heddle::gtest. (A lambda may be written within EXPECT_THAT as well, but GoogleTest then prints all
// its source in a failure, with the macros expanded.)
//
// When a matcher fails, the message shows the defect as `heddle check` does: the threads in lanes, the
// reason and the token that replays it. It is kept under 60 lines; the whole trace and the other defects
// are in a file that it names, in $TEST_UNDECLARED_OUTPUTS_DIR or else testing::TempDir(), called
// heddle-PROGRAM-SUITE.TEST.txt; for the second exploration of a test heddle-PROGRAM-SUITE.TEST_2.txt, and
// so on. An earlier file of that name is replaced.
//
// Assertions in the body. A failed EXPECT_*, ASSERT_* or ADD_FAILURE in code that is being explored does not
// fail the test. It is a defect of that execution, DefectKind::Assertion with file, line and message, and it
// is for the matcher to say whether that is what the test wants. As with require(), a lost update that
// explains the failure is reported in its place, with the failure among its reasons; it counts as both kinds.
// An ASSERT_* returns from its function, as always; the threads go on. SUCCEED() does nothing. GTEST_SKIP()
// ends the exploration with Verdict::ControlLost: one execution cannot be skipped; skip the test before
// it explores, or leave executions out with assume(). Give values to the macros, count.load() rather than
// count: they read their arguments again to print them. SCOPED_TRACE, ASSERT_NO_FATAL_FAILURE and
// EXPECT_NONFATAL_FAILURE are kept by GoogleTest for each OS thread, and all threads of a scenario share
// one: do not let a visible operation happen within their scope.
//
// Properties of the test, in the XML and JSON of --gtest_output: heddle_verdict, heddle_executions,
// heddle_steps and, if there is a defect, heddle_token, of each exploration or replay; the second in one test
// is heddle_verdict_2 and so on.
//
// Thread-safety: as check() and GoogleTest; explore on one thread of a test at a time.
#pragma once

#include <heddle/check.hpp>

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace heddle {

// ---- matchers -------------------------------------------------------------------------------------------

using ResultMatcher = testing::Matcher<const Result&>;

// A proof: every execution explored, no defect. Not a search that a limit has ended, and not a body in
// which there was nothing to explore: no visible operation, or a single thread without choose().
ResultMatcher Verified();

// At least one of the defects, advisories included, is of this kind and, unless `object` is empty, about the
// variable or mutex of this name. For DefectKind::Assertion a lost update that made an expectation fail is
// one, too. A search that stops at the first defect may not come to this one: see Options::keep_going.
ResultMatcher Finds(DefectKind kind, std::string object = {});

// Names and values that executions record with outcome(): "r1=0 r2=1" as in the reports, or, for values
// that have blanks in them, {{"r1", "0"}, {"r2", "1"}}.
class Values {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  // Throws std::invalid_argument for a word without '='.
  Values(const char* text);         // NOLINT(google-explicit-constructor): stands for its text
  Values(const std::string& text);  // NOLINT(google-explicit-constructor): stands for its text
  Values(std::initializer_list<std::pair<std::string, std::string>> pairs);
  const Pairs& pairs() const noexcept { return pairs_; }  // sorted by name

 private:
  Pairs pairs_;
};

// Some execution ends with these values, whatever others it has recorded besides.
ResultMatcher Reaches(Values values);
// No execution does: matches exhaustive results only, unlike Not(Reaches(...)).
ResultMatcher NeverReaches(Values values);
// The outcomes are exactly these, with all their values, in any order. Matches exhaustive results only:
// explore with heddle::outcomes(), which does not stop at a defect.
ResultMatcher OutcomesAre(std::vector<Values> outcomes);

// What the scenario declares: its kind of defect is the first one reported or, where it declares none,
// Verified().
ResultMatcher AsDeclared(const Scenario& scenario);

// ---- registered scenarios -------------------------------------------------------------------------------

// Registers a test for each scenario of <heddle/scenario.hpp> that is linked in: the scenario
// "counter/locked" becomes the test "counter.locked", which explores it with its default parameters and
// expects AsDeclared(). Characters that GoogleTest has other uses for become '_'; scenarios without a group
// are in the suite "scenario". Call it once, between InitGoogleMock() and RUN_ALL_TESTS();
// gtest_discover_tests() of CMake then finds the tests.
//
//     int main(int argc, char** argv) {
//       testing::InitGoogleMock(&argc, argv);
//       heddle::register_scenario_tests();
//       return RUN_ALL_TESTS();
//     }
//
// Returns how many there are.
std::size_t register_scenario_tests(const Options& options = {});

// ---- a corpus of schedules ------------------------------------------------------------------------------

// Interleavings that once failed, replayed first: one execution each instead of a search. A corpus is a
// directory of *.json files as `heddle check --save` writes them (heddle.schedule/1 in docs/formats.md), kept
// with the sources:
//
//     TEST(Schedules, StayAsTheyAre) { EXPECT_GT(heddle::replay_corpus("schedules"), 0u); }
//
// Replays the files in the order of their names, each with the registered scenario and the parameters its
// token names. A file fails the test, with a message at its path,
//   - when its execution shows a defect, unless the scenario declares a defect: then it must show the kind of
//     defect that the file names;
//   - when its token no longer fits, because the program has changed;
//   - when it cannot be read, is no schedule, or names a scenario or parameter that does not exist.
// Each message says what to do. So does one for a directory that does not exist. The failures are non-fatal.
// Returns the number of files.
std::size_t replay_corpus(const std::string& directory, const Options& options = {});

// The same for a body of this test: replays the files whose token names `options.name`, and no others. None
// may show a defect. REQUIRES: options.name is not empty.
//
//     heddle::Options options;
//     options.name = "queue/two_producers";
//     heddle::replay_corpus("schedules", body, options);
//     EXPECT_THAT(heddle::check(body, options), heddle::Verified());
std::size_t replay_corpus(const std::string& directory, const std::function<void()>& body,
                          const Options& options);

// Writes the defect's witness into the directory, which is made if need be, and returns the path. Name and
// content depend on the defect alone. Throws std::invalid_argument when the defect has no token or its token
// no name (see Options::name), std::runtime_error when the file cannot be written.
std::string save_schedule(const std::string& directory, const Defect& defect);

// ---- how GoogleTest prints them -------------------------------------------------------------------------

void PrintTo(const Result& result, std::ostream* out);
void PrintTo(Verdict verdict, std::ostream* out);
void PrintTo(DefectKind kind, std::ostream* out);

namespace detail {

bool attend_explorations() noexcept;
// A program that includes this header anywhere has the adapter present in all its explorations.
inline const bool attended = attend_explorations();

}  // namespace detail

}  // namespace heddle
