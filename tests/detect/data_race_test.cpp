// tests/detect/data_race_test.cpp - two accesses that nothing orders, and everything that does order them.

#include "tests/explore/programs.hpp"

#include <heddle/condition_variable.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace heddle {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using tests::because;
using tests::Body;
using tests::defect_of;
using tests::everything;
using tests::run_threads;

bool races(const Body& body) {
  const Result optimal = check(body, everything());
  const Result all = check(body, everything(StrategyKind::All));
  EXPECT_TRUE(optimal.exhaustive) << optimal.reason;
  const bool found = defect_of(optimal, DefectKind::DataRace) != nullptr;
  EXPECT_EQ(found, defect_of(all, DefectKind::DataRace) != nullptr) << "the searches disagree";
  return found;
}

TEST(DataRaceTest, TwoWritesThatNothingOrdersRace) {
  EXPECT_TRUE(races([] {
    var<int> x{0, "x"};
    run_threads({[&] { x = 1; }, [&] { x = 2; }});
  }));
}

TEST(DataRaceTest, AReadAndAWriteThatNothingOrdersRace) {
  EXPECT_TRUE(races([] {
    var<int> x{0, "x"};
    run_threads({[&] { x.load(); }, [&] { x = 2; }});
  }));
}

TEST(DataRaceTest, TwoReadsDoNotRace) {
  EXPECT_FALSE(races([] {
    var<int> x{0, "x"};
    run_threads({[&] { x.load(); }, [&] { x.load(); }});
  }));
}

TEST(DataRaceTest, AtomicsDoNotRace) {
  EXPECT_FALSE(races([] {
    atomic<int> x{0, "x"};
    run_threads({[&] { x.store(1, std::memory_order_relaxed); },
                 [&] {
                   x.load(std::memory_order_relaxed);
                   x.store(2);
                 }});
  }));
}

TEST(DataRaceTest, ACommonLockOrdersAccesses) {
  EXPECT_FALSE(races([] {
    var<int> x{0, "x"};
    mutex guard{"guard"};
    const auto work = [&] {
      const lock_guard hold(guard);
      ++x;
    };
    run_threads({work, work, work});
  }));
}

TEST(DataRaceTest, DifferentLocksDoNot) {
  EXPECT_TRUE(races([] {
    var<int> x{0, "x"};
    mutex a{"a"}, b{"b"};
    run_threads({[&] {
                   const lock_guard hold(a);
                   x = 1;
                 },
                 [&] {
                   const lock_guard hold(b);
                   x = 2;
                 }});
  }));
}

TEST(DataRaceTest, ALockGivenBackBeforeTheAccessDoesNotHelp) {
  EXPECT_TRUE(races([] {
    var<int> x{0, "x"};
    mutex guard{"guard"};
    const auto work = [&] {
      { const lock_guard hold(guard); }
      x = 1;
    };
    run_threads({work, work});
  }));
}

TEST(DataRaceTest, ATryLockThatSucceedsOrders) {
  EXPECT_FALSE(races([] {
    var<int> x{0, "x"};
    mutex guard{"guard"};
    const auto work = [&] {
      const unique_lock hold(guard, try_to_lock);
      if (hold) ++x;
    };
    run_threads({work, work});
  }));
}

TEST(DataRaceTest, ATryLockThatFailsDoesNot) {
  EXPECT_TRUE(races([] {
    var<int> x{0, "x"};
    mutex guard{"guard"};
    run_threads({[&] {
                   const lock_guard hold(guard);
                   x = 1;
                 },
                 [&] {
                   if (guard.try_lock()) guard.unlock();
                   else x = 2;
                 }});
  }));
}

TEST(DataRaceTest, AWaitThatTimesOutHasTheMutexAgainAndOrders) {
  EXPECT_FALSE(races([] {
    mutex guard{"guard"};
    condition_variable changed{"changed"};
    var<int> x{0, "x"};
    run_threads({[&] {
                   unique_lock hold(guard);
                   changed.wait_for(hold, std::chrono::seconds(1));
                   x = 1;
                 },
                 [&] {
                   const lock_guard hold(guard);
                   x = 2;
                 }});
  }));
}

TEST(DataRaceTest, SeveralLocksTakenAtOnceOrder) {
  EXPECT_FALSE(races([] {
    var<int> x{0, "x"};
    mutex a{"a"}, b{"b"};
    run_threads({[&] {
                   const scoped_lock hold(a, b);
                   ++x;
                 },
                 [&] {
                   const scoped_lock hold(b, a);
                   ++x;
                 },
                 [&] {
                   const lock_guard hold(b);
                   ++x;
                 }});
  }));
}

// x is written, a flag is set; who sees the flag reads x.
Body handing_over(std::memory_order set, std::memory_order see) {
  return [=] {
    var<int> x{0, "x"};
    atomic<bool> ready{false, "ready"};
    run_threads({[&] {
                   x = 1;
                   ready.store(true, set);
                 },
                 [&] {
                   if (ready.load(see)) x.load();
                 }});
  };
}

TEST(DataRaceTest, AnAcquireThatReadsFromAReleaseOrders) {
  EXPECT_FALSE(races(handing_over(std::memory_order_release, std::memory_order_acquire)));
  EXPECT_FALSE(races(handing_over(std::memory_order_seq_cst, std::memory_order_seq_cst)));
}

TEST(DataRaceTest, RelaxedOperationsOrderNothing) {
  EXPECT_TRUE(races(handing_over(std::memory_order_relaxed, std::memory_order_relaxed)));
  EXPECT_TRUE(races(handing_over(std::memory_order_release, std::memory_order_relaxed)));
  EXPECT_TRUE(races(handing_over(std::memory_order_relaxed, std::memory_order_acquire)));
}

