// tests/sync/memory_test.cpp - memory whose life is watched

#include "tests/sync/programs.hpp"

#include <heddle/atomic.hpp>
#include <heddle/memory.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::behaviour;
using tests::run_threads;
using tests::Texts;

struct Node : tracked {
  var<int> value{0, "value"};
};

TEST(MemoryLifeTest, AnAccessAfterGivingBackIsFoundInTheInterleavingsThatHaveIt) {
  const auto body = [] {
    auto* node = new Node;
    run_threads({[=] { delete node; }, [=] { (void)node->value.load(); }});
  };
  EXPECT_EQ(behaviour(body), Texts{"use-after-free"});
  const Result result = check(body, tests::everything());
  ASSERT_FALSE(result.defects.empty());
  EXPECT_EQ(result.defects.front().executions, 1u) << "of two";
}

TEST(MemoryLifeTest, AJoinMakesItSafe) {
  EXPECT_EQ(behaviour([] {
              auto* node = heddle::allocate<var<int>>(7, "node");
              thread reader([=] { outcome("value", node->load()); });
              reader.join();
              heddle::deallocate(node);
            }),
            Texts{"value=7"});
}

TEST(MemoryLifeTest, GivingBackTwiceIsUseAfterFree) {
  EXPECT_EQ(behaviour([] {
              auto* node = heddle::allocate<atomic<int>>(7, "node");
              heddle::deallocate(node);
              detail::deallocate(node, alignof(atomic<int>), location::current());
            }),
            Texts{"use-after-free"});
}

TEST(MemoryLifeTest, WhatIsNotGivenBackIsALeak) {
  const auto body = [] {
    auto* node = new Node;
    atomic<bool> taken{false, "taken"};
    const auto free_once = [&] {
      if (!taken.load()) {
        taken.store(true);
        delete node;
      }
    };
    free_once();
    if (false) free_once();
    (void)new Node;
  };
  EXPECT_EQ(behaviour(body), Texts{"leak"});
}

TEST(MemoryLifeTest, OutsideTheCheckerItIsNewAndDelete) {
  delete new Node;
  heddle::deallocate(heddle::allocate<var<int>>(1));
}

}  // namespace
}  // namespace heddle
