// tests/sync/condition_variable_test.cpp - waiting for notifications

#include "tests/sync/every_search.hpp"

#include <heddle/condition_variable.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::behaviour;
using tests::misuse;
using tests::run_threads;
using tests::Texts;
using namespace std::chrono_literals;

TEST(ConditionVariableTest, ANotificationBeforeTheWaitIsLost) {
  EXPECT_EQ(behaviour([] {
              mutex guard{"guard"};
              condition_variable changed{"changed"};
              run_threads({[&] {
                             unique_lock hold(guard);
                             changed.wait(hold);
                           },
                           [&] { changed.notify_one(); }});
              outcome("woken", true);
            }),
            (Texts{"woken=true", "lost-wakeup"}));
}

TEST(ConditionVariableTest, WithoutAnyNotificationItIsADeadlock) {
  EXPECT_EQ(behaviour([] {
              mutex guard{"guard"};
              condition_variable changed{"changed"};
              unique_lock hold(guard);
              changed.wait(hold);
            }),
            Texts{"deadlock"});
}

TEST(ConditionVariableTest, APredicateUnderTheLockMissesNothing) {
  EXPECT_EQ(behaviour([] {
              mutex guard{"guard"};
              condition_variable changed{"changed"};
              var<bool> ready{false, "ready"};
              run_threads({[&] {
                             unique_lock hold(guard);
                             changed.wait(hold, [&] { return ready.load(); });
                             outcome("ready", ready.load());
                           },
                           [&] {
                             const lock_guard hold(guard);
                             ready = true;
                             changed.notify_one();
                           }});
            }),
            Texts{"ready=true"});
}

// Two wait, one is notified; the other stays.
TEST(ConditionVariableTest, NotifyOneWakesAnyOneOfTheWaiting) {
  const auto body = [] {
    mutex guard{"guard"};
    condition_variable changed{"changed"};
    var<int> waiting{0, "waiting"};
    const auto wait = [&](const char* name) {
      return [&, name] {
        unique_lock hold(guard);
        ++waiting;
        changed.wait(hold);
        outcome(name, true);
      };
    };
    thread first(wait("first")), second(wait("second"));
    thread notifier([&] {
      const lock_guard hold(guard);
      assume(waiting.load() == 2);
      changed.notify_one();
    });
    first.join();
    second.join();
    notifier.join();
  };
  const Result result = check(body, tests::everything());
  EXPECT_EQ(result.deadlocked, result.complete) << "one of the two waits for ever";
  Texts woken;
  for (const Defect& defect : result.defects)
    for (const std::string& step : tests::steps_of(defect.witness))
      if (step.find("wake-up") != std::string::npos) woken.insert(step);
  EXPECT_EQ(woken, (Texts{"T1 wake-up changed", "T2 wake-up changed"}));
}

TEST(ConditionVariableTest, NotifyAllWakesEverybodyWhoWaits) {
  EXPECT_EQ(behaviour([] {
              mutex guard{"guard"};
              condition_variable changed{"changed"};
              var<int> waiting{0, "waiting"};
              const auto wait = [&] {
                unique_lock hold(guard);
                ++waiting;
                changed.wait(hold);
              };
              run_threads({wait, wait, [&] {
                             const lock_guard hold(guard);
                             assume(waiting.load() == 2);
                             changed.notify_all();
                           }});
              outcome("all", true);
            }),
            Texts{"all=true"});
}

TEST(ConditionVariableTest, ALaterWaiterDoesNotTakeAnEarlierNotification) {
  // The second thread begins to wait after the notification: it must not be the one that is woken.
  const auto body = [] {
    mutex guard{"guard"};
    condition_variable changed{"changed"};
    var<int> stage{0, "stage"};
    thread first([&] {
      unique_lock hold(guard);
      stage = 1;
      changed.wait(hold);
      outcome("first", true);
    });
    thread second([&] {
      unique_lock hold(guard);
      assume(stage.load() == 2);
      changed.wait(hold);
      outcome("second", true);
    });
    {
      const lock_guard hold(guard);
      assume(stage.load() == 1);
      stage = 2;
      changed.notify_one();
    }
    first.join();
    second.join();
  };
  for (const Defect& defect : check(body, tests::everything()).defects)
    for (const std::string& step : tests::steps_of(defect.witness)) EXPECT_NE(step, "T2 wake-up changed");
}

TEST(ConditionVariableTest, ATimedWaitEndsWithAndWithoutANotification) {
  EXPECT_EQ(behaviour([] {
              mutex guard{"guard"};
              condition_variable changed{"changed"};
              run_threads({[&] {
                             unique_lock hold(guard);
                             outcome("timeout", changed.wait_for(hold, 1s) == cv_status::timeout);
                           },
                           [&] { changed.notify_one(); }});
            }),
            (Texts{"timeout=false", "timeout=true"}));
}

