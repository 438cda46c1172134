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

TEST(MemoryLifeTest, AnAccessThatDoesNotHappenBeforeGivingBackIsFoundInWhateverOrder) {
  const auto body = [] {
    auto* node = new Node;
    run_threads({[=] { delete node; }, [=] { (void)node->value.load(); }});
  };
  EXPECT_EQ(behaviour(body), Texts{"use-after-free"});
  const Result result = check(body, tests::everything());
  ASSERT_FALSE(result.defects.empty());
  EXPECT_EQ(result.defects.front().executions, 2u);
}

TEST(MemoryLifeTest, TheTraceTellsWhichOfTheTwoCameFirst) {
  const auto body = [] {
    auto* node = new Node;
    atomic<bool> used{false, "used"};
    run_threads({[=, &used] {
                   (void)node->value.load();
                   used.store(true, memory_order_relaxed);
                 },
                 [=, &used] {
                   if (used.load(memory_order_relaxed)) delete node;
                   else used.store(true);
                 }});
    if (!used.load()) delete node;
  };
  const Result result = check(body, tests::everything());
  const auto found = std::find_if(result.defects.begin(), result.defects.end(), [](const Defect& defect) {
    return defect.kind == DefectKind::UseAfterFree;
  });
  ASSERT_NE(found, result.defects.end());
  EXPECT_EQ(found->message.substr(0, found->message.find(" (")),
            "T2 gives memory#1 back, and nothing orders a use of value before that");
  ASSERT_EQ(found->because.size(), 3u);
  EXPECT_EQ(found->because[0].substr(0, found->because[0].find(" (")), "T1 used value at step 1");
  EXPECT_EQ(found->because[1], "T2 gave the memory back at step 4.");
}

// The next executions only repeat the step that gave it back.
TEST(MemoryLifeTest, WhatIsGivenBackBeforeTheThreadsPartIsNoLeak) {
  EXPECT_EQ(behaviour([] {
              delete new Node;
              atomic<int> last{0, "last"};
              run_threads({[&] { last.store(1); }, [&] { last.store(2); }});
              outcome("last", last.load());
            }),
            (Texts{"last=1", "last=2"}));
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
