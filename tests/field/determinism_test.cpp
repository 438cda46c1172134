// tests/field/determinism_test.cpp - programs that depend on more than their steps
//
// What the checker cannot see must not turn into a proof, an accusation or a crash of its own. What an
// ordinary program keeps in plain variables, ordered by what it sees, must not be taken for that.

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/choose.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace heddle {
namespace {

using tests::Body;
using tests::each_class;
using tests::every_search;
using tests::expect_control_lost;
using tests::expect_no_accusation;
using tests::expect_no_proof;
using tests::expect_outcomes;
using tests::expect_verified;
using tests::together;

// Plain variables that a join orders.

TEST(PlainResultTest, IsReadAfterTheJoins) {
  expect_outcomes({"r1=0 r2=1", "r1=1 r2=0", "r1=1 r2=1"}, [] {
    atomic<int> x{0, "x"}, y{0, "y"};
    int r1 = 0;
    int r2 = 0;
    together(
        [&] {
          x.store(1);
          r1 = y.load();
        },
        [&] {
          y.store(1);
          r2 = x.load();
        });
    outcome("r1", r1);
    outcome("r2", r2);
  });
}

TEST(PlainResultTest, DecidesWhatIsDoneAfterTheJoins) {
  expect_verified([] {
    atomic<int> x{0, "x"}, y{0, "y"};
    int r1 = 0;
    together(
        [&] {
          x.store(1);
          r1 = y.load();
        },
        [&] {
          y.store(1);
          (void)x.load();
        });
    if (r1 == 0) require_eq(x.load(), 1);
  });
}

TEST(PlainResultTest, IsStoredAfterOneJoinWhileAnotherThreadRuns) {
  expect_outcomes({"y=0", "y=1"}, [] {
    atomic<int> x{0, "x"}, y{0, "y"};
    int seen = 0;
    thread reader([&] { seen = x.load(); });
    thread writer([&] { x.store(1); });
    reader.join();
    y.store(seen);
    writer.join();
    outcome("y", y.load());
  });
}

TEST(PlainResultTest, DecidesHowManyThreadsAreStartedNext) {
  expect_outcomes({"x=1", "x=3"}, [] {
    atomic<int> x{0, "x"};
    int seen = 0;
    together([&] { x.store(1); }, [&] { seen = x.load(); });
    if (seen == 1) together([&] { x.fetch_add(1); }, [&] { x.fetch_add(1); });
    outcome("x", x.load());
  });
}

TEST(PlainResultTest, IsPassedOnByAReleaseStore) {
  expect_verified([] {
    std::vector<std::string> log;
    atomic<bool> ready{false, "ready"};
    thread writer([&] {
      log.push_back("a line that is too long to be kept within the string");
      ready.store(true, memory_order_release);
    });
    if (ready.load(memory_order_acquire)) require_eq(log.size(), 1u);
    writer.join();
    require_eq(log.size(), 1u);
  });
}

TEST(PlainResultTest, IsKeptUnderALock) {
  expect_outcomes({"order=12", "order=21"}, [] {
    mutex guard{"guard"};
    std::string order;
    const auto append = [&](char who) {
      const lock_guard hold(guard);
      order += who;
    };
    together([&] { append('1'); }, [&] { append('2'); });
    outcome("order", order);
  });
}

TEST(PlainResultTest, OfOneThreadDecidesItsOwnNextStep) {
  expect_verified([] {
    atomic<int> x{0, "x"}, y{0, "y"};
    const auto work = [&] {
      std::map<int, int> seen;
      for (int i = 0; i < 2; ++i) ++seen[x.fetch_add(1)];
      for (const auto& [value, times] : seen)
        if (value % 2 == 0) y.fetch_add(times);
    };
    together(work, work);
    require_eq(y, 2);
  });
}

// Plain variables that nothing orders.

TEST(UnseenSharingTest, AForgottenAtomicDecidesWhatIsReadNext) {
  expect_control_lost([] {
    return [] {
      atomic<int> a{0, "a"}, b{0, "b"}, c{0, "c"};
      bool raw = false;
      thread writer([&] {
        a.store(1);
        raw = true;
        c.store(1);
      });
      b.store(1);
      if (raw) (void)a.load();
      else (void)b.load();
      writer.join();
    };
  });
}

TEST(UnseenSharingTest, AForgottenAtomicDecidesWhetherALockIsTaken) {
  expect_control_lost([] {
    return [] {
      atomic<int> a{0, "a"}, b{0, "b"};
      mutex guard{"guard"};
      bool raw = false;
      thread writer([&] {
        a.store(1);
        raw = true;
        const lock_guard hold(guard);
      });
      b.store(1);
      if (raw) const lock_guard hold(guard);
      else (void)b.load();
      writer.join();
    };
  });
}

TEST(UnseenSharingTest, AFlagThatIsSetAfterALockDecidesWhetherAnotherStoreFollows) {
  expect_control_lost([] {
    return [] {
      mutex guard{"guard"};
      atomic<int> x{0, "x"};
      bool raw = false;
      thread writer([&] {
        x.store(1);
        if (raw) ++x;
        const lock_guard hold(guard);
      });
      { const lock_guard hold(guard); }
      raw = true;
      (void)x.load();
      writer.join();
    };
  });
}

TEST(UnseenSharingTest, APlainCountIsStored) {
  expect_control_lost([] {
    return [] {
      atomic<int> a{0, "a"}, b{0, "b"}, x{0, "x"}, y{0, "y"};
      int raw = 0;
      together(
          [&] {
            a.store(1);
            x.store(++raw);
          },
          [&] {
            b.store(1);
            y.store(++raw);
          });
    };
  });
}

// The destructor of what two threads share is a step of the one that drops the last reference.
TEST(UnseenSharingTest, TheCountOfASharedPointerDecidesWhoLocks) {
  struct Log {
    mutex& guard;
    var<int>& count;
    ~Log() {
      const lock_guard hold(guard);
      ++count;
    }
  };
  expect_control_lost([] {
    return [] {
      mutex guard{"guard"};
      var<int> count{0, "count"};
      auto owner = std::make_shared<Log>(guard, count);
      atomic<int> x{0, "x"}, y{0, "y"};
      thread other([owner, &x]() mutable {
        x.store(1);
        owner.reset();
        x.store(2);
      });
      y.store(1);
      owner.reset();
      y.store(2);
      other.join();
      require_eq(count, 1);
    };
  });
}

TEST(UnseenSharingTest, TheCountOfASharedPointerDoesNotMatterWhereTheJoinerIsTheLastOwner) {
  struct State {
    mutex guard{"guard"};
    var<int> count{0, "count"};
  };
  expect_verified([] {
    const auto state = std::make_shared<State>();
    const auto work = [state] {
      const lock_guard hold(state->guard);
      ++state->count;
    };
    together(work, work);
    require_eq(state->count, 2);
  });
}

// Whoever is the last one destroys a mutex and a variable that nobody uses any more: no accusation, whatever
// else.
TEST(UnseenSharingTest, TheLastOwnerOfSharedStateIsNotAccused) {
  struct State {
    mutex guard{"guard"};
    var<int> count{0, "count"};
  };
  expect_no_accusation([] {
    auto state = std::make_shared<State>();
    thread worker([state]() mutable {
      {
        const lock_guard hold(state->guard);
        ++state->count;
      }
      state.reset();
    });
    {
      const lock_guard hold(state->guard);
      ++state->count;
    }
    state.reset();
    worker.join();
  });
}

// Executions that differ from one to the next.

TEST(RepeatedExecutionTest, AValueThatDiffersIsWrittenByAnExchange) {
  expect_control_lost([] {
    return Body([runs = 0]() mutable {
      ++runs;
      atomic<int> x{0, "x"}, y{0, "y"};
      together(
          [&] {
            x.exchange(runs);
            y.store(1);
          },
          [&] {
            (void)y.load();
            (void)x.load();
          });
    });
  });
}

TEST(RepeatedExecutionTest, AValueThatDiffersIsStored) {
  expect_control_lost([] {
    return Body([runs = 0]() mutable {
      var<int> x{0, "x"};
      thread writer([&] { x = ++runs; });
      writer.join();
      (void)x.load();
    });
  });
}

TEST(RepeatedExecutionTest, AValueThatDiffersIsAdded) {
  expect_control_lost([] {
    return Body([runs = 0]() mutable {
      ++runs;
      atomic<int> x{0, "x"};
      together([&] { x.fetch_add(runs); }, [&] { (void)x.load(); });
    });
  });
}

TEST(RepeatedExecutionTest, TheFirstOneStartsAThreadMore) {
  expect_control_lost([] {
    return Body([runs = 0]() mutable {
      atomic<int> x{0, "x"};
      thread always([&] { ++x; });
      if (++runs == 1) {
        thread once([&] { ++x; });
        once.join();
      }
      ++x;
      always.join();
    });
  });
}

TEST(RepeatedExecutionTest, TheFirstOneInitialisesWhatStays) {
  expect_control_lost([] {
    auto cache = std::make_shared<std::unique_ptr<int>>();  // as a static in a function would
    return Body([cache] {
      atomic<int> x{0, "x"};
      together(
          [&] {
            if (*cache == nullptr) {
              *cache = std::make_unique<int>(1);
              x.store(1);
            }
          },
          [&] { x.store(2); });
    });
  });
}

TEST(RepeatedExecutionTest, EachOneThrowsDice) {
  expect_control_lost([] {
    return Body([state = 1u]() mutable {
      atomic<int> x{0, "x"}, y{0, "y"};
      together(
          [&] {
            state = state * 1664525u + 1013904223u;  // Numerical Recipes
            if (state >> 31 != 0) x.store(1);
            else y.store(1);
          },
          [&] {
            x.store(2);
            y.store(2);
          });
    });
  });
}

TEST(RepeatedExecutionTest, ChoicesAreWhatDiceShouldBe) {
  expect_outcomes({"x=0", "x=1", "x=2"}, [] {
    atomic<int> x{0, "x"};
    thread writer([&] { x.store(static_cast<int>(choose(3))); });
    writer.join();
    outcome("x", x.load());
  });
}

// Globals.

var<std::string> global_text{"a", "global_text"};
var<int> global_number{1, "global_number"};
atomic<int> global_atomic{1, "global_atomic"};

TEST(GlobalTest, StartsEveryExecutionWithTheValueItHasOutside) {
  expect_outcomes({"atomic=1 number=1 text=a"}, [] {
    outcome("text", global_text.load());
    outcome("number", global_number.load());
    outcome("atomic", global_atomic.load());
    thread writer([&] {
      global_text = std::string("b");
      global_number = 2;
      global_atomic.store(2);
    });
    writer.join();
    atomic<int> z{0, "z"};
    together([&] { z.store(1); }, [&] { z.store(2); });
  });
}

TEST(GlobalTest, HasItsOutsideValueAfterAnExploration) {
  for (const tests::Search& search : every_search)
    (void)tests::explored([] { global_text = std::string("c"); }, search);
  EXPECT_EQ(global_text.load(), "a");
}

// Proofs of nothing.

TEST(VacuousTest, AnAssumptionThatNeverHoldsIsNoProof) {
  expect_no_proof([] {
    atomic<int> x{0, "x"};
    together([&] { x.store(1); }, [&] { assume(x.load() == 2); });
    require_eq(x.load(), 3);
  });
}

// What the loop waits for is written where the checker does not see it: neither a proof nor a livelock.
TEST(VacuousTest, ALoopThatWaitsForAPlainFlagIsNeitherRightNorWrong) {
  tests::explore_each(
      each_class,
      [] {
        bool ready = false;
        atomic<int> x{0, "x"};
        together(
            [&] {
              while (!ready) this_thread::yield();
            },
            [&] {
              x.store(1);
              ready = true;
            });
      },
      location::current(),
      [](const Result& result) {
        EXPECT_EQ(result.verdict, Verdict::Inconclusive) << tests::told(result);
        EXPECT_EQ(result.complete, 0u);
      });
}

TEST(OutcomeTest, OfTwoThreadsThatNothingOrdersCannotBeRecorded) {
  expect_control_lost([] {
    return [] {
      atomic<int> x{0, "x"}, y{0, "y"};
      together(
          [&] {
            x.store(1);
            outcome("last", 1);
          },
          [&] {
            y.store(1);
            outcome("last", 2);
          });
    };
  });
}

}  // namespace
}  // namespace heddle