// Two threads wait when one of them is notified. Whether the second one finds its time over only then.
template <class ConditionVariable>
void timed_and_untimed_wait() {
  mutex guard{"guard"};
  ConditionVariable changed{"changed"};
  var<int> waiting{0, "waiting"};
  var<bool> sent{false, "sent"};
  run_threads({[&] {
                 unique_lock hold(guard);
                 ++waiting;
                 changed.wait(hold);
               },
               [&] {
                 unique_lock hold(guard);
                 ++waiting;
                 const bool timeout = changed.wait_for(hold, 1s) == cv_status::timeout;
                 outcome("late", timeout && sent.load());
               },
               [&] {
                 const lock_guard hold(guard);
                 assume(waiting.load() == 2);
                 sent = true;
                 changed.notify_one();
               }});
}

TEST(ConditionVariableTest, ATimedWaitThatIsOverTakesTheNotificationOrLeavesIt) {
  EXPECT_EQ(behaviour(timed_and_untimed_wait<condition_variable>),
            (Texts{"late=false", "late=true", "deadlock"}));
}

TEST(ConditionVariableTest, OfAnyKindItTakesTheNotificationAndTheVerdictSaysSo) {
  const Result result = check(timed_and_untimed_wait<condition_variable_any>, tests::everything());
  EXPECT_FALSE(result.exhaustive) << tests::summary(result);
  EXPECT_EQ(
      result.reason,
      "executions in which a wait ends by itself and leaves its notification to another thread were left "
      "out");
}

TEST(ConditionVariableTest, ATimedWaitForAPredicateTellsWhatThePredicateSays) {
  EXPECT_EQ(behaviour([] {
              mutex guard{"guard"};
              condition_variable changed{"changed"};
              var<bool> ready{false, "ready"};
              run_threads({[&] {
                             unique_lock hold(guard);
                             outcome("ready", changed.wait_for(hold, 1s, [&] { return ready.load(); }));
                           },
                           [&] {
                             const lock_guard hold(guard);
                             ready = true;
                             changed.notify_one();
                           }});
            }),
            (Texts{"ready=false", "ready=true"}));
}

