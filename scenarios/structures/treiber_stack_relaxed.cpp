// A stack whose push links the new node and then puts it on top with a relaxed compare-exchange. That
// exchange is what publishes the node: without release the link may come to memory after it. A pop that takes
// the node then follows the link that was there before, which leads nowhere, and makes that the top:
// everything below is gone. The other thread finds the stack empty, although as much was pushed as popped. On
// x86 a compare-exchange is a barrier whatever the order says.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <array>

namespace {

using heddle::memory_order_acquire;
using heddle::memory_order_relaxed;

constexpr int nothing = -1;

// Each node is pushed once, so a head never comes back.
class Stack {
 public:
  void push(int node) {
    int head = head_.load(memory_order_relaxed);
    do next_[node].store(head, memory_order_relaxed);
    while (!head_.compare_exchange_strong(head, node, memory_order_relaxed));
  }
  int pop() {
    int head = head_.load(memory_order_acquire);
    while (head != nothing && !head_.compare_exchange_strong(head, next_[head].load(memory_order_relaxed),
                                                             memory_order_acquire)) {
    }
    return head;
  }

 private:
  heddle::atomic<int> head_{nothing, "head"};
  std::array<heddle::atomic<int>, 2> next_{heddle::atomic<int>{nothing, "next0"},
                                           heddle::atomic<int>{nothing, "next1"}};
};

void treiber_stack_relaxed(const heddle::Parameters&) {
  Stack stack;

  const auto work = [&](int node) {
    stack.push(node);
    const int popped = stack.pop();
    heddle::require_ne(popped, nothing);
  };
  heddle::thread first(work, 0);
  heddle::thread second(work, 1);
  first.join();
  second.join();
}

const heddle::Registered registered{{
    .name = "structures/treiber_stack_relaxed",
    .lesson = "what puts a node where others find it has to be a release",
    .story =
        "Each thread pushes a node and pops one. The push is relaxed, so a pop may find the new node on top "
        "without its link to the others: it cuts them off, and the other thread finds nothing.",
    .tags = {"lock-free"},
    .expects = {},
    .expects_under = {{heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "structures/treiber_stack_push_pop",
    .body = treiber_stack_relaxed,
}};

}  // namespace
