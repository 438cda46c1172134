// The matchers, on what they are to accept and on what they are to refuse.

#include "tests/gtest/bodies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace heddle {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using tests::ask;
using tests::everything;
using tests::why_not;

Options at_most(std::uint64_t executions) {
  Options options;
  options.executions = executions;
  return options;
}

TEST(VerifiedTest, AcceptsAnExhaustiveCleanResult) {
  EXPECT_THAT(check(tests::locked), Verified());
  EXPECT_THAT(check([] { EXPECT_LT(choose(3), 3u); }), Verified())
      << "choices are explored by one thread, too";
}

TEST(VerifiedTest, RefusesADefectAndShowsItsInterleaving) {
  const std::string why = why_not(Verified(), check(tests::unlocked));
  EXPECT_THAT(why, HasSubstr("defect  lost update on count: T2 overwrote what T1 had written\n"));
  EXPECT_THAT(why, HasSubstr("read count = 0"));
  EXPECT_THAT(why, HasSubstr("preempted"));
  EXPECT_THAT(why, HasSubstr("why (with 1 preemption; no execution with fewer shows it)"));
  EXPECT_THAT(why, HasSubstr("replay  heddle::replay(body, \"h1::"));
}

TEST(VerifiedTest, RefusesASearchThatALimitHasEnded) {
  EXPECT_EQ(why_not(Verified(), check(tests::locked, at_most(1))),
            "which is no proof: the limit of 1 execution was reached");
}

TEST(VerifiedTest, RefusesASearchThatSamples) {
  Options options = at_most(100);
  options.strategy = StrategyKind::Random;
  EXPECT_THAT(why_not(Verified(), check(tests::locked, options)), HasSubstr("which is no proof: "));
}

TEST(VerifiedTest, RefusesLostControl) {
  int executions = 0;
  const auto body = [&] {
    var<int> x{0, "x"};
    tests::twice([&] { x.load(); });
    if (executions++ > 0) x = 1;
    else mutex{"m"}.lock();
  };
  const Result result = check(body);
  ASSERT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_THAT(why_not(Verified(), result), HasSubstr("in which control was lost: "));
}

TEST(VerifiedTest, RefusesABodyWithoutAVisibleOperation) {
  int raw = 0;
  const Result result = check([&] { tests::twice([&] { raw = 1; }); });
  EXPECT_EQ(result.verdict, Verdict::Verified);
  EXPECT_THAT(why_not(Verified(), result),
              HasSubstr("nothing was explored: the body has no visible operation"));
  EXPECT_THAT(why_not(Verified(), check([] {})), HasSubstr("nothing was explored"));
}

TEST(VerifiedTest, RefusesABodyOfOneThreadThatDoesNotChoose) {
  const Result result = check([] {
    var<int> x{0, "x"};
    ++x;
  });
  EXPECT_EQ(result.verdict, Verdict::Verified);
  EXPECT_THAT(why_not(Verified(), result), HasSubstr("nothing was explored: the body has one thread only"));
}

TEST(VerifiedTest, CombinesWithTheMatchersOfGoogleMock) {
  EXPECT_THAT(check(tests::unlocked), Not(Verified()));
  EXPECT_THAT(check(tests::locked), AllOf(Verified(), Reaches("count=2")));
}

TEST(VerifiedTest, FailsTheTestWithTheResultAndTheReason) {
  EXPECT_NONFATAL_FAILURE(
      EXPECT_THAT(check(tests::unlocked), Verified()),
      "Expected: is verified: all explored, no defect\n"
      "  Actual: defect (lost-update, data-race), 2 executions (of type heddle::Result), which has a defect\n"
      "\n"
      "defect  lost update on count");
}

TEST(FindsTest, AcceptsEachOfTheDefects) {
  const Result result = check(tests::unlocked, everything());
  EXPECT_THAT(result, Finds(DefectKind::LostUpdate));
  EXPECT_THAT(result, Finds(DefectKind::DataRace));
  EXPECT_THAT(result, Finds(DefectKind::DataRace, "count"));
}

TEST(FindsTest, AcceptsAnAdvisory) {
  Options options = at_most(1);
  const Result result = check(
      [] {
        mutex a{"a"}, b{"b"};
        thread first([&] {
          const lock_guard hold_a(a);
          const lock_guard hold_b(b);
        });
        first.join();
        thread second([&] {
          const lock_guard hold_b(b);
          const lock_guard hold_a(a);
        });
        second.join();
        choose(2);
      },
      options);
  EXPECT_THAT(result, Finds(DefectKind::LockOrder));
}

TEST(FindsTest, RefusesAnotherKindAndShowsWhatWasFound) {
  const std::string why = why_not(Finds(DefectKind::Deadlock), check(tests::unlocked));
  EXPECT_THAT(why, HasSubstr("which found other defects (it stopped at the first defect)"));
  EXPECT_THAT(why, HasSubstr("defect  lost update on count"));
}

TEST(FindsTest, RefusesAnotherObject) {
  EXPECT_FALSE(ask(Finds(DefectKind::LostUpdate, "total"), check(tests::unlocked)).matches);
}

TEST(FindsTest, RefusesACleanResultAndSaysWhatWasCovered) {
  EXPECT_EQ(why_not(Finds(DefectKind::Deadlock), check(tests::locked)),
            "which found no defect; all was explored");
  EXPECT_EQ(why_not(Finds(DefectKind::Deadlock), check(tests::locked, at_most(1))),
            "which found no defect: the limit of 1 execution was reached");
  EXPECT_THAT(why_not(Finds(DefectKind::Deadlock), check([] {})), HasSubstr("nothing was explored"));
}

