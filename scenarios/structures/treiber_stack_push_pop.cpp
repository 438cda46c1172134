// scenarios/structures/treiber_stack_push_pop.cpp - whatever is pushed is popped, once

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <set>
#include <vector>

namespace {

struct Node {
  heddle::var<Node*> next{nullptr, "next"};
};

class Stack {
 public:
  void push(Node* node) {
    Node* head = head_.load(std::memory_order_relaxed);
    do node->next = head;
    while (!head_.compare_exchange_strong(head, node, std::memory_order_release));
  }
  Node* pop() {
    Node* head = head_.load(std::memory_order_acquire);
    while (head != nullptr &&
           !head_.compare_exchange_strong(head, head->next.load(), std::memory_order_acquire)) {
    }
    return head;
  }

 private:
  heddle::atomic<Node*> head_{nullptr, "head"};
};

void push_pop(const heddle::Parameters& parameters) {
  const auto threads = static_cast<std::size_t>(parameters.integer("threads"));
  Stack stack;
  std::vector<Node*> popped(threads);

  std::vector<heddle::thread> workers;
  for (std::size_t t = 0; t < threads; ++t) {
    workers.emplace_back([&, t] {
      stack.push(new Node);
      popped[t] = stack.pop();
    });
  }
  for (heddle::thread& worker : workers) worker.join();
  heddle::require_eq(std::set(popped.begin(), popped.end()).size(), threads);
  for (const Node* const node : popped) {
    heddle::require(node != nullptr);
    delete node;
  }
}

const heddle::Registered registered{{
    .name = "structures/treiber_stack_push_pop",
    .lesson = "whatever is pushed is popped, once",
    .story =
        "Every thread pushes a node of its own and pops whatever is on top. As long as no node comes back and none "
        "is deleted, Treiber's stack is right.",
    .tags = {"lock-free"},
    .parameters = {heddle::integer("threads", 2, 2, 4, "how many threads push and pop")},
    .expects = std::nullopt,
    .pair = "structures/treiber_stack_relaxed",
    .body = push_pop,
}};

}  // namespace
