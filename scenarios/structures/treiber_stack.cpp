// scenarios/structures/treiber_stack.cpp - a head that is the same again is not the same stack: ABA

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <memory>
#include <string_view>

namespace {

struct Node {
  explicit Node(std::string_view next_name) : next(nullptr, next_name) {}
  heddle::atomic<Node*> next;  // a late pop may read it while the node is pushed again
};

class Stack {
 public:
  void push(Node* node) {
    Node* head = head_.load();
    do node->next.store(head);
    while (!head_.compare_exchange_strong(head, node));
  }
  Node* pop() {
    Node* head = head_.load();
    while (head != nullptr && !head_.compare_exchange_strong(head, head->next.load())) {
    }
    return head;
  }

 private:
  heddle::atomic<Node*> head_{nullptr, "head"};
};

void treiber_stack(const heddle::Parameters&) {
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
    .name = "structures/treiber_stack",
    .lesson = "a head that is the same again is not the same stack: ABA",
    .story =
        "A pop reads the head A and its successor B. Meanwhile another thread pops A and B and pushes A again. The "
        "first compares the head with A, finds it, and installs B, which is not in the stack any more. "
        "Treiber, Systems programming: coping with parallelism, 1986.",
    .tags = {"lock-free"},
    .expects = heddle::DefectKind::Assertion,
    .pair = "structures/treiber_stack_tagged",
    .body = treiber_stack,
}};

}  // namespace
