// tests/field/pointers_test.cpp - addresses in atomics: what every node-based structure is made of
//
// Nodes come from new or lie on the stack of a thread, as programs have them. Where a fault is to be seen the
// members are of Heddle's types; where none is, plain ones do.

#include "tests/field/node.hpp"
#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/memory.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <gmock/gmock.h>

#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace heddle {
namespace {

using tests::delete_all;
using tests::each_class;
using tests::every_search;
using tests::expect_failed_expectation;
using tests::expect_outcomes;
using tests::expect_verified;
using tests::Node;
using tests::sc;
using tests::together;

// After swiftlang/swift #35348 and facebookexperimental/libunifex #693.
TEST(PointersTest, TheAddressOfAHeapObjectIsAValue) {
  expect_outcomes({"empty=false", "empty=true"}, [] {
    const auto object = std::make_unique<int>(3);
    atomic<int*> top{nullptr, "top"};
    together([&] { top.store(object.get()); }, [&] { top.store(nullptr); });
    outcome("empty", top.load() == nullptr);
  });
}

TEST(PointersTest, TheAddressOfTrackedMemoryIsAValue) {
  struct Tracked : tracked {
    var<int> value{0, "value"};
  };
  expect_outcomes({"empty=false", "empty=true"}, [] {
    auto* const node = new Tracked;
    atomic<Tracked*> top{nullptr, "top"};
    together([&] { top.store(node); }, [&] { top.store(nullptr); });
    outcome("empty", top.load() == nullptr);
    delete node;
  });
}

TEST(PointersTest, NodesMayBeGivenBackInAnOrderThatDependsOnTheInterleaving) {
  struct Tracked : tracked {
    var<int> value{0, "value"};
  };
  expect_outcomes({"first=false", "first=true"}, [] {
    auto* const x = new Tracked;
    auto* const y = new Tracked;
    atomic<Tracked*> top{x, "top"};
    thread a([&] { top.store(y); });
    Tracked* const seen = top.load();
    a.join();
    outcome("first", seen == x);
    delete seen;
    delete (seen == x ? y : x);
  });
}

TEST(PointersTest, MemoryIsUsedAgainWhileAnotherThreadRuns) {
  expect_outcomes({"seen=1", "seen=2", "seen=3"}, [] {
    auto x = std::make_unique<int>(1);
    const auto y = std::make_unique<int>(2);
    atomic<int*> top{x.get(), "top"};
    thread a([&] { top.store(y.get()); });
    if (top.load() == y.get()) {
      x.reset();
      x = std::make_unique<int>(3);  // where the first one was
      top.store(x.get());
    }
    outcome("seen", *top.load());
    a.join();
  });
}

// After MPI-SWS/genmc #15, where each thread publishes the address of a node on its own stack.
TEST(PointersTest, TheAddressOfAThreadsOwnVariableIsAValue) {
  expect_verified([] {
    atomic<int*> top{nullptr, "top"};
    const auto work = [&] {
      int mine = 0;
      top.exchange(&mine);
      top.exchange(nullptr);
    };
    together(work, work);
  });
}

TEST(PointersTest, EveryThreadKnowsItsOwnAddressAgain) {
  // Who stores last finds its own address.
  expect_outcomes({"mine=1", "mine=2"}, [] {
    atomic<int*> last{nullptr, "last"};
    atomic<int> kept{0, "kept"};
    const auto work = [&] {
      int mine = 0;
      last.store(&mine);
      if (last.load() == &mine) kept.fetch_add(1);
    };
    together(work, work);
    outcome("mine", kept.load());
  });
}

TEST(PointersTest, AVariableThatHoldsAnAddressIsOrderedByItsLock) {
  expect_outcomes({"value=1", "value=2"}, [] {
    mutex guard{"guard"};
    var<int*> best{nullptr, "best"};
    std::vector<std::unique_ptr<int>> owned;
    const auto offer = [&](int value) {
      auto mine = std::make_unique<int>(value);
      const lock_guard hold(guard);
      best = mine.get();
      owned.push_back(std::move(mine));
    };
    together([&] { offer(1); }, [&] { offer(2); });
    outcome("value", *best.load());
  });
}

TEST(PointersTest, FetchAddOfAPointerHandsOutPlacesOfAnArray) {
  expect_outcomes({"first=1 second=2", "first=2 second=1"}, [] {
    int places[2] = {};
    atomic<int*> next{places, "next"};
    const auto take = [&](int who) { *next.fetch_add(1, memory_order_relaxed) = who; };
    together([&] { take(1); }, [&] { take(2); });
    outcome("first", places[0]);
    outcome("second", places[1]);
  });
}

TEST(PointersTest, LocksTakenInTheOrderOfTheirAddressesDoNotDeadlock) {
  expect_verified([] {
    const auto a = std::make_unique<mutex>("a");
    const auto b = std::make_unique<mutex>("b");
    const auto with_both = [](mutex& one, mutex& other) {
      const bool in_order = std::less<>()(&one, &other);
      const lock_guard first(in_order ? one : other);
      const lock_guard second(in_order ? other : one);
    };
    together([&] { with_both(*a, *b); }, [&] { with_both(*b, *a); });
  });
}

TEST(PointersTest, ASetOfPointersIsWalkedInTheSameOrderEveryTime) {
  expect_verified([] {
    std::vector<std::unique_ptr<atomic<int>>> cells;
    for (int i = 0; i < 3; ++i) cells.push_back(std::make_unique<atomic<int>>(0));
    std::unordered_set<atomic<int>*> hashed;
    std::set<atomic<int>*> ordered;
    for (const auto& cell : cells) {
      hashed.insert(cell.get());
      ordered.insert(cell.get());
    }
    together(
        [&] {
          for (atomic<int>* cell : hashed) cell->fetch_add(1);
        },
        [&] {
          for (atomic<int>* cell : ordered) cell->fetch_add(1);
        });
    for (const auto& cell : cells) require_eq(*cell, 2);
  });
}

// R. K. Treiber's stack (IBM RJ 5118, 1986).
struct PlainNode {
  int value = 0;
  PlainNode* next = nullptr;
};

void push(atomic<PlainNode*>& head, PlainNode* node) {
  node->next = head.load();
  while (!head.compare_exchange_weak(node->next, node)) {
  }
}

PlainNode* pop(atomic<PlainNode*>& head) {
  PlainNode* top = head.load();
  while (top != nullptr && !head.compare_exchange_weak(top, top->next)) {
  }
  return top;
}

TEST(TreiberStackTest, TakesHeapNodesFromTwoThreads) {
  expect_outcomes({"order=12", "order=21"}, [] {
    atomic<PlainNode*> head{nullptr, "head"};
    together([&] { push(head, new PlainNode{1}); }, [&] { push(head, new PlainNode{2}); });
    std::string order;
    for (PlainNode* node = head.load(); node != nullptr;) {
      order += std::to_string(node->value);
      delete std::exchange(node, node->next);
    }
    outcome("order", order);
  });
}

TEST(TreiberStackTest, GivesEveryNodeToOneThreadWhenTheyAreFreedAfterTheJoins) {
  expect_verified(
      [] {
        atomic<PlainNode*> head{nullptr, "head"};
        PlainNode* taken[2] = {};
        const auto work = [&](int who) {
          push(head, new PlainNode{1 << who});
          taken[who] = pop(head);
        };
        together([&] { work(0); }, [&] { work(1); });
        require_eq(taken[0]->value + taken[1]->value, 3);
        delete taken[0];
        delete taken[1];
      },
      each_class);
}

// The node is made before it can be seen, and whoever takes it acquires it.
void push(atomic<Node*>& head, int value, memory_order order) {
  auto* const node = new Node(value);
  Node* top = head.load(memory_order_relaxed);
  do node->next = top;
  while (!head.compare_exchange_weak(top, node, order, memory_order_relaxed));
}

TEST(TreiberStackTest, PublishesItsNodesWithRelease) {
  expect_verified([] {
    atomic<Node*> head{nullptr, "head"};
    thread writer([&] { push(head, 1, memory_order_release); });
    if (const Node* const top = head.load(memory_order_acquire)) require_eq(top->value, 1);
    writer.join();
    delete_all(head.load());
  });
}

Node* pop_without_protection(atomic<Node*>& head) {
  Node* top = head.load();
  while (top != nullptr && !head.compare_exchange_weak(top, top->next.load())) {
  }
  return top;
}

TEST(TreiberStackTest, PopsWithoutFaultWhenItsNodesOutliveTheThreads) {
  expect_verified([] {
    auto* const second = new Node(2);
    auto* const first = new Node(1, second);
    atomic<Node*> head{first, "head"};
    const auto work = [&] { (void)pop_without_protection(head); };
    together(work, work);
    require_eq(head, nullptr);
    delete first;
    delete second;
  });
}

// ABA: the first thread has read first and second when the other takes both and puts the first one back.
TEST(TreiberStackTest, GivesANodeOutTwiceWhenOneIsPutBack) {
  expect_failed_expectation(
      [] {
        Node second(2);
        Node first(1, &second);
        atomic<Node*> head{&first, "head"};
        thread one([&] { (void)pop_without_protection(head); });
        Node* const mine = pop_without_protection(head);
        Node* const kept = pop_without_protection(head);
        if (mine == &first) {
          first.next = head.load();
          head.store(&first);
        }
        one.join();
        require(kept == nullptr || head.load() != kept);
      },
      every_search);
}

TEST(TreiberStackTest, AnAllocatorThatUsesMemoryAgainShowsABA) {
  expect_failed_expectation(
      [] {
        atomic<PlainNode*> head{new PlainNode{1, new PlainNode{2}}, "head"};
        PlainNode* freed = nullptr;
        thread one([&] { (void)pop(head); });
        thread other([&] {
          PlainNode* const first = pop(head);
          freed = pop(head);
          if (first == nullptr || freed == nullptr) return;
          delete first;
          push(head, new PlainNode{3});  // where the first one was
        });
        one.join();
        other.join();
        require(freed == nullptr || head.load() != freed);
      },
      {sc});
}

// M. M. Michael and M. L. Scott (PODC'96), without the reclamation.
class MichaelScottQueue {
  struct Cell {
    explicit Cell(int v) : value(v) {}
    int value;
    atomic<Cell*> next{nullptr, "next"};
  };

