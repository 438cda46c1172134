// scenarios/structures/treiber_stack_use_after_free.cpp - who takes a node is not the last to look at it

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

struct Node {
  explicit Node(int v) : value(v, "value") {}
  heddle::var<int> value;
  heddle::var<Node*> next{nullptr, "next"};
};

class Stack {
 public:
  ~Stack() {
    while (pop() != 0) {
    }
  }
  void push(int value) {
    auto* const node = new Node(value);
    Node* head = head_.load();
    do node->next = head;
    while (!head_.compare_exchange_strong(head, node));
  }
  // 0 when there is nothing.
  int pop() {
    Node* head = head_.load();
    do {
      if (head == nullptr) return 0;
    } while (!head_.compare_exchange_strong(head, head->next.load()));
    const int value = head->value.load();
    delete head;
    return value;
  }

 private:
  heddle::atomic<Node*> head_{nullptr, "head"};
};

void treiber_stack_use_after_free(const heddle::Parameters& parameters) {
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
    .name = "structures/treiber_stack_use_after_free",
    .lesson = "who takes a node is not the last to look at it",
    .story =
        "A pop deletes the node that it has taken. Another pop has read the same head before, and follows it to "
        "the next node when it is gone. Michael, Hazard pointers: safe memory reclamation for lock-free objects, "
        "TPDS 2004.",
    .tags = {"lock-free"},
    .parameters = {heddle::integer("pops", 1, 1, 3, "how many values each of two threads pops")},
    .expects = heddle::DefectKind::UseAfterFree,
    .pair = "structures/treiber_stack_hazard_pointers",
    .body = treiber_stack_use_after_free,
}};

}  // namespace
