// tests/field/loops_test.cpp - loops that wait, and loops that only look as if they did
//
// An iteration is in vain exactly when everything is after it as it was before it. A loop that counts,
// remembers or gives up is none that waits; one that locks, looks and unlocks is.

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace heddle {
namespace {

using namespace std::chrono_literals;

using tests::Body;
using tests::each_class;
using tests::expect_defect;
using tests::expect_failed_expectation;
using tests::expect_outcomes;
using tests::expect_outcomes_or_inconclusive;
using tests::expect_verified;
using tests::expect_verified_or_inconclusive;
using tests::together;

// Loops that remember what they saw.

TEST(MonitorLoopTest, SeesEveryValueThatIsWritten) {
  expect_failed_expectation(
      [] {
        atomic<int> x{0, "x"};
        together(
            [&] {
              x.store(2);
              x.store(1);
              x.store(3);
            },
            [&] {
              int last = 0;
              for (;;) {
                const int seen = x.load();
                require_ge(seen, last);
                last = seen;
                if (seen == 3) break;
              }
            });
      },
      each_class);
}

TEST(MonitorLoopTest, CountsTheChangesThatItSees) {
  expect_outcomes(
      {"changes=1", "changes=2", "changes=3"},
      [] {
        atomic<int> x{0, "x"};
        int changes = 0;
        together(
            [&] {
              for (int i = 1; i <= 3; ++i) x.store(i);
            },
            [&] {
              for (int last = 0; last != 3;) {
                const int seen = x.load();
                if (seen != last) ++changes;
                last = seen;
              }
            });
        outcome("changes", changes);
      },
      each_class);
}

TEST(MonitorLoopTest, KeepsAHistoryOnTheHeap) {
  expect_outcomes(
      {"history=123", "history=13", "history=23", "history=3"},
      [] {
        atomic<int> x{0, "x"};
        std::string history;
        together(
            [&] {
              for (int i = 1; i <= 3; ++i) x.store(i);
            },
            [&] {
              std::vector<int> seen{0};
              while (seen.back() != 3)
                if (const int now = x.load(); now != seen.back()) seen.push_back(now);
              for (const int each : seen)
                if (each != 0) history += std::to_string(each);
            });
        outcome("history", history);
      },
      each_class);
}

TEST(MonitorLoopTest, RemembersTheGreatestValue) {
  expect_outcomes(
      {"greatest=1", "greatest=2"},
      [] {
        atomic<int> x{0, "x"};
        int greatest = 0;
        together(
            [&] {
              x.store(2);
              x.store(1);
            },
            [&] {
              for (;;) {
                const int seen = x.load();
                greatest = std::max(greatest, seen);
                if (seen == 1) return;
              }
            });
        outcome("greatest", greatest);
      },
      each_class);
}

// A value that was there for a moment is seen or is not.
TEST(MonitorLoopTest, MayMissAPulse) {
  expect_defect(
      DefectKind::Livelock,
      [] {
        atomic<int> x{0, "x"};
        together(
            [&] {
              x.store(1);
              x.store(0);
            },
            [&] {
              while (x.load() != 1) {
              }
            });
      },
      each_class);
}

// The read that ended one loop is no iteration of the next.

int wait_at_least(const atomic<int>& x, int value) {
  int seen = 0;
  while ((seen = x.load()) < value) {
  }
  return seen;
}

void count_to_two(atomic<int>& x) {
  x.store(1);
  x.store(2);
}

TEST(TwoLoopsTest, ThroughOneHelper) {
  expect_outcomes({"a=1 b=2", "a=2 b=2"}, [] {
    atomic<int> x{0, "x"};
    together([&] { count_to_two(x); },
             [&] {
               outcome("a", wait_at_least(x, 1));
               outcome("b", wait_at_least(x, 2));
             });
  });
}

TEST(TwoLoopsTest, OnOneLineOfALoopOfTheirOwn) {
  expect_outcomes({"seen=12", "seen=22"}, [] {
    atomic<int> x{0, "x"};
    int seen = 0;
    together([&] { count_to_two(x); },
             [&] {
               for (int value = 1; value <= 2; ++value) {
                 int now = 0;
                 while ((now = x.load()) < value) {
                 }
                 seen = seen * 10 + now;
               }
             });
    outcome("seen", seen);
  });
}

TEST(TwoLoopsTest, ThroughAFunctionObject) {
  expect_outcomes({"seen=12", "seen=22"}, [] {
    atomic<int> x{0, "x"};
    int seen = 0;
    const std::function<int(int)> wait = [&](int value) { return wait_at_least(x, value); };
    together([&] { count_to_two(x); },
             [&] {
               seen = wait(1);
               seen = seen * 10 + wait(2);
             });
    outcome("seen", seen);
  });
}

TEST(TwoLoopsTest, OverTheSameVariableForOppositeValues) {
  expect_verified(
      [] {
        atomic<int> ball{0, "ball"};
        const auto play = [&](int mine, int theirs) {
          for (int i = 0; i < 2; ++i) {
            while (ball.load() != mine) {
            }
            ball.store(theirs);
          }
        };
        together([&] { play(0, 1); }, [&] { play(1, 0); });
        require_eq(ball, 0);
      },
      each_class);
}

TEST(TwoLoopsTest, OverTwoVariablesInTheOrderOfTheirStores) {
  expect_outcomes({"y=0", "y=1"}, [] {
    atomic<int> x{0, "x"}, y{0, "y"};
    together(
        [&] {
          x.store(1);
          y.store(1);
        },
        [&] {
          while (x.load() == 0) {
          }
          outcome("y", y.load());
          while (y.load() == 0) {
          }
        });
  });
}

TEST(TwoLoopsTest, OneWithinTheOther) {
  expect_verified(
      [] {
        atomic<int> outer{0, "outer"}, inner{0, "inner"};
        together(
            [&] {
              inner.store(1);
              outer.store(1);
            },
            [&] {
              while (outer.load() == 0)
                while (inner.load() == 0) yield();
            });
      },
      each_class);
}

// Loops that give up.

tests::Body gives_up_after(int looks) {
  return [=] {
    atomic<bool> ready{false, "ready"};
    bool gave_up = false;
    together(
        [&] {
          for (int i = 0; i < looks; ++i)
            if (ready.load()) return;
          gave_up = true;
        },
        [&] { ready.store(true); });
    outcome("gave_up", gave_up);
  };
}

TEST(GivingUpTest, AfterAFewLooks) {
  for (const int looks : {1, 2, 7, 70})
    expect_outcomes({"gave_up=false", "gave_up=true"}, gives_up_after(looks), each_class);
}

// Every number of looks is a class of its own: with a few hundred it may take too long, but that is no proof.
TEST(GivingUpTest, AfterAsManyLooksAsALoopThatNeverGivesUp) {
  for (const int looks : {500, 2000})
    expect_outcomes_or_inconclusive({"gave_up=false", "gave_up=true"}, gives_up_after(looks));
}

TEST(GivingUpTest, IsSeenWhenNobodyElseRuns) {
  expect_failed_expectation(
      [] {
        atomic<bool> ready{false, "ready"};
        int looks = 0;
        while (!ready.load() && looks < 1500) ++looks;
        require_lt(looks, 1500);
      },
      each_class);
}

TEST(GivingUpTest, CountsOnTheHeap) {
  expect_outcomes(
      {"looks=0", "looks=1", "looks=2", "looks=3"},
      [] {
        atomic<bool> ready{false, "ready"};
        int looks = 0;
        together(
            [&] {
              std::map<std::string, int> counts;
              while (!ready.load() && counts["looks"] < 3) ++counts["looks"];
              looks = counts["looks"];
            },
            [&] { ready.store(true); });
        outcome("looks", looks);
      },
      each_class);
}

TEST(GivingUpTest, ByAnException) {
  expect_outcomes(
      {"gave_up=false", "gave_up=true"},
      [] {
        atomic<bool> ready{false, "ready"};
        bool gave_up = false;
        together(
            [&] {
              int left = 3;
              try {
                while (!ready.load())
                  if (--left == 0) throw std::runtime_error("not ready");
              } catch (const std::runtime_error&) {
                gave_up = true;
              }
            },
            [&] { ready.store(true); });
        outcome("gave_up", gave_up);
      },
      each_class);
}

TEST(GivingUpTest, OfTryLock) {
  expect_outcomes(
      {"got=false", "got=true"},
      [] {
        mutex guard{"guard"};
        bool got = false;
        together([&] { const lock_guard hold(guard); },
                 [&] {
                   for (int i = 0; i < 3 && !got; ++i) got = guard.try_lock();
                   if (got) guard.unlock();
                 });
        outcome("got", got);
      },
      each_class);
}

// Without an end there is a number of looks for every number. Whoever could look for ever does not livelock:
// at some time it sees what is there.
TEST(GivingUpTest, ACounterOfLooksHasNoGreatestValue) {
  const Body body = [] {
    atomic<bool> ready{false, "ready"};
    int looks = 0;
    together(
        [&] {
          while (!ready.load()) ++looks;
        },
        [&] { ready.store(true); });
    require_lt(looks, 5);
  };
  Options options = tests::everything();
  options.executions = 40;
  options.steps = 200;
  tests::explore_each(
      each_class, body, location::current(),
      [](const Result& result) {
        EXPECT_EQ(tests::kinds_of(result), tests::Texts{"assertion"}) << tests::told(result);
        EXPECT_FALSE(result.exhaustive);
      },
      options);
}

// Loops that wait.

Body waits_with(const std::function<void(atomic<bool>&)>& wait) {
  return [=] {
    atomic<bool> ready{false, "ready"};
    int result = 0;
    together([&] { wait(ready); },
             [&] {
               result = 42;
               ready.store(true);
             });
    require_eq(result, 42);
  };
}

TEST(WaitingLoopTest, LooksAHundredTimesBeforeEachYield) {
  for (const int looks : {3, 63, 64, 100})
    expect_verified_or_inconclusive(waits_with([=](auto& ready) {
      for (;;) {
        for (int i = 0; i < looks; ++i)
          if (ready.load()) return;
        yield();
      }
    }));
}

TEST(WaitingLoopTest, BacksOffExponentially) {
  expect_verified_or_inconclusive(waits_with([](auto& ready) {
    for (int delay = 1; !ready.load(); delay = std::min(delay * 2, 8))
      for (int i = 0; i < delay; ++i) yield();
  }));
}

TEST(WaitingLoopTest, BacksOffWithoutALimit) {
  expect_verified_or_inconclusive(waits_with([](auto& ready) {
    for (unsigned delay = 1; !ready.load(); delay *= 2) this_thread::yield();
  }));
}

TEST(WaitingLoopTest, SleepsBetweenItsLooks) {
  expect_verified_or_inconclusive(waits_with([](auto& ready) {
    while (!ready.load()) this_thread::sleep_for(1ms);
  }));
}

TEST(WaitingLoopTest, SleepsLongerAndLonger) {
  expect_verified_or_inconclusive(waits_with([](auto& ready) {
    for (auto pause = 1ms; !ready.load(); pause = std::min(pause * 2, 16ms)) this_thread::sleep_for(pause);
  }));
}

TEST(WaitingLoopTest, AsksAFunctionObject) {
  expect_verified(waits_with([](auto& ready) {
    const std::function<bool()> is_ready = [&] { return ready.load(); };
    while (!is_ready()) yield();
  }));
}

TEST(WaitingLoopTest, MakesTemporariesOnTheHeap) {
  expect_verified_or_inconclusive(waits_with([](auto& ready) {
    while (!ready.load()) {
      const std::vector<int> numbers(10, 1);
      const std::string text =
          std::to_string(numbers.size()) + " numbers in a text that is too long to be short";
      std::map<std::string, std::optional<int>> found;
      found[text] = numbers.back();
    }
  }));
}

TEST(WaitingLoopTest, ThrowsUntilItMayGoOn) {
  expect_verified_or_inconclusive(waits_with([](auto& ready) {
    for (;;) try {
        if (!ready.load()) throw std::runtime_error("not yet");
        return;
      } catch (const std::runtime_error&) {
        yield();
      }
  }));
}

bool descend(const atomic<bool>& ready, int depth) {
  return depth == 0 ? ready.load() : descend(ready, depth - 1);
}

TEST(WaitingLoopTest, LooksAtTheBottomOfARecursion) {
  expect_verified(waits_with([](auto& ready) {
    while (!descend(ready, 5)) {
    }
  }));
}

TEST(WaitingLoopTest, SumsUpWhatSeveralThreadsHaveDone) {
  expect_verified(
      [] {
        std::vector<int> results(2);
        atomic<int> done[2];
        const auto work = [&](std::size_t who) {
          results[who] = static_cast<int>(who) + 1;
          done[who].store(1, memory_order_release);
        };
        thread a(work, 0);
        thread b(work, 1);
        const auto all_done = [&] {
          return std::all_of(std::begin(done), std::end(done),
                             [](const auto& each) { return each.load(memory_order_acquire) != 0; });
        };
        while (!all_done()) yield();
        require_eq(results[0] + results[1], 3);
        a.join();
        b.join();
      },
      each_class);
}

}  // namespace
}  // namespace heddle
