// tests/field/leak_test.cpp - memory that is not tracked and that nothing leads to any more

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/memory.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace heddle {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using tests::Body;
using tests::each_class;
using tests::explored;
using tests::sc;
using tests::Search;
using tests::Searches;
using tests::together;

struct Node {
  int value = 0;
  Node* next = nullptr;
};

struct Linked {
  explicit Linked(int v) : value(v) {}
  int value;
  atomic<Linked*> next{nullptr};
};

// That many leaks, and nothing else.
void expect_leaks(std::size_t leaks, const Body& body, const Searches& searches = each_class,
                  location where = location::current()) {
  tests::explore_each(searches, body, where, [&](const Result& result) {
    EXPECT_EQ(result.verdict, Verdict::Verified) << tests::told(result);
    std::string told;
    for (const Defect& leak : result.advisories) {
      EXPECT_EQ(leak.kind, DefectKind::Leak);
      told += leak.message + "\n";
    }
    EXPECT_EQ(result.advisories.size(), leaks) << told;
  });
}

// A stack whose nodes are never given back, as long as it lasts.
template <class Head, class NodeType>
void push(Head& head, NodeType* node) {
  node->next = head.load();
  NodeType* seen = node->next;
  while (!head.compare_exchange_strong(seen, node)) node->next = seen;
}

TEST(LeakTest, WhatNothingLeadsToIsALeakAndNoDefect) {
  const Body body = [] {
    atomic<Node*> last{nullptr, "last"};
    together([&] { last.store(new Node{1}); }, [&] { last.load(); });
    Node* const node = last.exchange(nullptr);
    require(node->value == 1);
  };
  expect_leaks(1, body);
  const Result result = explored(body, sc);
  ASSERT_EQ(result.advisories.size(), 1u);
  const Defect& leak = result.advisories[0];
  EXPECT_EQ(leak.message,
            "leak: node#T1.1, 16 bytes that T1 allocated before its first operation, is never given back, "
            "and nothing leads there at the end");
  EXPECT_EQ(leak.executions, result.complete);
}

TEST(LeakTest, ThePlaceBeforeItIsTold) {
  const Result result = explored(
      [] {
        atomic<Node*> last{nullptr, "last"};
        last.load();
        last.store(new Node{1});
        last.store(nullptr);
      },
      sc);
  ASSERT_EQ(result.advisories.size(), 1u);
  EXPECT_THAT(result.advisories[0].message,
              StartsWith("leak: node#main.1, 16 bytes that main allocated after read last (leak_test.cpp:"));
}

TEST(LeakTest, ItsExecutionIsReplayed) {
  const Body body = [] {
    atomic<Node*> last{nullptr};
    together([&] { last.store(new Node{1}); }, [&] { last.store(nullptr); });
    delete last.load();  // unless it was overwritten
  };
  for (const Search& search : each_class) {
    const Result result = explored(body, search);
    ASSERT_EQ(result.advisories.size(), 1u) << search.name;
    EXPECT_EQ(result.advisories[0].executions, 1u) << search.name;
    Options options;
    options.model = search.model;
    const Result again = replay(body, result.advisories[0].witness.token, options);
    EXPECT_EQ(again.verdict, Verdict::Inconclusive) << again.reason;
    ASSERT_EQ(again.advisories.size(), 1u);
    EXPECT_EQ(again.advisories[0].message, result.advisories[0].message);
  }
}

TEST(LeakTest, WhatIsGivenBackIsNone) {
  expect_leaks(0, [] {
    mutex guard;
    std::map<int, std::string> names;
    const auto add = [&](int number) {
      const lock_guard hold(guard);
      names[number] = std::string(100, 'x');
    };
    together([&] { add(1); }, [&] { add(2); });
    const auto last = std::make_shared<std::vector<int>>(10);
    require_eq(names.size(), 2u);
  });
}

TEST(LeakTest, OfSeveralBlocksTheFirstIsTold) {
  expect_leaks(1, [] {
    atomic<Node*> head{nullptr};
    Node* const second = new Node{2};
    head.store(new Node{1, second});
    head.store(nullptr);
  });
}

struct Ring {
  std::shared_ptr<Ring> other;
};

TEST(LeakTest, OfACircleOneBlockIsTold) {
  expect_leaks(1, [] {
    const auto one = std::make_shared<Ring>();
    const auto two = std::make_shared<Ring>();
    one->other = two;
    two->other = one;
    atomic<int> x{0};
    together([&] { x.store(1); }, [&] { x.load(); });
  });
}

TEST(LeakTest, WhatGoesWrongIsToldWithoutWhatItLeavesBehind) {
  const Result result = explored(
      [] {
        atomic<Node*> last{nullptr};
        last.store(new Node{1});
        require(last.load() == nullptr);
      },
      sc);
  EXPECT_EQ(result.verdict, Verdict::Defect);
  EXPECT_TRUE(result.advisories.empty());
}

// ---- what leads there -------------------------------------------------------------------------------

Node* of_the_program = nullptr;
std::map<int, std::string> names_of_the_program;
atomic<Node*> head_of_the_program{nullptr};

TEST(LeakTest, APointerOfTheProgramLeadsThere) {
  expect_leaks(0, [] {
    of_the_program = new Node{1, new Node{2}};
    atomic<int> x{0};
    together([&] { x.fetch_add(1); }, [&] { x.fetch_add(1); });
  });
  of_the_program = nullptr;
}

TEST(LeakTest, AContainerOfTheProgramLeadsThereAndKeepsWhatItHas) {
  expect_leaks(0, [] {
    mutex guard;
    const auto add = [&](int number) {
      const lock_guard hold(guard);
      names_of_the_program[number] = "a name that does not fit into the string " + std::to_string(number);
    };
    together([&] { add(1); }, [&] { add(2); });
  });
  EXPECT_EQ(names_of_the_program[2], "a name that does not fit into the string 2");
  names_of_the_program.clear();
}

TEST(LeakTest, AContainerOfTheProgramMayForgetWhatItHas) {
  expect_leaks(0, [] {
    mutex guard;
    const auto add = [&](int number) {
      const lock_guard hold(guard);
      names_of_the_program[number] = std::string(100, 'x');
    };
    names_of_the_program.clear();
    together([&] { add(1); }, [&] { add(2); });
    require_eq(names_of_the_program.size(), 2u);
  });
  names_of_the_program.clear();
}

TEST(LeakTest, AnAtomicOfTheProgramLeadsThere) {
  expect_leaks(0, [] {
    together([] { push(head_of_the_program, new Node{1}); }, [] { push(head_of_the_program, new Node{2}); });
  });
}

TEST(LeakTest, AStaticVariableIsThereToTheEnd) {
  expect_leaks(0, [] {
    static atomic<Linked*> head{nullptr};
    together([] { push(head, new Linked(1)); }, [] { push(head, new Linked(2)); });
  });
}

TEST(LeakTest, ASingletonThatIsNeverDestroyedIsNone) {
  expect_leaks(0, [] {
    const auto single = []() -> Node& {
      static Node* const only = new Node{7};
      return *only;
    };
    together([&] { require_eq(single().value, 7); }, [&] { require_eq(single().value, 7); });
  });
}

TEST(LeakTest, TheCallerLeadsThere) {
  Node* last = nullptr;
  expect_leaks(0, [&] {
    last = new Node{1};
    atomic<int> x{0};
    together([&] { x.fetch_add(1); }, [&] { x.fetch_add(1); });
  });
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->value, 1);
}

