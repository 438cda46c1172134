// A stack whose push links the new node and then puts it on top with a relaxed compare-exchange. That
// exchange is what publishes the node: without release nothing orders what is in the node before the pop that
// finds it, which is a data race whatever the machine does. On x86 nobody sees it, for there a
// compare-exchange is a barrier whatever the order says. The C++ model lets the link come to memory after it:
// a pop that takes the node then follows the link that was there before, which leads nowhere, and makes that
// the top. Everything below is gone.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

using heddle::memory_order_acquire;
using heddle::memory_order_relaxed;

struct Node {
  heddle::var<Node*> next{nullptr, "next"};
};

class Stack {
 public:
  void push(Node* node) {
    Node* head = head_.load(memory_order_relaxed);
    do node->next = head;
    while (!head_.compare_exchange_strong(head, node, memory_order_relaxed));
  }
  Node* pop() {
    Node* head = head_.load(memory_order_acquire);
    while (head != nullptr && !head_.compare_exchange_strong(head, head->next.load(), memory_order_acquire)) {
    }
    return head;
  }

 private:
  heddle::atomic<Node*> head_{nullptr, "head"};
};

void treiber_stack_relaxed(const heddle::Parameters&) {
  Stack stack;

  const Node* popped = nullptr;
  heddle::thread pushes([&] {
    stack.push(new Node);
    stack.push(new Node);
  });
  heddle::thread pops([&] { popped = stack.pop(); });
  pushes.join();
  pops.join();
  int nodes = popped == nullptr ? 0 : 1;
  delete popped;
  while (const Node* const left = stack.pop()) {
    ++nodes;
    delete left;
  }
  heddle::require_eq(nodes, 2);
}

const heddle::Registered registered{{
    .name = "structures/treiber_stack_relaxed",
    .lesson = "what puts a node where others find it has to be a release",
    .story =
        "One thread pushes two nodes and another pops one. The push is relaxed, so the pop may find the second node "
        "on top without its link to the first, and cuts that off: it is in the stack no more, and nobody has it.",
    .tags = {"lock-free"},
    .expects = heddle::DefectKind::DataRace,
    .expects_under = {{heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "structures/treiber_stack_push_pop",
    .body = treiber_stack_relaxed,
}};

}  // namespace
