// tests/verify/witness_test.cpp - the least execution that shows a defect, told step by step.

#include "tests/explore/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

namespace heddle {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using tests::Body;
using tests::defect_of;
using tests::everything;
using tests::Program;
using tests::run_threads;

// ---- the fewest preemptions -------------------------------------------------------------------------

std::vector<Program> faulty_programs() {
  std::vector<Program> all{
      {"two increments", tests::racy_increments(2, 1)},
      {"three increments", tests::racy_increments(3, 1)},
      {"opposite order", tests::opposite_order()},
      {"philosophers",
       [] {
         mutex a{"a"}, b{"b"}, c{"c"};
         const auto eat = [](mutex& left, mutex& right) {
           const lock_guard hold_left(left);
           const lock_guard hold_right(right);
         };
         run_threads({[&] { eat(a, b); }, [&] { eat(b, c); }, [&] { eat(c, a); }});
       }},
      {"the least final value",
       [] {
         atomic<int> count{0, "count"};
         const auto work = [&] {
           for (int i = 0; i < 3; ++i) count.store(count.load() + 1);
         };
         run_threads({work, work});
         require_ne(count, 2);
       }},
      {"no preemption at all",
       [] {
         atomic<int> x{0, "x"};
         run_threads({[&] { x.store(1); }, [&] { x.store(2); }});
         require_ne(x, 1);
       }},
      {"in the middle of three writes",
       [] {
         atomic<int> x{0, "x"};
         run_threads({[&] {
                        x.store(1);
                        x.store(2);
                        x.store(3);
                      },
                      [&] { require_ne(x, 2); }});
       }},
      {"two windows",
       [] {
         atomic<int> x{0, "x"}, y{0, "y"};
         run_threads({[&] {
                        x.store(1);
                        x.store(0);
                        y.store(1);
                        y.store(0);
                      },
                      [&] {
                        const int first = x.load();
                        const int second = y.load();
                        require(first == 0 || second == 0);
                      }});
       }},
      {"behind a choice",
       [] {
         atomic<int> x{0, "x"};
         run_threads({[&] {
                        if (choose(3) == 2) {
                          x.store(1);
                          x.store(2);
                        }
                      },
                      [&] { require_ne(x, 1); }});
       }},
      {"an exception in a window",
       [] {
         atomic<int> x{0, "x"};
         run_threads({[&] {
                        x.store(1);
                        x.store(0);
                      },
                      [&] {
                        if (x.load() == 1) throw 1;
                      }});
       }},
      {"a misuse in a window",
       [] {
         mutex guard{"guard"};
         run_threads({[&] { const lock_guard hold(guard); },
                      [&] {
                        if (!guard.try_lock()) guard.unlock();
                        else guard.unlock();
                      }});
       }},
      {"check and act",
       [] {
         var<bool> taken{false, "taken"};
         mutex guard{"guard"};
         atomic<int> inside{0, "inside"};
         const auto enter = [&] {
           guard.lock();
           const bool free = !taken.load();
           guard.unlock();
           if (!free) return;
           guard.lock();
           taken = true;
           guard.unlock();
           require_eq(inside.fetch_add(1), 0);
           inside.fetch_sub(1);
         };
         run_threads({enter, enter});
       }},
      {"a deadlock behind a lost race",
       [] {
         mutex a{"a"}, b{"b"};
         atomic<int> first{0, "first"};
         const auto both = [](mutex& one, mutex& other) {
           const lock_guard hold(one);
           const lock_guard hold_other(other);
         };
         run_threads({[&] {
                        int none = 0;
                        if (first.compare_exchange_strong(none, 1)) both(a, b);
                        else both(b, a);
                      },
                      [&] {
                        int none = 0;
                        if (first.compare_exchange_strong(none, 2)) both(a, b);
                        else both(b, a);
                      }});
       }},
  };
  return all;
}

// The least bound under which the search by preemptions meets this defect.
std::optional<unsigned> fewest_by_brute_force(const Body& body, const Defect& wanted) {
  for (int bound = 0; bound < 12; ++bound) {
    Options options = everything(StrategyKind::Preemptions);
    options.preemptions = bound;
    for (const Defect& defect : check(body, options).defects) {
      const bool same = defect.kind == wanted.kind && defect.object == wanted.object &&
                        (defect.kind == DefectKind::LostUpdate || defect.kind == DefectKind::DataRace ||
                         defect.message == wanted.message);
      if (same) return bound;
    }
  }
  return std::nullopt;
}

class WitnessOf : public testing::TestWithParam<Program> {};

TEST_P(WitnessOf, HasTheFewestPreemptionsOfAll) {
  for (const StrategyKind strategy : {StrategyKind::Optimal, StrategyKind::All, StrategyKind::Random}) {
    SCOPED_TRACE("strategy " + std::to_string(static_cast<int>(strategy)));
    Options options;
    options.strategy = strategy;
    options.keep_going = true;
    options.executions = strategy == StrategyKind::Random ? 1'000 : 0;
    const Result result = check(GetParam().body, options);
    ASSERT_EQ(result.verdict, Verdict::Defect);
    for (const Defect& defect : result.defects) {
      EXPECT_TRUE(defect.witness.fewest) << defect.message;
      EXPECT_EQ(std::optional(defect.witness.preemptions), fewest_by_brute_force(GetParam().body, defect))
          << defect.message;
    }
  }
}

TEST_P(WitnessOf, IsMinimisedWhenTheSearchStopsAtTheFirstDefectAsWell) {
  const Result result = check(GetParam().body);
  ASSERT_FALSE(result.defects.empty());
  EXPECT_EQ(std::optional(result.defects.front().witness.preemptions),
            fewest_by_brute_force(GetParam().body, result.defects.front()));
}

TEST_P(WitnessOf, MarksItsPreemptions) {
  for (const Defect& defect : check(GetParam().body).defects) {
    unsigned marked = 0;
    for (const Step& step : defect.witness.steps) marked += step.preempted ? 1 : 0;
    EXPECT_EQ(marked, defect.witness.preemptions) << defect.message;
  }
}

TEST_P(WitnessOf, IsShownAgainStepByStepByAReplay) {
  for (const Defect& defect : check(GetParam().body).defects) {
    const Result replayed = replay(GetParam().body, defect.witness.token);
    const auto same = std::find_if(replayed.defects.begin(), replayed.defects.end(),
                                   [&](const Defect& d) { return d.message == defect.message; });
    ASSERT_NE(same, replayed.defects.end()) << defect.message;
    const Witness& again = same->witness;
    EXPECT_EQ(again.token, defect.witness.token);
    EXPECT_EQ(again.preemptions, defect.witness.preemptions);
    EXPECT_EQ(again.threads, defect.witness.threads);
    ASSERT_EQ(again.steps.size(), defect.witness.steps.size());
    for (std::size_t i = 0; i < again.steps.size(); ++i) {
      const Step& a = again.steps[i];
      const Step& b = defect.witness.steps[i];
      EXPECT_EQ(tests::written(a), tests::written(b));
      EXPECT_EQ(a.index, i);
      EXPECT_EQ(a.file, b.file);
      EXPECT_EQ(a.line, b.line);
      EXPECT_EQ(a.reads_from, b.reads_from);
      EXPECT_EQ(a.preempted, b.preempted);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, WitnessOf, testing::ValuesIn(faulty_programs()),
                         [](const auto& program) { return tests::identifier(program.param); });

TEST(WitnessTest, WithoutABudgetItIsNotCalledTheFewest) {
  Options options;
  options.minimize_executions = 0;
  const Result result = check(tests::racy_increments(2, 1), options);
  const Defect* defect = defect_of(result, DefectKind::LostUpdate);
  ASSERT_NE(defect, nullptr);
  EXPECT_FALSE(defect->witness.fewest);
  EXPECT_GE(defect->witness.preemptions, 1u);
}

// ---- steps ------------------------------------------------------------------------------------------

TEST(WitnessTest, StepsHaveTheFileAndLineThatTheUserWrote) {
  int increment = 0, guard_line = 0, load_line = 0, assign = 0, unlock_line = 0, fetch = 0, exchange = 0,
      compare = 0, add = 0, required = 0, recorded = 0;
  const Witness witness = tests::execution_of([&] {
    var<int> count{0, "count"};
    atomic<int> ticket{0, "ticket"};
    mutex guard{"guard"};
    thread worker([&] {
      guard_line = __LINE__ + 1;
      const lock_guard hold(guard);
      increment = __LINE__ + 1;
      ++count;
      load_line = __LINE__ + 1;
      count.load();
      assign = __LINE__ + 1;
      count = 7;
      add = __LINE__ + 1;
      count += 2;
    });
    worker.join();
    unlock_line = __LINE__ + 1;
    guard.lock();
    guard.unlock();
    fetch = __LINE__ + 1;
    ticket.fetch_add(1);
    exchange = __LINE__ + 1;
    ticket.exchange(5);
    int expected = 4;
    compare = __LINE__ + 1;
    ticket.compare_exchange_strong(expected, 6);
    required = __LINE__ + 1;
    require_eq(count, 9);
    recorded = __LINE__ + 1;
    outcome("ticket", ticket);
  });
  std::vector<std::pair<std::string, int>> seen;
  for (const Step& step : witness.steps) {
    EXPECT_THAT(step.file, EndsWith("verify/witness_test.cpp")) << tests::written(step);
    seen.emplace_back(tests::written(step), step.line);
  }
  const std::vector<std::pair<std::string, int>> expected{
      {"T1 lock guard", guard_line},
      {"T1 read count 0", increment},
      {"T1 write count 0 -> 1", increment},
      {"T1 read count 1", load_line},
      {"T1 write count 1 -> 7", assign},
      {"T1 read count 7", add},
      {"T1 write count 7 -> 9", add},
      {"T1 unlock guard", guard_line},
      {"main lock guard", unlock_line},
      {"main unlock guard", unlock_line + 1},
      {"main read-modify-write ticket 0 -> 1", fetch},
      {"main read-modify-write ticket 1 -> 5", exchange},
      {"main compare-exchange ticket failed: 5, expected 4", compare},
      {"main read count 9", required},
      {"main read ticket 5", recorded},
  };
  EXPECT_EQ(seen, expected);
}

TEST(WitnessTest, AReadKnowsTheStepThatWroteWhatItRead) {
  const Witness witness = tests::execution_of([] {
    atomic<int> x{0, "x"}, y{0, "y"};
    thread worker([&] {
      x.load();        // 0: the initial value
      x.store(1);      // 1
      y.store(2);      // 2
      x.load();        // 3: from 1
      y.fetch_add(1);  // 4: from 2
      int expected = 9;
      y.compare_exchange_strong(expected, 5);  // 5: from 4, fails
    });
    worker.join();
    y.load();  // 6: from 4
    x.load();  // 7: from 1
    outcome("done", true);
  });
  std::vector<std::int64_t> from;
  for (const Step& step : witness.steps) from.push_back(step.reads_from);
  EXPECT_THAT(from, ElementsAre(Step::initially, Step::none, Step::none, 1, 2, 4, 4, 1));
}

TEST(WitnessTest, ALocksStepReadsNothing) {
  const Result result = check(tests::opposite_order());
  for (const Step& step : result.defects.front().witness.steps) EXPECT_EQ(step.reads_from, Step::none);
}

TEST(WitnessTest, EveryReadsFromOfARandomProgramIsTheLatestWrite) {
  const Body body = tests::split_increments(3, 1);
  const Result result = outcomes(body);
  for (const Outcome& each : result.outcomes) {
    std::int64_t latest = Step::initially;
    const Witness witness = tests::execution_of(body, each);
    EXPECT_EQ(witness.steps.size(), 7u);
    for (const Step& step : witness.steps) {
      if (step.operation == "read") {
        EXPECT_EQ(step.reads_from, latest) << each.witness.token;
      }
      if (step.operation == "write") latest = step.index;
    }
  }
}

TEST(WitnessTest, ChoicesAndYieldsAreShown) {
  const Body body = [] {
    const std::size_t answer = choose(3);
    yield();
    outcome("answer", answer);
  };
  const Result result = outcomes(body);
  ASSERT_EQ(result.outcomes.size(), 3u);
  EXPECT_THAT(tests::steps_of(tests::execution_of(body, result.outcomes[2])),
              ElementsAre("main choose 2 of 0..2", "main yield"));
}

TEST(WitnessTest, ValuesOfEveryTypeAreShown) {
  const Body body = [] {
    var<bool> truth{false, "truth"};
    var<char> letter{'a', "letter"};
    var<double> number{1.5, "number"};
    var<std::string> text{"", "text"};
    truth = true;
    letter = 'b';
    number = 0.25;
    text = std::string("word");
    outcome("truth", truth);
    outcome("letter", letter);
    outcome("number", number);
    outcome("text", text);
  };
  const Result result = outcomes(body);
  ASSERT_EQ(result.outcomes.size(), 1u);
  EXPECT_EQ(tests::written(result.outcomes[0]), "letter='b' number=0.25 text=word truth=true");
  EXPECT_THAT(tests::steps_of(tests::execution_of(body, result.outcomes[0])),
              ElementsAre("main write truth false -> true", "main write letter 'a' -> 'b'",
                          "main write number 1.5 -> 0.25", "main write text", "main read truth true",
                          "main read letter 'b'", "main read number 0.25", "main read text"));
}

TEST(WitnessTest, ObjectsWithoutANameAreCalledAfterTheirTypeAndNumber) {
  const Witness witness = tests::execution_of([] {
    var<int> a;
    atomic<int> b;
    mutex c;
    a = 1;
    b.store(1);
    c.lock();
    c.unlock();
    outcome("done", true);
  });
  EXPECT_THAT(tests::steps_of(witness), ElementsAre("main write var#1 0 -> 1", "main write atomic#2 0 -> 1",
                                                    "main lock mutex#3", "main unlock mutex#3"));
}

TEST(WitnessTest, TheStepsEndWhereTheDefectIsEstablished) {
  const Result result = check([] {
    atomic<int> x{0, "x"};
    thread worker([&] {
      x.store(1);
      require(x.load() == 2);
      x.store(3);
    });
    worker.join();
    x.store(4);
  });
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::Assertion);
  EXPECT_THAT(tests::steps_of(result.defects[0].witness), ElementsAre("T1 write x 0 -> 1", "T1 read x 1"));
  EXPECT_THAT(tests::because(result.defects[0]), HasSubstr("T1 was read x at step 2 (witness_test.cpp:"));
}

TEST(WitnessTest, AnExpectationThatFailsEndsItsThreadAndNoOther) {
  const Result result = check(
      [] {
        atomic<int> x{0, "x"};
        run_threads({[&] {
                       require(false);
                       x.store(1);
                     },
                     [&] { x.store(2); }});
        outcome("x", x);
      },
      everything());
  EXPECT_EQ(result.verdict, Verdict::Defect);
  EXPECT_TRUE(result.exhaustive);
  EXPECT_EQ(result.complete, 1u);
  EXPECT_THAT(tests::outcomes_of(result), ElementsAre("x=2"));
}

TEST(WitnessTest, RelationsTellBothValues) {
  const std::pair<Body, const char*> relations[] = {
      {[] { require(false); }, "expected true, was false"},
      {[] { require_eq(1, 2); }, "expected 1 == 2"},
      {[] { require_ne(1, 1); }, "expected 1 != 1"},
      {[] { require_lt(2, 2); }, "expected 2 < 2"},
      {[] { require_le(3, 2); }, "expected 3 <= 2"},
      {[] { require_gt(2, 2); }, "expected 2 > 2"},
      {[] { require_ge(1, 2); }, "expected 1 >= 2"},
      {[] { require_eq(true, false); }, "expected true == false"},
      {[] { require_eq(std::string("a"), std::string("b")); }, "expected a == b"},
  };
  for (const auto& [body, message] : relations) {
    const Result result = check(body);
    ASSERT_EQ(result.defects.size(), 1u) << message;
    EXPECT_EQ(result.defects[0].kind, DefectKind::Assertion);
    EXPECT_THAT(result.defects[0].message, AllOf(HasSubstr("expectation failed in main (witness_test.cpp:"),
                                                 EndsWith(std::string(": ") + message)));
  }
}

}  // namespace
}  // namespace heddle
