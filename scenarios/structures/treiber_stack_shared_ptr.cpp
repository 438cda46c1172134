// scenarios/structures/treiber_stack_shared_ptr.cpp - a node goes with the last pointer to it

#include <heddle/expect.hpp>
#include <heddle/memory.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

struct Node {
  explicit Node(int v) : value(v, "value") {}
  heddle::var<int> value;
  heddle::shared_ptr<Node> next;
};

class Stack {
 public:
  void push(int value) {
    const auto node = heddle::make_shared<Node>(value);
    node->next = head_.load();
    while (!head_.compare_exchange_strong(node->next, node)) {
    }
  }
  // 0 when there is nothing.
  int pop() {
    heddle::shared_ptr<Node> head = head_.load();
    while (head != nullptr && !head_.compare_exchange_strong(head, head->next)) {
    }
    return head == nullptr ? 0 : head->value.load();
  }

 private:
  heddle::atomic<heddle::shared_ptr<Node>> head_{nullptr, "head"};
};

void treiber_stack_shared_ptr(const heddle::Parameters& parameters) {
  const auto pops = static_cast<int>(parameters.integer("pops"));
  Stack stack;
  for (int value = 2 * pops; value > 0; --value) stack.push(value);

  int sums[2] = {};
  const auto work = [&](std::size_t thread) {
    for (int i = 0; i < pops; ++i) sums[thread] += stack.pop();
  };
  heddle::thread first(work, 0);
  heddle::thread second(work, 1);
  first.join();
  second.join();
  heddle::require_eq(sums[0] + sums[1], pops * (2 * pops + 1));
}

const heddle::Registered registered{{
    .name = "structures/treiber_stack_shared_ptr",
    .lesson = "a node goes with the last pointer to it",
    .story =
        "The head is an atomic shared_ptr, and so is every link: a pop that is late holds the node that it "
        "follows, which nobody can delete or use again. Sutter, Atomic smart pointers, N4058, 2014.",
    .tags = {"lock-free"},
    .parameters = {heddle::integer("pops", 1, 1, 2, "how many values each of two threads pops")},
    .expects = std::nullopt,
    .pair = "structures/treiber_stack_use_after_free",
    .body = treiber_stack_shared_ptr,
}};

}  // namespace