TEST(ReachesTest, AcceptsAnOutcomeByAllOrSomeOfItsValues) {
  const auto body = [] {
    outcome("r1", static_cast<int>(choose(2)));
    outcome("r2", static_cast<int>(choose(2)));
  };
  EXPECT_THAT(check(body), Reaches("r1=0 r2=1"));
  EXPECT_THAT(check(body), Reaches("r2=1 r1=0"));
  EXPECT_THAT(check(body), Reaches("r2=1"));
  EXPECT_THAT(check(body), Reaches({{"r1", "1"}, {"r2", "1"}}));
  EXPECT_THAT(check(body), Reaches({{"r1", "1"}}));
}

TEST(ReachesTest, TakesValuesWithBlanksAsPairs) {
  const auto body = [] { outcome("greeting", "good morning"); };
  EXPECT_THAT(check(body), Reaches({{"greeting", "good morning"}}));
  EXPECT_THAT(check(body), OutcomesAre({{{"greeting", "good morning"}}}));
}

TEST(ReachesTest, RefusesWhatNoExecutionEndsWith) {
  EXPECT_EQ(why_not(Reaches("count=3"), check(tests::split)), "which reached count=1, count=2");
  EXPECT_FALSE(ask(Reaches("total=1"), check(tests::split)).matches);
  EXPECT_THAT(why_not(Reaches("count=1"), check(tests::split, at_most(1))),
              HasSubstr("not everything was explored: the limit of 1 execution was reached"));
  EXPECT_THAT(why_not(Reaches("count=1"), check([] {})), HasSubstr("no execution recorded an outcome"));
}

TEST(ReachesTest, RefusesTextThatIsNoValues) {
  EXPECT_THROW(Reaches("count"), std::invalid_argument);
  EXPECT_THROW(OutcomesAre({"count=1", "2"}), std::invalid_argument);
}

TEST(NeverReachesTest, NeedsAnExhaustiveSearch) {
  EXPECT_THAT(check(tests::locked), NeverReaches("count=1"));
  EXPECT_FALSE(ask(NeverReaches("count=1"), check(tests::locked, at_most(1))).matches);
  EXPECT_THAT(why_not(NeverReaches("count=1"), check(tests::split)), HasSubstr("which reached count=1 in "));
}

TEST(OutcomesAreTest, AcceptsTheSetInAnyOrder) {
  EXPECT_THAT(check(tests::split), OutcomesAre({"count=1", "count=2"}));
  EXPECT_THAT(check(tests::split), OutcomesAre({{{"count", "2"}}, {{"count", "1"}}}));
  EXPECT_THAT(outcomes(tests::unlocked), OutcomesAre({"count=1", "count=2"}));
  EXPECT_THAT(check(tests::locked), OutcomesAre({"count=2"}));
}

TEST(OutcomesAreTest, NamesWhatIsMissingAndWhatIsUnexpected) {
  const std::string why = why_not(OutcomesAre({"count=2", "count=3"}), outcomes(tests::split));
  EXPECT_THAT(why, HasSubstr("unexpected: count=1 (h1::"));
  EXPECT_THAT(why, HasSubstr("missing: count=3"));
  EXPECT_THAT(why, Not(HasSubstr("count=2 (")));
}

TEST(OutcomesAreTest, RefusesPartOfTheValues) {
  const auto body = [] {
    outcome("r1", 0);
    outcome("r2", static_cast<int>(choose(2)));
  };
  EXPECT_FALSE(ask(OutcomesAre({"r1=0"}), check(body)).matches);
  EXPECT_THAT(check(body), OutcomesAre({"r1=0 r2=0", "r1=0 r2=1"}));
}

TEST(OutcomesAreTest, NeedsAnExhaustiveSearch) {
  const Result result = check(tests::locked, at_most(1));
  ASSERT_THAT(result, Reaches("count=2"));
  EXPECT_THAT(why_not(OutcomesAre({"count=2"}), result), HasSubstr("but not everything was explored"));
}

TEST(AsDeclaredTest, JudgesByTheDeclaredKindOrTheProof) {
  Scenario scenario;
  scenario.name = "test/scenario";
  EXPECT_THAT(check(tests::locked), AsDeclared(scenario));
  EXPECT_THAT(check(tests::unlocked), Not(AsDeclared(scenario)));
  EXPECT_THAT(check([] {}), Not(AsDeclared(scenario))) << "nothing was explored";
  scenario.expects = DefectKind::LostUpdate;
  EXPECT_THAT(check(tests::unlocked), AsDeclared(scenario));
  EXPECT_THAT(check(tests::locked), Not(AsDeclared(scenario)));
  scenario.expects = DefectKind::DataRace;
  EXPECT_THAT(check(tests::unlocked, everything()), Not(AsDeclared(scenario))) << "it is not the first";
}

TEST(PrintTest, ResultsAndTheirPartsArePrintedInWords) {
  EXPECT_EQ(testing::PrintToString(check(tests::locked)), "verified, 2 executions");
  EXPECT_EQ(testing::PrintToString(Verdict::ControlLost), "control-lost");
  EXPECT_EQ(testing::PrintToString(DefectKind::LostUpdate), "lost-update");
}

}  // namespace
}  // namespace heddle