TEST(ConditionVariableTest, TimeoutsAreLimitedAndTheVerdictSaysSo) {
  Options options = tests::everything();
  options.timeouts = 2;
  const Result result = check(
      [] {
        mutex guard{"guard"};
        condition_variable changed{"changed"};
        var<bool> ready{false, "ready"};
        run_threads({[&] {
                       unique_lock hold(guard);
                       while (!ready.load()) changed.wait_for(hold, 1s);
                     },
                     [&] {
                       const lock_guard hold(guard);
                       ready = true;
                       changed.notify_one();
                     }});
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::Inconclusive) << tests::summary(result);
  EXPECT_EQ(result.reason, "executions in which a thread times out more than 2 times were left out");
}

TEST(ConditionVariableTest, SpuriousWakeUpsComeOnlyWhenAskedFor) {
  const auto body = [] {
    mutex guard{"guard"};
    condition_variable changed{"changed"};
    var<bool> ready{false, "ready"};
    run_threads({[&] {
                   unique_lock hold(guard);
                   if (!ready.load()) changed.wait(hold);
                   outcome("ready", ready.load());
                 },
                 [&] {
                   const lock_guard hold(guard);
                   ready = true;
                   changed.notify_one();
                 }});
  };
  EXPECT_EQ(behaviour(body), Texts{"ready=true"});
  Options spurious = tests::everything();
  spurious.spurious = 1;
  EXPECT_EQ(behaviour(body, spurious), (Texts{"ready=false", "ready=true"}));
}

TEST(ConditionVariableTest, TheAnyVariantMissesNothingEither) {
  EXPECT_EQ(behaviour([] {
              mutex guard{"guard"};
              condition_variable_any changed{"changed"};
              var<bool> ready{false, "ready"};
              run_threads({[&] {
                             unique_lock hold(guard);
                             changed.wait(hold, [&] { return ready.load(); });
                             outcome("ready", ready.load());
                           },
                           [&] {
                             const lock_guard hold(guard);
                             ready = true;
                             changed.notify_one();
                           }});
            }),
            Texts{"ready=true"});
}

TEST(ConditionVariableTest, AStopEndsTheWaitOfTheAnyVariant) {
  EXPECT_EQ(behaviour([] {
              mutex guard{"guard"};
              condition_variable_any changed{"changed"};
              stop_source source;
              thread waiting([&] {
                unique_lock hold(guard);
                outcome("ready", changed.wait(hold, source.get_token(), [] { return false; }));
              });
              source.request_stop();
              waiting.join();
            }),
            Texts{"ready=false"});
}

TEST(ConditionVariableTest, WaitingWithoutTheMutexIsMisuse) {
  EXPECT_EQ(misuse([] {
              mutex guard{"guard"};
              condition_variable changed{"changed"};
              unique_lock hold(guard, defer_lock);
              changed.wait(hold);
            }),
            "main waits on changed with guard, which it does not hold");
}

TEST(ConditionVariableTest, WaitingWithTwoMutexesIsMisuse) {
  EXPECT_EQ(misuse([] {
              mutex a{"a"}, b{"b"};
              condition_variable changed{"changed"};
              thread one([&] {
                unique_lock hold(a);
                changed.wait(hold);
              });
              thread two([&] {
                unique_lock hold(b);
                changed.wait(hold);
              });
              one.join();
              two.join();
            }).substr(2),
            " waits on changed with b while T1 waits with a");
}

// The queue has room for nine; more lose control, whatever they wait on.
TEST(ConditionVariableTest, TenThreadsThatWaitAreTooMany) {
  Options one_execution = tests::everything(StrategyKind::Random);
  one_execution.executions = 1;
  const Result on_a_condition = check(
      [] {
        mutex guard{"guard"};
        condition_variable changed{"changed"};
        const auto wait = [&] {
          unique_lock hold(guard);
          changed.wait(hold);
        };
        run_threads(std::vector<std::function<void()>>(10, wait));
      },
      one_execution);
  EXPECT_EQ(on_a_condition.verdict, Verdict::ControlLost);
  EXPECT_THAT(on_a_condition.reason, testing::HasSubstr("more than 9 threads wait on changed"));
  const Result on_an_atomic = check(
      [] {
        atomic<int> x{0, "x"};
        run_threads(std::vector<std::function<void()>>(10, [&] { x.wait(0); }));
      },
      one_execution);
  EXPECT_EQ(on_an_atomic.verdict, Verdict::ControlLost);
  EXPECT_THAT(on_an_atomic.reason, testing::HasSubstr("more than 9 threads wait on x"));
}

TEST(ConditionVariableTest, DestroyingItWhileSomebodyWaitsIsMisuse) {
  EXPECT_EQ(misuse([] {
              mutex guard{"guard"};
              var<bool> waiting{false, "waiting"};
              thread other;
              {
                condition_variable changed{"changed"};
                other = thread([&] {
                  unique_lock hold(guard);
                  waiting = true;
                  changed.wait(hold);
                });
                const lock_guard hold(guard);
                assume(waiting.load());
              }
              other.join();
            }),
            "main destroys changed while T1 waits for it");
}

class ConditionVariableWithEachLock : public tests::UnderEverySearch {};

template <class Lock>
void wait_with() {
  mutex guard{"guard"};
  condition_variable changed{"changed"};
  var<int> stage{0, "stage"};
  run_threads({[&] {
                 Lock hold(guard);
                 while (stage.load() == 0) changed.wait(hold);
                 changed.wait(hold, [&] { return stage.load() == 2; });
                 changed.wait_for(hold, 1s);
                 changed.wait_until(hold, steady_clock::now(), [] { return true; });
               },
               [&] {
                 for (int i = 0; i < 2; ++i) {
                   const lock_guard hold(guard);
                   ++stage;
                   changed.notify_one();
                 }
               }});
}

TEST_P(ConditionVariableWithEachLock, WaitsWithHeddlesAndTheStandardsUniqueLock) {
  expect_verified(wait_with<unique_lock<mutex>>);
  expect_verified(wait_with<std::unique_lock<mutex>>);
}

// [thread.condition.nonmember]: what the thread has done before it ended is seen, to its last destructor.
template <class Lock>
void notify_at_exit() {
  mutex guard{"guard"};
  condition_variable changed{"changed"};
  var<bool> ended{false, "ended"};
  var<int> last{0, "last"};
  struct AtTheEnd {
    var<int>& last;
    ~AtTheEnd() { last = 1; }
  };
  thread worker([&] {
    const AtTheEnd end{last};
    Lock hold(guard);
    ended = true;
    notify_all_at_thread_exit(changed, std::move(hold));
  });
  {
    Lock hold(guard);
    changed.wait(hold, [&] { return ended.load(); });
    require_eq(last.load(), 1);
  }
  worker.join();
}

TEST_P(ConditionVariableWithEachLock, NotifiesWhenTheThreadHasEnded) {
  expect_verified(notify_at_exit<unique_lock<mutex>>);
  expect_verified(notify_at_exit<std::unique_lock<mutex>>);
}

INSTANTIATE_TEST_SUITE_P(Searches, ConditionVariableWithEachLock, tests::every_search(), tests::name_of);

}  // namespace
}  // namespace heddle