struct Tagged {
  Node* node;
  std::uint64_t tag;
  friend bool operator==(const Tagged&, const Tagged&) = default;
};

TEST(LeakTest, APointerWithATagBesideItLeadsThere) {
  static atomic<Tagged> head{Tagged{nullptr, 0}};
  expect_leaks(0, [] { together([] { head.store({new Node{1}, 3}); }, [] { head.load(); }); });
}

TEST(LeakTest, APointerWithATagInItLeadsThere) {
  static atomic<std::uintptr_t> low{0};
  static atomic<std::uintptr_t> high{0};
  expect_leaks(0, [] {
    low.store(reinterpret_cast<std::uintptr_t>(new Node{1}) | 1);
    high.store(reinterpret_cast<std::uintptr_t>(new Node{2}) | std::uintptr_t{0xbeef} << 48);
  });
}

TEST(LeakTest, TrackedMemoryLeadsThere) {
  struct Watched : tracked {
    explicit Watched(Node* n) : node(n) {}
    Node* node;
  };
  const Result result = explored(
      [] {
        static atomic<Watched*> head{nullptr};
        head.store(new Watched(new Node{1}));
      },
      sc);
  EXPECT_EQ(tests::kinds_of(result), tests::Texts{"leak"});
  EXPECT_TRUE(result.advisories.empty());
}

// What an execution hangs there in place of what the one before had hung there is not kept for ever.
TEST(LeakTest, ManyExecutionsThatLeaveSomethingTakeNoTimeToSpeakOf) {
  expect_leaks(0,
               [] {
                 of_the_program = new Node{1};
                 atomic<int> x{0};
                 together(
                     [&] {
                       for (int i = 0; i < 5; ++i) x.fetch_add(1);
                     },
                     [&] {
                       for (int i = 0; i < 5; ++i) x.fetch_add(1);
                     });
               },
               {sc});
  of_the_program = nullptr;
}

// So large that the system takes it back at once.
std::vector<int>* large_of_the_program = nullptr;

TEST(LeakTest, WhatTheProgramGivesBackMeanwhileIsNotLookedAt) {
  large_of_the_program = new std::vector<int>(40'000);
  Options options = tests::everything();
  options.interrupted = [] {
    delete std::exchange(large_of_the_program, nullptr);
    return false;
  };
  const auto body = [] {
    of_the_program = new Node{1};
    atomic<int> x{0};
    const auto add = [&] {
      for (int i = 0; i < 4; ++i) x.fetch_add(1);
    };
    together(add, add);
  };
  const Result result = explored(body, sc, options);
  EXPECT_EQ(result.verdict, Verdict::Verified) << result.reason;
  EXPECT_EQ(result.complete, 70u);
  EXPECT_EQ(large_of_the_program, nullptr);
  of_the_program = nullptr;
}

}  // namespace
}  // namespace heddle
