// tests/sync/spin_test.cpp - loops that only wait

#include "tests/sync/programs.hpp"

#include <heddle/atomic.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::behaviour;
using tests::classes;
using tests::run_threads;
using tests::Texts;

TEST(SpinTest, ALoopThatWaitsForAFlagIsExploredExhaustively) {
  const auto body = [](bool yielding) {
    return [=] {
      atomic<bool> ready{false, "ready"};
      run_threads({[&] {
                     while (!ready.load())
                       if (yielding) yield();
                   },
                   [&] { ready.store(true); }});
      outcome("done", true);
    };
  };
  EXPECT_EQ(behaviour(body(false)), Texts{"done=true"});
  EXPECT_EQ(behaviour(body(true)), Texts{"done=true"});
  // Unoptimised code may need an iteration until its frames hold nothing of what ran there before.
  EXPECT_LE(classes(body(false)), 2u) << "what it does before the flag is set gets it nowhere";
}

TEST(SpinTest, ALoopThatGivesUpIsNotTakenForOneThatWaits) {
  EXPECT_EQ(behaviour([] {
              atomic<bool> ready{false, "ready"};
              run_threads({[&] {
                             int attempts = 0;
                             while (attempts < 3 && !ready.load()) ++attempts;
                             outcome("attempts", attempts);
                           },
                           [&] { ready.store(true); }});
            }),
            (Texts{"attempts=0", "attempts=1", "attempts=2", "attempts=3"}));
}

TEST(SpinTest, ALoopThatGivesUpAfterALongTimeIsExploredToo) {
  EXPECT_EQ(behaviour([] {
              atomic<bool> ready{false, "ready"};
              int attempts = 0;
              while (attempts < 900 && !ready.load()) ++attempts;
              outcome("attempts", attempts);
            }),
            Texts{"attempts=900"});
}

TEST(SpinTest, ALoopOverSeveralObjectsWaitsForAnyOfThem) {
  EXPECT_EQ(behaviour([] {
              atomic<int> x{0, "x"}, y{0, "y"};
              run_threads({[&] {
                             while (x.load() == 0 && y.load() == 0) {
                             }
                             outcome("seen", true);
                           },
                           [&] { x.store(1); }, [&] { y.store(1); }});
            }),
            Texts{"seen=true"});
}

TEST(SpinTest, AnIterationThatSawSomethingChangeIsNotInVain) {
  // The reader looks again because it saw the version change: the next look may well be another.
  EXPECT_EQ(behaviour([] {
              atomic<int> version{0, "version"}, x{0, "x"};
              run_threads({[&] {
                             int before = 0;
                             int seen = 0;
                             do {
                               before = version.load();
                               seen = x.load();
                             } while (version.load() != before);
                             outcome("seen", seen);
                           },
                           [&] {
                             version.store(1);
                             x.store(1);
                             version.store(0);
                           }});
            }),
            (Texts{"seen=0", "seen=1"}));
}

TEST(SpinTest, AnExchangeThatChangesNothingIsWaitingToo) {
  EXPECT_EQ(behaviour([] {
              atomic<bool> taken{false, "taken"};
              var<int> x{0, "x"};
              const auto work = [&] {
                while (taken.exchange(true)) {
                }
                ++x;
                taken.store(false);
              };
              run_threads({work, work, work});
              outcome("x", x.load());
            }),
            Texts{"x=3"});
}

TEST(SpinTest, ACompareExchangeThatFailsIsWaitingToo) {
  EXPECT_EQ(behaviour([] {
              atomic<int> turn{0, "turn"};
              run_threads({[&] {
                             int expected = 1;
                             while (!turn.compare_exchange_strong(expected, 2)) expected = 1;
                           },
                           [&] { turn.store(1); }});
              outcome("turn", turn.load());
            }),
            Texts{"turn=2"});
}

TEST(SpinTest, ALoopThatCountsHowOftenItLookedIsNotExploredToAnEnd) {
  Options options;
  options.steps = 100;
  const Result result = check(
      [] {
        atomic<bool> ready{false, "ready"};
        run_threads({[&] {
                       int looks = 0;
                       while (!ready.load()) ++looks;
                       outcome("looks", looks);
                     },
                     [&] { ready.store(true); }});
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::Inconclusive);
  EXPECT_GT(result.outcomes.size(), 50u);
  EXPECT_NE(result.reason.find("T1 goes round a loop while T2 could run"), std::string::npos)
      << result.reason;
}

TEST(SpinTest, ALoopThatLooksManyTimesBeforeItYieldsIsOneThatWaits) {
  EXPECT_EQ(behaviour([] {
              atomic<bool> ready{false, "ready"};
              run_threads({[&] {
                             for (;;) {
                               for (int look = 0; look < 100; ++look)
                                 if (ready.load()) return;
                               yield();
                             }
                           },
                           [&] { ready.store(true); }});
              outcome("done", true);
            }),
            Texts{"done=true"});
}

TEST(SpinTest, ALoopThatRemembersWhatItSawIsAnotherOneThen) {
  EXPECT_EQ(behaviour([] {
              atomic<int> x{0, "x"};
              run_threads({[&] {
                             int last = 0;
                             bool back = false;
                             for (int seen = 0; seen != 3; last = seen) {
                               seen = x.load();
                               back = back || seen < last;
                             }
                             outcome("back", back);
                           },
                           [&] {
                             for (const int next : {2, 1, 3}) x.store(next);
                           }});
            }),
            (Texts{"back=false", "back=true"}));
}

TEST(SpinTest, APollUnderALockIsALoopThatWaits) {
  EXPECT_EQ(behaviour([] {
              mutex guard{"guard"};
              var<bool> ready{false, "ready"};
              run_threads({[&] {
                             for (;;) {
                               const lock_guard hold(guard);
                               if (ready.load()) break;
                             }
                           },
                           [&] {
                             const lock_guard hold(guard);
                             ready = true;
                           }});
              outcome("done", true);
            }),
            Texts{"done=true"});
}

TEST(SpinTest, WhoTriesToTakeTheLockOfAPollMayBeLeftOut) {
  const Result result = check([] {
    mutex guard{"guard"};
    var<bool> ready{false, "ready"};
    run_threads({[&] {
                   for (;;) {
                     const lock_guard hold(guard);
                     if (ready.load()) break;
                   }
                 },
                 [&] {
                   if (guard.try_lock()) guard.unlock();
                   const lock_guard hold(guard);
                   ready = true;
                 }});
  });
  EXPECT_EQ(result.verdict, Verdict::Inconclusive);
  EXPECT_NE(result.reason.find("an attempt to take guard"), std::string::npos) << result.reason;
}

TEST(SpinTest, ALargeVariableIsSeenToChange) {
  struct Large {
    long numbers[4] = {};
  };
  EXPECT_EQ(behaviour([] {
              mutex guard{"guard"};
              var<Large> state{Large{}, "state"};
              run_threads({[&] {
                             while (state.load().numbers[3] == 0) {
                             }
                             outcome("seen", true);
                           },
                           [&] {
                             state.store(Large{{0, 0, 0, 1}});
                           }});
            }),
            (Texts{"data-race", "seen=true"}));
}

TEST(SpinTest, TwoThatWaitForEachOtherAreALivelock) {
  EXPECT_EQ(behaviour([] {
              atomic<bool> a{false, "a"}, b{false, "b"};
              run_threads({[&] {
                             while (!a.load()) {
                             }
                             b.store(true);
                           },
                           [&] {
                             while (!b.load()) {
                             }
                             a.store(true);
                           }});
            }),
            Texts{"livelock"});
}

}  // namespace
}  // namespace heddle
