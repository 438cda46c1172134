// tests/field/use_after_life_test.cpp - uses of what has gone, and of what is not there yet
//
// The broken programs of ordinary C++: nothing in them is tracked. What the standard allows is in
// lifetimes_test.cpp.

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

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace heddle {
namespace {

using tests::each_class;
using tests::expect_among_defects;
using tests::expect_defect;
using tests::expect_verified;
using tests::together;

TEST(UseAfterLifeTest, AnAtomicOnTheStackGoesBeforeItsLastUse) {
  expect_among_defects(
      DefectKind::UseAfterFree,
      [] {
        thread worker;
        {
          atomic<bool> finishing{false, "finishing"};
          atomic<int> items{0, "items"};
          worker = thread([&] {
            finishing.store(true, memory_order_release);
            items.fetch_add(1, memory_order_release);
          });
          while (!finishing.load(memory_order_acquire)) {
          }
        }
        worker.join();
      },
      each_class);
}

TEST(UseAfterLifeTest, AConditionVariableIsNotifiedAfterTheUnlock) {
  struct State {
    mutex guard{"guard"};
    condition_variable changed{"changed"};
    var<bool> done{false, "done"};
  };
  expect_among_defects(DefectKind::UseAfterFree, [] {
    auto owner = std::make_unique<State>();
    State* const state = owner.get();
    thread worker([=] {
      {
        const lock_guard hold(state->guard);
        state->done = true;
      }
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

TEST(UseAfterLifeTest, ADetachedThreadUsesALocalOfTheBody) {
  expect_defect(DefectKind::UseAfterFree, [] {
    atomic<int> x{0, "x"};
    thread worker([&] {
      x.store(1);
      x.store(2);
    });
    worker.detach();
  });
}

TEST(UseAfterLifeTest, ADetachedThreadThatYieldsFirstUsesALocalOfTheBody) {
  expect_defect(DefectKind::UseAfterFree, [] {
    var<int> local{0, "local"};
    thread worker([&] {
      this_thread::yield();
      local = 1;
    });
    worker.detach();
  });
}

TEST(UseAfterLifeTest, AnOptionalIsUsedByWhoHasSeenThatItWasReset) {
  expect_defect(DefectKind::UseAfterFree, [] {
    std::optional<var<int>> x;
    x.emplace(0, "x");
    atomic<bool> gone{false, "gone"};
    var<int>* const object = &*x;
    together(
        [&] {
          x.reset();
          gone.store(true);
        },
        [&] {
          if (gone.load()) *object = 42;
        });
  });
}

TEST(UseAfterLifeTest, AnOptionalIsResetWhileItMayBeUsed) {
  expect_defect(DefectKind::UseAfterFree, [] {
    std::optional<atomic<int>> x;
    x.emplace(0, "x");
    atomic<int>* const object = &*x;
    atomic<int> other{0, "other"};
    together(
        [&] {
          other.store(1);
          x.reset();
        },
        [&] { object->store(1); });
  });
}

// Where somebody is about to take it, or waits, that is told.
void expect_used_or_waited_for(const tests::Body& body) {
  tests::explore_each(tests::every_search, body, location::current(), [](const Result& result) {
    EXPECT_EQ(result.verdict, Verdict::Defect) << tests::told(result);
    EXPECT_TRUE(tests::defect_of(result, DefectKind::UseAfterFree) != nullptr ||
                tests::defect_of(result, DefectKind::MutexMisuse) != nullptr)
        << tests::told(result);
  });
}

TEST(UseAfterLifeTest, AMutexOnTheStackGoesBeforeTheThreadThatTakesIt) {
  expect_used_or_waited_for([] {
    thread worker;
    {
      mutex guard;
      worker = thread([&] { const lock_guard hold(guard); });
    }
    worker.join();
  });
}

TEST(UseAfterLifeTest, AnElementIsErasedWithoutTheLockUnderWhichItIsUsed) {
  expect_among_defects(DefectKind::UseAfterFree, [] {
    mutex guard{"guard"};
    std::map<int, var<int>> items;
    items.try_emplace(1, 1);
    var<int>& one = items.at(1);
    thread user([&] {
      const lock_guard hold(guard);
      ++one;
    });
    items.erase(1);
    user.join();
  });
}

TEST(UseAfterLifeTest, AUniquePointerIsResetBeforeTheJoin) {
  expect_defect(DefectKind::UseAfterFree, [] {
    auto owner = std::make_unique<var<int>>(1, "object");
    thread user([object = owner.get()] { (void)object->load(); });
    owner.reset();
    user.join();
  });
}

TEST(UseAfterLifeTest, AThreadThatIsTheFirstMemberIsJoinedLast) {
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
  expect_among_defects(DefectKind::UseAfterFree, [] {
    binary_semaphore begin{0, "begin"};
    const ThreadFirst worker(begin);
  });
}

TEST(UseAfterLifeTest, ASemaphoreIsReleasedOnceMoreThanItIsWaitedFor) {
  expect_among_defects(DefectKind::UseAfterFree, [] {
    thread worker;
    {
      counting_semaphore<> done{0, "done"};
      worker = thread([&] {
        done.release();
        done.release();
      });
      done.acquire();
    }
    worker.join();
  });
}

TEST(UseAfterLifeTest, ALatchGoesWhileAnotherStillWaits) {
  expect_used_or_waited_for([] {
    thread worker;
    {
      latch done{1, "done"};
      worker = thread([&] {
        done.count_down();
        done.wait();
      });
      done.wait();
    }
    worker.join();
  });
}

// P2616: nothing keeps the atomic object until the notification.
TEST(UseAfterLifeTest, AnAtomicIsNotifiedAfterTheWaiterHasSeenTheValue) {
  expect_among_defects(
      DefectKind::UseAfterFree,
      [] {
        thread worker;
        {
          atomic<bool> ready{false, "ready"};
          worker = thread([&] {
            ready.store(true);
            ready.notify_one();
          });
          ready.wait(false);
        }
        worker.join();
      },
      each_class);
}

struct Counted {
  atomic<int> users{2, "users"};
  var<int> value{0, "value"};
};
void leave(Counted* object, memory_order order) {
  (void)object->value.load();
  if (object->users.fetch_sub(1, order) == 1) delete object;
}

TEST(UseAfterLifeTest, AReferenceCountThatIsRelaxedOrdersNothing) {
  for (const memory_order order : {memory_order_relaxed, memory_order_release, memory_order_acquire})
    expect_among_defects(
        DefectKind::UseAfterFree,
        [order] {
          auto* const object = new Counted;
          together([=] { leave(object, order); }, [=] { leave(object, order); });
        },
        each_class);
  expect_verified(
      [] {
        auto* const object = new Counted;
        together([=] { leave(object, memory_order_acq_rel); }, [=] { leave(object, memory_order_acq_rel); });
      },
      each_class);
}

struct Node {
  var<int> value{0, "value"};
  atomic<Node*> next{nullptr, "next"};
};

TEST(UseAfterLifeTest, AStackThatFreesItsNodesAtOnceReadsAFreedNode) {
  expect_among_defects(
      DefectKind::UseAfterFree,
      [] {
        atomic<Node*> head{nullptr, "head"};
        for (int i = 0; i < 2; ++i) {
          auto* const node = new Node;
          node->next.store(head.load());
          head.store(node);
        }
        const auto pop = [&] {
          Node* node = head.load();
          while (node != nullptr && !head.compare_exchange_strong(node, node->next.load())) {
          }
          delete node;
        };
        together(pop, pop);
        while (Node* const node = head.load()) {
          head.store(node->next.load());
          delete node;
        }
      },
      each_class);
}

TEST(UseAfterLifeTest, AHazardPointerThatIsNotLookedAtAgainProtectsNothing) {
  expect_among_defects(
      DefectKind::UseAfterFree,
      [] {
        atomic<var<int>*> shared{new var<int>(1, "object"), "shared"};
        atomic<var<int>*> hazard{nullptr, "hazard"};
        thread reader([&] {
          var<int>* const object = shared.load();
          hazard.store(object);
          if (object != nullptr) (void)object->load();
          hazard.store(nullptr);
        });
        var<int>* const old = shared.exchange(nullptr);
        if (hazard.load() != old) delete old;
        reader.join();
      },
      each_class);
}

TEST(UseAfterLifeTest, ABlockIsGivenBackTwice) {
  expect_among_defects(DefectKind::UseAfterFree, [] {
    int* const block = new int(1);
    atomic<int> deleted{0, "deleted"};
    const auto clean_up = [&] {
      if (deleted.load() == 0) {
        deleted.store(1);
        delete block;
      }
    };
    together(clean_up, clean_up);
  });
}

// The count of a std::shared_ptr is not seen, but whoever destroys comes after all others.
TEST(UseAfterLifeTest, TheLastStandardSharedPointerIsNotAccused) {
  struct State {
    mutex guard{"guard"};
    var<int> value{0, "value"};
    std::unique_ptr<var<int>> inner = std::make_unique<var<int>>(0, "inner");
  };
  const auto use = [](std::shared_ptr<State> state) {
    const auto work = [](const std::shared_ptr<State>& mine) {
      const lock_guard hold(mine->guard);
      ++mine->value;
      ++*mine->inner;
    };
    thread a([=, mine = state] { work(mine); });
    thread b([=, mine = std::move(state)] { work(mine); });
    a.join();
    b.join();
  };
  const auto detach = [](std::shared_ptr<State> state) {
    thread([mine = state] { const lock_guard hold(mine->guard); }).detach();
    thread([mine = std::move(state)] { const lock_guard hold(mine->guard); }).detach();
  };
  expect_verified([=] { use(std::make_shared<State>()); }, each_class);
  expect_verified([=] { use(std::shared_ptr<State>(new State)); }, each_class);
  expect_verified([=] { detach(std::make_shared<State>()); }, each_class);
  expect_verified([=] { detach(std::shared_ptr<State>(new State)); }, each_class);
}

// ---- beginnings -------------------------------------------------------------------------------------

TEST(PublicationTest, AVariableThatIsPublishedRelaxedRacesWithItsFirstValue) {
  for (const memory_order order : {memory_order_relaxed, memory_order_release}) {
    const auto body = [order] {
      atomic<var<int>*> slot{nullptr, "slot"};
      std::unique_ptr<var<int>> owner;
      together(
          [&] {
            owner = std::make_unique<var<int>>(1, "object");
            slot.store(owner.get(), order);
          },
          [&] {
            if (const var<int>* object = slot.load(memory_order_acquire)) (void)object->load();
          });
    };
    if (order == memory_order_relaxed) expect_defect(DefectKind::DataRace, body);
    else expect_verified(body);
  }
}

TEST(PublicationTest, AnAtomicThatIsPublishedRelaxedRacesWithItsFirstValue) {
  expect_defect(DefectKind::DataRace, [] {
    atomic<atomic<int>*> slot{nullptr, "slot"};
    std::unique_ptr<atomic<int>> owner;
    together(
        [&] {
          owner = std::make_unique<atomic<int>>(1, "object");
          slot.store(owner.get(), memory_order_relaxed);
        },
        [&] {
          if (const atomic<int>* object = slot.load(memory_order_acquire)) (void)object->load();
        });
  });
}

TEST(PublicationTest, DoubleCheckedLockingRacesWithTheConstructor) {
  struct Singleton : tracked {
    var<int> config{1, "config"};
  };
  expect_among_defects(
      DefectKind::DataRace,
      [] {
        atomic<Singleton*> instance{nullptr, "instance"};
        mutex guard{"guard"};
        const auto get = [&] {
          Singleton* single = instance.load(memory_order_relaxed);
          if (single == nullptr) {
            const lock_guard hold(guard);
            single = instance.load(memory_order_relaxed);
            if (single == nullptr) {
              single = new Singleton;
              instance.store(single, memory_order_relaxed);
            }
          }
          return single->config.load();
        };
        together([&] { (void)get(); }, [&] { (void)get(); });
        delete instance.load();
      },
      each_class);
}

TEST(PublicationTest, WhatAThreadMakesBeforeItStartsAnotherIsThere) {
  expect_verified([] {
    thread outer([] {
      const auto early = std::make_unique<atomic<int>>(0, "early");
      thread inner([&] {
        early->store(1);
        thread innermost([&] { early->store(2); });
        innermost.join();
      });
      inner.join();
    });
    outer.join();
  });
}

TEST(PublicationTest, WhatAThreadMakesAfterItHasStartedAnotherIsNot) {
  expect_among_defects(
      DefectKind::DataRace,
      [] {
        std::optional<var<int>> late;
        atomic<bool> made{false, "made"};
        thread reader([&] {
          if (made.load(memory_order_relaxed)) (void)late->load();
        });
        late.emplace(1, "late");
        made.store(true, memory_order_relaxed);
        reader.join();
      },
      each_class);
}

}  // namespace
}  // namespace heddle
