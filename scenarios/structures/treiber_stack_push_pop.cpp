// scenarios/structures/treiber_stack_push_pop.cpp - whatever is pushed is popped, once

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <deque>
#include <vector>

namespace {

constexpr int nothing = -1;

// Each node is pushed once, so a head never comes back.
class Stack {
 public:
  explicit Stack(int nodes) {
    for (int node = 0; node < nodes; ++node) next_.emplace_back(nothing);
  }
  void push(int node) {
    int head = head_.load(std::memory_order_relaxed);
    do next_[static_cast<std::size_t>(node)].store(head, std::memory_order_relaxed);
    while (!head_.compare_exchange_strong(head, node, std::memory_order_release));
  }
  int pop() {
    int head = head_.load(std::memory_order_acquire);
    while (head != nothing && !head_.compare_exchange_strong(head, after(head), std::memory_order_acquire)) {
    }
    return head;
  }

 private:
  int after(int node) const { return next_[static_cast<std::size_t>(node)].load(std::memory_order_relaxed); }

  heddle::atomic<int> head_{nothing, "head"};
  std::deque<heddle::atomic<int>> next_;
};

void push_pop(const heddle::Parameters& parameters) {
  const auto threads = static_cast<int>(parameters.integer("threads"));
  Stack stack(threads);
  std::vector<int> popped(static_cast<std::size_t>(threads), nothing);

  std::vector<heddle::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&, t] {
      stack.push(t);
      popped[static_cast<std::size_t>(t)] = stack.pop();
    });
  }
  for (heddle::thread& worker : workers) worker.join();
  std::vector<int> times(static_cast<std::size_t>(threads));
  for (const int node : popped) {
    heddle::require(node != nothing);
    heddle::require_eq(++times[static_cast<std::size_t>(node)], 1);
  }
}

const heddle::Registered registered{{
    .name = "structures/treiber_stack_push_pop",
    .lesson = "whatever is pushed is popped, once",
    .story =
        "Every thread pushes a node of its own and pops whatever is on top. Without nodes that come back "
        "Treiber's stack is right.",
    .tags = {"lock-free"},
    .parameters = {heddle::integer("threads", 2, 2, 4, "how many threads push and pop")},
    .expects = std::nullopt,
    .pair = "structures/treiber_stack_relaxed",
    .body = push_pop,
}};

}  // namespace
