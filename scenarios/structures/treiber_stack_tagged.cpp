// scenarios/structures/treiber_stack_tagged.cpp - a counter beside the head tells old from new

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace {

struct Node {
  explicit Node(std::string_view next_name) : next(nullptr, next_name) {}
  heddle::atomic<Node*> next;  // a late pop may read it while the node is pushed again
};

// Exchanged as one: cmpxchg16b, casp.
struct Tagged {
  Node* node = nullptr;
  std::uint64_t changes = 0;
};

class Stack {
 public:
  void push(Node* node) {
    Tagged head = head_.load();
    do node->next.store(head.node);
    while (!head_.compare_exchange_strong(head, {node, head.changes + 1}));
  }
  Node* pop() {
    Tagged head = head_.load();
    while (head.node != nullptr &&
           !head_.compare_exchange_strong(head, {head.node->next.load(), head.changes + 1})) {
    }
    return head.node;
  }

 private:
  heddle::atomic<Tagged> head_{Tagged{}, "head"};
};

void treiber_stack_tagged(const heddle::Parameters&) {
  const auto a = std::make_unique<Node>("A.next");
  const auto b = std::make_unique<Node>("B.next");
  Stack stack;
  stack.push(b.get());
  stack.push(a.get());

  Node* of_slow = nullptr;
  Node* of_quick = nullptr;
  heddle::thread slow([&] { of_slow = stack.pop(); });
  heddle::thread quick([&] {
    Node* const first = stack.pop();
    of_quick = stack.pop();
    if (first != nullptr) stack.push(first);
  });
  slow.join();
  quick.join();
  while (const Node* const left = stack.pop())
    heddle::require(left != of_slow && left != of_quick, "a node is in the stack that a thread has popped");
}

const heddle::Registered registered{{
    .name = "structures/treiber_stack_tagged",
    .lesson = "a counter beside the head tells old from new",
    .story =
        "The same stack, but beside the head is a counter that grows with every change, and both are exchanged as "
        "one: a head that has gone away and come back is another one, and the late pop tries again. "
        "IBM System/370 Extended Architecture: Principles of operation, 1983.",
    .tags = {"lock-free"},
    .expects = std::nullopt,
    .pair = "structures/treiber_stack",
    .body = treiber_stack_tagged,
}};

}  // namespace