TEST(DataRaceTest, AStepThatWritesAVariableAndThenAnAtomicReleases) {
  EXPECT_FALSE(races([] {
    var<int> x{0, "x"};
    atomic<bool> ready{false, "ready"};
    run_threads({[&] {
                   const detail::AtomicStep step;
                   x = 1;
                   ready.store(true);
                 },
                 [&] {
                   if (ready.load()) x.load();
                 }});
  }));
}

TEST(DataRaceTest, AReadModifyWriteContinuesTheReleaseSequence) {
  const auto body = [](bool by_store) -> Body {
    return [by_store] {
      var<int> x{0, "x"};
      atomic<int> flag{0, "flag"};
      run_threads({[&] {
                     x = 1;
                     flag.store(1, std::memory_order_release);
                   },
                   [&] {
                     if (by_store) {
                       if (flag.load(std::memory_order_relaxed) == 1)
                         flag.store(2, std::memory_order_relaxed);
                     } else {
                       int expected = 1;
                       flag.compare_exchange_strong(expected, 2, std::memory_order_relaxed);
                     }
                   },
                   [&] {
                     if (flag.load(std::memory_order_acquire) == 2) x.load();
                   }});
    };
  };
  EXPECT_FALSE(races(body(false)));
  EXPECT_TRUE(races(body(true))) << "another thread's store does not";
}

TEST(DataRaceTest, TheFailureOrderOfACompareExchangeCounts) {
  const auto body = [](std::memory_order failure) -> Body {
    return [failure] {
      var<int> x{0, "x"};
      atomic<int> flag{0, "flag"};
      run_threads({[&] {
                     x = 1;
                     flag.store(1, std::memory_order_release);
                   },
                   [&] {
                     int expected = 7;
                     flag.compare_exchange_strong(expected, 8, std::memory_order_seq_cst, failure);
                     if (expected == 1) x.load();
                   }});
    };
  };
  EXPECT_FALSE(races(body(std::memory_order_acquire)));
  EXPECT_TRUE(races(body(std::memory_order_relaxed)));
}

TEST(DataRaceTest, StartAndJoinOrder) {
  EXPECT_FALSE(races([] {
    var<int> x{0, "x"};
    x = 1;
    thread worker([&] { ++x; });
    worker.join();
    ++x;
    thread other([&] { ++x; });
    other.join();
    x.load();
  }));
}

TEST(DataRaceTest, WhatAParentDoesBetweenStartAndJoinIsNotOrdered) {
  EXPECT_TRUE(races([] {
    var<int> x{0, "x"};
    thread worker([&] { ++x; });
    x.load();
    worker.join();
  }));
}

TEST(DataRaceTest, OrderIsTransitive) {
  EXPECT_FALSE(races([] {
    var<int> x{0, "x"};
    atomic<int> stage{0, "stage"};
    run_threads({[&] {
                   x = 1;
                   stage.store(1);
                 },
                 [&] {
                   if (stage.load() == 1) stage.store(2);
                 },
                 [&] {
                   if (stage.load() == 2) x.load();
                 }});
  }));
}

TEST(DataRaceTest, ItIsToldWithBothPlacesAndTheLocksHeld) {
  const Result result = check([] {
    var<int> count{0, "count"};
    mutex guard{"guard"};
    run_threads({[&] {
                   const lock_guard hold(guard);
                   count = 1;
                 },
                 [&] { count.load(); }});
  });
  EXPECT_EQ(result.verdict, Verdict::Defect);
  ASSERT_EQ(result.defects.size(), 1u);
  const Defect& race = result.defects.front();
  EXPECT_EQ(race.kind, DefectKind::DataRace);
  EXPECT_EQ(race.object, "count");
  EXPECT_THAT(race.message, AllOf(HasSubstr("data race on count"), HasSubstr("T1"), HasSubstr("T2")));
  EXPECT_THAT(because(race),
              AllOf(HasSubstr("T1 writes count"), HasSubstr("holding guard"), HasSubstr("T2 reads count"),
                    HasSubstr("holding no lock"), HasSubstr("data_race_test.cpp:")));
  EXPECT_EQ(race.witness.preemptions, 0u);
  EXPECT_TRUE(result.exhaustive) << "a data race does not end the search";
}

TEST(DataRaceTest, OneReportForEachVariable) {
  const Result result = check([] {
    var<int> x{0, "x"}, y{0, "y"};
    const auto work = [&] {
      x = 1;
      x.load();
      y = 1;
    };
    run_threads({work, work, work});
  });
  ASSERT_EQ(result.defects.size(), 2u);
  EXPECT_EQ(result.defects[0].object, "x");
  EXPECT_EQ(result.defects[1].object, "y");
  EXPECT_EQ(result.defects[0].executions, result.complete) << "nothing ever orders them";
}

TEST(DataRaceTest, ItIsFoundInEveryExecutionBeforeItsConsequence) {
  // The consequence is what the search goes on for.
  const Result result = check(tests::racy_increments(2, 1));
  ASSERT_EQ(result.defects.size(), 2u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::LostUpdate);
  EXPECT_EQ(result.defects[1].kind, DefectKind::DataRace);
}

TEST(DataRaceTest, MemoryUsedAgainByTheNextObjectIsAnotherObject) {
  EXPECT_FALSE(races([] {
    const auto work = [] {
      var<int> own{0, "own"};
      ++own;
    };
    run_threads({work, work});
  }));
}

}  // namespace
}  // namespace heddle