 public:
  MichaelScottQueue() : head_(new Cell(0), "head"), tail_(head_.load(), "tail"), first_(head_.load()) {}
  ~MichaelScottQueue() {
    while (first_ != nullptr) delete std::exchange(first_, first_->next.load());
  }
  void push(int value) {
    auto* const cell = new Cell(value);
    for (;;) {
      Cell* last = tail_.load();
      Cell* next = last->next.load();
      if (next != nullptr) {
        tail_.compare_exchange_strong(last, next);
      } else if (last->next.compare_exchange_strong(next, cell)) {
        tail_.compare_exchange_strong(last, cell);
        return;
      }
    }
  }
  int pop() {
    for (;;) {
      Cell* first = head_.load();
      Cell* last = tail_.load();
      Cell* const next = first->next.load();
      if (next == nullptr) return 0;
      if (first == last) tail_.compare_exchange_strong(last, next);
      else if (head_.compare_exchange_strong(first, next)) return next->value;
    }
  }

 private:
  atomic<Cell*> head_;
  atomic<Cell*> tail_;
  Cell* first_;  // all of them, to be freed
};

TEST(MichaelScottQueueTest, GivesWhatWasPutInOnce) {
  expect_outcomes(
      {"got=0 left=1", "got=1 left=0"},
      [] {
        MichaelScottQueue queue;
        int got = 0;
        together([&] { queue.push(1); }, [&] { got = queue.pop(); });
        outcome("got", got);
        outcome("left", queue.pop());
      },
      each_class);
}

TEST(MichaelScottQueueTest, TakesFromTwoThreads) {
  expect_outcomes(
      {"order=12", "order=21"},
      [] {
        MichaelScottQueue queue;
        together([&] { queue.push(1); }, [&] { queue.push(2); });
        const int first = queue.pop();
        const int second = queue.pop();
        outcome("order", first * 10 + second);
        require_eq(queue.pop(), 0);
      },
      each_class);
}

// A block has one name, whatever is made in it.
TEST(PointersTest, ArePrintedByName) {
  struct Pair {
    long first = 0;
    var<int> second{0, "second"};
  };
  const Witness witness = tests::explored(
                              [] {
                                atomic<Pair*> slot{nullptr, "slot"};
                                atomic<var<int>*> inner{nullptr, "inner"};
                                var<int> local{0, "local"};
                                thread maker([&] {
                                  Pair* const made = new Pair;
                                  slot.store(made);
                                  inner.store(&made->second);
                                  inner.store(&local);
                                  delete made;
                                  slot.store(new Pair);
                                });
                                maker.join();
                                delete slot.load();
                                require(false);
                              },
                              sc)
                              .defects.front()
                              .witness;
  std::vector<std::string> values;
  for (const Step& step : witness.steps)
    if (!step.value.empty()) values.push_back(step.value);
  EXPECT_THAT(values, testing::ElementsAre("null -> node#T1.1", "null -> node#T1.1+8",
                                           "node#T1.1+8 -> &local", "node#T1.1 -> node#T1.1", "node#T1.1"));
}

TEST(PointersTest, AreNamedInWhatWasExpected) {
  const auto message = [](const tests::Body& body) {
    return tests::explored(body, sc).defects.front().message;
  };
  EXPECT_THAT(message([] {
                const auto made = std::make_unique<int>(1);
                atomic<int*> slot{made.get(), "slot"};
                require_eq(slot, nullptr);
              }),
              testing::EndsWith(": expected node#main.1 == null"));
  EXPECT_THAT(message([] {
                var<int> local{0, "local"};
                const var<int>* const none = nullptr;
                require_eq(none, &local);
              }),
              testing::EndsWith(": expected null == &local"));
}

}  // namespace
}  // namespace heddle
