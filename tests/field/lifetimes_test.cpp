// tests/field/lifetimes_test.cpp - objects that go away while somebody uses them
//
// An access that comes after the end of an object's life, or does not happen before it, is a use after free.
// The idioms that the standard allows are not.

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/latch.hpp>
#include <heddle/memory.hpp>
#include <heddle/mutex.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace heddle {
namespace {

using tests::each_class;
using tests::expect_among_defects;
using tests::expect_defect;
using tests::expect_verified;
using tests::explore_each;
using tests::together;
using tests::told;

TEST(LifetimeTest, AnAtomicOnTheStackMayGoOnceItsLastUseWasSeen) {
  expect_verified(
      [] {
        thread worker;
        {
          atomic<bool> finishing{false, "finishing"};
          atomic<int> items{0, "items"};
          worker = thread([&] {
            items.fetch_add(1, memory_order_release);
            finishing.store(true, memory_order_release);
          });
          while (!finishing.load(memory_order_acquire)) {
          }
        }
        worker.join();
      },
      each_class);
}

struct Completion {
  mutex guard{"guard"};
  condition_variable changed{"changed"};
  var<bool> done{false, "done"};
};

// [thread.condition.condvar]/5: the destructor only needs that all who wait have been notified.
TEST(LifetimeTest, AConditionVariableMayGoWhenItWasNotifiedUnderItsLock) {
  expect_verified([] {
    auto owner = std::make_unique<Completion>();
    Completion* const state = owner.get();
    thread worker([=] {
      const lock_guard hold(state->guard);
      state->done = true;
      state->changed.notify_one();
    });
    {
      unique_lock hold(state->guard);
      while (!state->done.load()) state->changed.wait(hold);
    }
    owner.reset();
    worker.join();
  });
}

TEST(LifetimeTest, AConditionVariableMayGoBeforeThoseItWokeHaveTheirMutexBack) {
  expect_verified(
      [] {
        mutex guard{"guard"};
        auto changed = std::make_unique<condition_variable>("changed");
        atomic<bool> waits{false, "waits"};
        thread waiter([&] {
          unique_lock hold(guard);
          waits.store(true);
          waits.notify_one();
          changed->wait(hold);
        });
        waits.wait(false);
        {
          const lock_guard hold(guard);  // the waiter has given it back by waiting
          changed->notify_all();
          changed.reset();
        }
        waiter.join();
      },
      each_class);
}

TEST(LifetimeTest, ADetachedThreadMayUseWhatItOwns) {
  expect_verified([] {
    auto mine = std::make_unique<atomic<int>>(0);
    thread worker([mine = std::move(mine)] { mine->store(1); });
    worker.detach();
  });
}

TEST(LifetimeTest, ADetachedThreadMayUseWhatTheBodyWaitsFor) {
  expect_verified([] {
    latch done{1, "done"};
    thread worker([&] { done.count_down(); });
    worker.detach();
    done.wait();
  });
}

// The one who leaves last destroys it: nobody uses a mutex after its own unlock.
TEST(LifetimeTest, AMutexMayGoAfterTheLastUnlock) {
  struct Shared {
    mutex guard{"guard"};
    int users = 2;
  };
  expect_verified([] {
    auto* const shared = new Shared;
    const auto leave = [=] {
      bool last = false;
      {
        const lock_guard hold(shared->guard);
        last = --shared->users == 0;
      }
      if (last) delete shared;
    };
    together(leave, leave);
  });
}

TEST(LifetimeTest, AMutexMustNotGoWhileItsGuardIsToUnlockIt) {
  struct Shared {
    mutex guard{"guard"};
    int users = 2;
  };
  expect_among_defects(DefectKind::MutexMisuse, [] {
    auto* const shared = new Shared;
    const auto leave = [=] {
      shared->guard.lock();
      if (--shared->users == 0) {
        delete shared;  // and it is held
        return;
      }
      shared->guard.unlock();
    };
    together(leave, leave);
  });
}

TEST(LifetimeTest, ALatchMayGoWhenItsWaitHasReturned) {
  expect_verified([] {
    thread worker;
    int result = 0;
    {
      latch done{1, "done"};
      worker = thread([&] {
        result = 1;
        done.count_down();
      });
      done.wait();
      require_eq(result, 1);
    }
    worker.join();
  });
}

TEST(LifetimeTest, AnOptionalIsResetWhenItsValueIsNoLongerUsed) {
  expect_verified([] {
    std::optional<var<int>> x;
    x.emplace(0, "x");
    atomic<bool> used{false, "used"};
    together(
        [&] {
          *x = 42;
          used.store(true);
        },
        [&] {
          if (used.load()) x.reset();
        });
  });
}

TEST(LifetimeTest, AnElementIsErasedUnderTheLockUnderWhichItIsUsed) {
  expect_verified([] {
    mutex guard{"guard"};
    std::map<std::string, var<int>> items;
    items.try_emplace("one", 1);
    thread user([&] {
      const lock_guard hold(guard);
      if (const auto found = items.find("one"); found != items.end()) ++found->second;
    });
    {
      const lock_guard hold(guard);
      items.erase("one");
    }
    user.join();
  });
}

TEST(LifetimeTest, AUniquePointerIsResetAfterTheJoin) {
  expect_verified([] {
    auto owner = std::make_unique<var<int>>(1, "object");
    thread user([object = owner.get()] { (void)object->load(); });
    user.join();
    owner.reset();
  });
}

// A member that is declared after the thread has gone when the thread's destructor joins.
struct ThreadLast {
  var<int> state{0, "state"};
  jthread runner{[this] { state = 1; }};
};
struct ThreadFirst {
  jthread runner;
  var<int> state{0, "state"};
  explicit ThreadFirst(binary_semaphore& begin) {
    runner = jthread([&, this] {
      begin.acquire();
      state = 1;
    });
    begin.release();
  }
};

TEST(LifetimeTest, AThreadThatIsTheLastMemberIsJoinedFirst) {
  expect_verified([] { const ThreadLast worker; });
}

TEST(LifetimeTest, AnObjectInTheSamePlaceIsAnotherObject) {
  expect_verified([] {
    for (int i = 0; i < 3; ++i) {
      var<int> x{i, "x"};
      thread worker([&] { ++x; });
      worker.join();
      require_eq(x, i + 1);
    }
  });
}

TEST(LifetimeTest, OneThreadDeletesWhenAFlagIsTakenOnce) {
  expect_verified([] {
    auto* const object = new var<int>(1, "object");
    atomic<bool> deleted{false, "deleted"};
    const auto clean_up = [&] {
      if (!deleted.exchange(true)) delete object;
    };
    together(clean_up, clean_up);
  });
}

TEST(LifetimeTest, TrackedMemoryThatIsNotGivenBackIsADefect) {
  struct Node : tracked {
    var<int> value{0, "value"};
  };
  expect_defect(DefectKind::Leak, [] {
    atomic<Node*> slot{nullptr, "slot"};
    const auto publish = [&] {
      Node* nothing = nullptr;
      auto* const mine = new Node;
      slot.compare_exchange_strong(nothing, mine);  // and who comes second forgets its own
    };
    together(publish, publish);
    delete slot.load();
  });
}

}  // namespace
}  // namespace heddle
