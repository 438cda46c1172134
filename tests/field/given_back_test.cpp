// tests/field/given_back_test.cpp - memory that is given back twice, too early, or has come back as another's

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <array>
#include <memory>
#include <utility>

namespace heddle {
namespace {

using tests::Body;
using tests::expect_among_defects;
using tests::expect_defect;
using tests::expect_verified;
using tests::together;

TEST(GivenBackTest, TwiceByTwoThreads) {
  expect_among_defects(DefectKind::UseAfterFree, [] {
    auto* const node = new var<int>(0, "node");
    thread other([=] { delete node; });
    delete node;
    other.join();
  });
}

// What the second gives back is what the first has allocated since, at the same address.
TEST(GivenBackTest, TwiceWithAnotherInBetween) {
  expect_among_defects(DefectKind::UseAfterFree, [] {
    atomic<var<int>*> slot{nullptr, "slot"};
    slot.store(new var<int>(0, "node"));
    together(
        [&] {
          delete slot.exchange(nullptr);
          (void)new var<int>(0, "another");
        },
        [&] {
          auto* const node = slot.load();
          heddle::atomic_thread_fence(memory_order_acquire);
          delete node;
        });
  });
}

void take_and_delete(memory_order publish, memory_order take) {
  atomic<var<int>*> slot{nullptr, "slot"};
  together([&] { slot.store(new var<int>(0, "node"), publish); },
           [&] { delete slot.exchange(nullptr, take); });
  delete slot.load();
}

// [basic.life]: the end has to happen after the beginning.
TEST(GivenBackTest, ByWhoDoesNotKnowThatItWasMade) {
  expect_among_defects(DefectKind::UseAfterFree,
                       [] { take_and_delete(memory_order_release, memory_order_relaxed); });
  expect_among_defects(DefectKind::UseAfterFree,
                       [] { take_and_delete(memory_order_relaxed, memory_order_acquire); });
  expect_verified([] { take_and_delete(memory_order_release, memory_order_acquire); });
}

// What a thread makes last is known to whoever joins it, or who started that.
TEST(GivenBackTest, ByWhoHasJoinedTheMaker) {
  expect_verified([] {
    var<int>* made = nullptr;
    thread maker([&] { made = new var<int>(5, "made"); });
    maker.join();
    require_eq(*made, 5);
    delete made;
  });
  expect_verified([] {
    var<int>* made = nullptr;
    thread parent([&] {
      thread maker([&] { made = new var<int>(5, "made"); });
      maker.join();
    });
    parent.join();
    delete made;
  });
}

// The stale pointer is to one object in one execution and to another in the next, which nothing orders after
// the beginning of that.
TEST(GivenBackTest, AndTheBlockIsUsedAgain) {
  expect_among_defects(DefectKind::DataRace, [] {
    atomic<atomic<int>*> slot{new atomic<int>(0, "node"), "slot"};
    together([&] { (void)slot.load()->load(); },
             [&] {
               delete slot.load();
               (void)new atomic<int>(0, "another");
             });
  });
}

struct Counted {
  var<int> value{0, "value"};
  atomic<int> users{2, "users"};
  std::array<char, 512> room{};
};

TEST(GivenBackTest, WhileOthersAllocateTheSame) {
  expect_among_defects(DefectKind::UseAfterFree, [] {
    atomic<Counted*> slot{nullptr, "slot"};
    auto* const node = new Counted;
    slot.store(node, memory_order_release);
    thread one([&] {
      if (Counted* const seen = slot.load(memory_order_relaxed)) {
        seen->value.store(1);
        (void)seen->users.load(memory_order_acquire);
      }
    });
    thread two([&] {
      slot.store(nullptr);
      (void)new Counted;
    });
    delete node;
    (void)node->value.load();
    one.join();
    two.join();
  });
}

TEST(GivenBackTest, ByTwoOfThreeUsers) {
  expect_among_defects(DefectKind::UseAfterFree, [] {
    auto* const node = new Counted;
    atomic<Counted*> slot{nullptr, "slot"};
    slot.store(node);
    thread one([&] {
      if (Counted* const mine = slot.exchange(nullptr)) {
        (void)mine->value.load();
        delete mine;
      }
    });
    thread two([&] {
      if (Counted* const seen = slot.load(memory_order_acquire)) {
        (void)seen->users.fetch_sub(1, memory_order_relaxed);
        delete seen;
      }
    });
    (void)node->users.fetch_sub(1, memory_order_acq_rel);
    one.join();
    two.join();
  });
}

// The compiler knows what `delete` may be given.
[[gnu::noipa]] void give_back(void* memory) { ::operator delete(memory); }

TEST(GivenBackTest, WhatLiesOnAStack) {
  expect_defect(DefectKind::UseAfterFree, [] {
    atomic<int> x{0, "x"};
    together(
        [&] {
          int local = 1;
          x.store(1);
          give_back(&local);
          x.store(local);
        },
        [&] { x.load(); });
  });
}

TEST(GivenBackTest, APartOfWhatWasAllocated) {
  const Body body = [] {
    atomic<int> x{0, "x"};
    together(
        [&] {
          const auto pair = std::make_unique<std::pair<long, long>>();
          x.store(1);
          give_back(&pair->second);
          x.store(2);
        },
        [&] { x.load(); });
  };
  expect_defect(DefectKind::UseAfterFree, body);
  const Result result = tests::explored(body, tests::sc);
  EXPECT_THAT(result.defects.front().message,
              testing::HasSubstr("T1 gives back node#T1.1+8, where nothing that was allocated begins"));
}

TEST(GivenBackTest, AVariableOfTheProgram) {
  static int variable = 1;
  expect_defect(DefectKind::UseAfterFree, [] {
    atomic<int> x{0, "x"};
    x.store(variable);
    give_back(&variable);
  });
}

}  // namespace
}  // namespace heddle
