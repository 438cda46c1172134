// tests/sync/models_waiting_test.cpp - the same of what takes several mutexes, waits and refers.
//
// Plain data stands on both sides of each: a missing edge would be a data race, or a stale value.

#include "tests/sync/under_each_model.hpp"

#include <heddle/atomic.hpp>
#include <heddle/barrier.hpp>
#include <heddle/check.hpp>
#include <heddle/choose.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/future.hpp>
#include <heddle/latch.hpp>
#include <heddle/memory.hpp>
#include <heddle/mutex.hpp>
#include <heddle/once.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/shared_mutex.hpp>
#include <heddle/stop_token.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace heddle {
namespace {

TEST_P(UnderEachModel, WhoHasOnlySomeOfSeveralMutexesIsInNobodysWay) {
  const Result result = explored([] {
    mutex a{"a"};
    mutex b{"b"};
    together([&] { const scoped_lock hold(a, b); },
             [&] {
               const lock_guard outer(b);
               outcome("free", a.try_lock());
               a.unlock();
             });
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << result.defects.front().message;
  EXPECT_EQ(result.complete, 2u);
  ASSERT_EQ(result.outcomes.size(), 1u);
}

TEST_P(UnderEachModel, WhoWaitsForOneOfSeveralMutexesThatNobodyGivesBackIsStuck) {
  const Result result = explored([] {
    mutex a{"a"};
    mutex b{"b"};
    thread all([&] { const scoped_lock hold(a, b); });
    thread forgets([&] { b.lock(); });
    thread other([&] { const lock_guard hold(a); });
    all.join();
    forgets.join();
    other.join();
    b.unlock();
  });
  EXPECT_EQ(result.complete, 3u);
  EXPECT_EQ(result.deadlocked, 1u);
}

// ---- waiting for a change -----------------------------------------------------------------------------

TEST_P(UnderEachModel, ANotificationAfterTheChangeEndsTheWaitOfAnAtomic) {
  expect_verified([] {
    atomic<int> x{0, "x"};
    together(
        [&] {
          x.wait(0, memory_order_relaxed);
          require_eq(x.load(memory_order_relaxed), 1);
        },
        [&] {
          x.store(1, memory_order_relaxed);
          x.notify_one();
        });
  });
}

TEST_P(UnderEachModel, TheWaitOfAnAtomicOrdersWhatItsLoadDoes) {
  const auto body = [](std::memory_order order) {
    return [order] {
      atomic<int> x{0, "x"};
      var<int> data{0, "data"};
      together(
          [&] {
            x.wait(0, order);
            static_cast<void>(data.load());
          },
          [&] {
            data = 1;
            x.store(1, memory_order_release);
            x.notify_all();
          });
    };
  };
  expect_verified(body(memory_order_acquire));
  expect_defect(body(memory_order_relaxed), DefectKind::DataRace);
}

TEST_P(UnderEachModel, AChangeThatNobodyIsToldOfMayBeMissed) {
  const Result result = explored([] {
    atomic<int> x{0, "x"};
    together([&] { x.wait(0, memory_order_relaxed); },
             [&] {
               x.notify_all();
               x.store(1, memory_order_relaxed);
             });
  });
  EXPECT_EQ(result.deadlocked, 2u);
  EXPECT_EQ(result.blocked, 0u);
}

TEST_P(UnderEachModel, EachNotificationOfAnAtomicWakesOne) {
  const auto body = [](int notifications) {
    return [notifications] {
      atomic<int> x{0, "x"};
      const auto wait = [&] { x.wait(0, memory_order_acquire); };
      thread one(wait);
      thread two(wait);
      x.store(1, memory_order_release);
      for (int i = 0; i < notifications; ++i) x.notify_one();
      one.join();
      two.join();
    };
  };
  expect_verified(body(2));
  // One of two that sleep is left. Who finds the new value after all passes the notification on.
  const Result result = explored(body(1));
  EXPECT_EQ(result.deadlocked, GetParam() == MemoryModel::Rc11 ? 8u : 4u);
}

TEST_P(UnderEachModel, ARequestToStopIsNotMissed) {
  expect_verified([] {
    mutex guard;
    condition_variable_any changed;
    stop_source source;
    together(
        [&] {
          unique_lock hold(guard);
          changed.wait(hold, source.get_token(), [] { return false; });
        },
        [&] { source.request_stop(); });
  });
}

// ---- whom a notification wakes --------------------------------------------------------------------------

// The second waiter has seen the very write that the notification tells of: it is for the first, the only one
// that is eligible ([atomics.wait]).
TEST_P(UnderEachModel, ANotificationIsForWhoHasSeenAnOlderWrite) {
  const Result result = explored([] {
    atomic<int> value{0, "value"}, woken{0, "woken"};
    thread early([&] {
      value.wait(0);
      woken.store(1);
      woken.notify_all();
    });
    thread late([&] {
      if (value.load() == 1) value.wait(1);
    });
    thread notifier([&] {
      value.store(1);
      value.notify_one();
      woken.wait(0);
      value.store(2);
      value.notify_all();
    });
    early.join();
    late.join();
    notifier.join();
  });
  EXPECT_EQ(result.verdict, Verdict::Verified)
      << (result.defects.empty() ? result.reason : result.defects.front().message);
}

TEST_P(UnderEachModel, ANotificationIsForOneOfTheEligible) {
  const Result result = explored([] {
    atomic<int> value{0, "value"};
    thread one([&] { value.wait(0); });
    thread two([&] { value.wait(0); });
    value.store(1);
    value.notify_one();
    one.join();
    two.join();
  });
  EXPECT_EQ(result.verdict, Verdict::Defect);
  EXPECT_GT(result.deadlocked, 0u);
}

// ---- outcomes of several threads ------------------------------------------------------------------------

TEST_P(UnderEachModel, TheStepsOfThreadsSayWhichOutcomeIsTheLast) {
  const Result result = explored([] {
    mutex guard;
    const auto record = [&](int value) {
      return [&, value] {
        const lock_guard hold(guard);
        outcome("last", value);
      };
    };
    together(record(1), record(2));
    outcome("end", 0);
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << result.reason;
  EXPECT_EQ(result.outcomes.size(), 2u);
}

TEST_P(UnderEachModel, WhereTheyDoNotControlIsLost) {
  const Result result = explored([] {
    atomic<int> a{0, "a"}, b{0, "b"};
    together(
        [&] {
          a.store(1);
          outcome("last", 1);
        },
        [&] {
          b.store(1);
          outcome("last", 2);
        });
  });
  EXPECT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_EQ(
      result.reason,
      "outcome(\"last\") is recorded by T1 and by T2, and nothing that they do says which of them comes "
      "last. Give each thread a name of its own, or record after they have been joined.");
}

TEST_P(UnderEachModel, EqualOutcomesNeedNoOrderAndNeitherDoesWhatMainRecordsAtTheEnd) {
  const Result result = explored([] {
    atomic<int> a{0, "a"}, b{0, "b"};
    together(
        [&] {
          a.store(1);
          outcome("same", 1);
          outcome("end", 1);
        },
        [&] {
          b.store(1);
          outcome("same", 1);
          outcome("end", 2);
        });
    outcome("end", 3);
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << result.reason;
  EXPECT_EQ(result.outcomes.size(), 1u);
}

// ---- objects that are not where they belong -----------------------------------------------------------

TEST_P(UnderEachModel, AReferenceMakesAnOrdinaryObjectAtomic) {
  const Result result = explored([] {
    int n = 0;
    together([&] { atomic_ref<int>(n).fetch_add(1, memory_order_relaxed); },
             [&] { atomic_ref<int>(n).store(5, memory_order_relaxed); });
    outcome("n", n);
  });
  EXPECT_EQ(result.verdict, Verdict::Verified);
  ASSERT_EQ(result.outcomes.size(), 2u);
  EXPECT_EQ(result.outcomes[0].values.at(0).second, "5");
  EXPECT_EQ(result.outcomes[1].values.at(0).second, "6");
  EXPECT_EQ(result.redundant, 0u);
}

struct Counted : tracked {
  atomic<int> value{0, "value"};
};

TEST_P(UnderEachModel, ReferencesAreCountedWithReleaseAndAcquire) {
  const auto body = [](std::memory_order order) {
    return [order] {
      auto* const node = new Counted;
      atomic<int> count{2, "count"};
      const auto drop = [&] {
        static_cast<void>(node->value.load(memory_order_relaxed));
        if (count.fetch_sub(1, order) == 1) delete node;
      };
      together(drop, drop);
    };
  };
  expect_verified(body(memory_order_acq_rel));
  expect_defect(body(memory_order_release), DefectKind::UseAfterFree);
  expect_defect(body(memory_order_relaxed), DefectKind::UseAfterFree);
}

TEST_P(UnderEachModel, WhatIsGivenBackIsUsedNoMore) {
  expect_defect(
      [] {
        auto* const node = new Counted;
        together([=] { delete node; }, [=] { node->value.store(1); });
      },
      DefectKind::UseAfterFree);
}

}  // namespace
}  // namespace heddle
