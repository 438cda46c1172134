// scenarios/structures/treiber_stack_tagged.cpp - a counter beside the head tells old from new

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <array>
#include <cstdint>

namespace {

// Nodes are numbers: they are used again without being allocated again.
constexpr int a = 0;
constexpr int b = 1;
constexpr int nothing = 0xff;

// The head is the index of the top node and, above it, a counter of changes.
class Stack {
 public:
  void push(int node) {
    Head head = head_.load();
    do next_[node].store(top(head));
    while (!head_.compare_exchange_strong(head, changed(head, node)));
  }
  int pop() {
    Head head = head_.load();
    while (top(head) != nothing &&
           !head_.compare_exchange_strong(head, changed(head, next_[top(head)].load()))) {
    }
    return top(head);
  }

 private:
  using Head = std::uint32_t;
  static int top(Head head) { return static_cast<int>(head & 0xff); }
  static Head changed(Head head, int top) { return ((head | 0xff) + 1) | static_cast<Head>(top); }

  heddle::atomic<Head> head_{nothing, "head"};
  std::array<heddle::atomic<int>, 2> next_{heddle::atomic<int>{nothing, "a.next"},
                                           heddle::atomic<int>{nothing, "b.next"}};
};

void treiber_stack_tagged(const heddle::Parameters&) {
  Stack stack;
  stack.push(b);
  stack.push(a);
  std::array<int, 2> owners{};  // how many have popped a, and b

  const auto take = [&] {
    const int node = stack.pop();
    if (node != nothing) ++owners[node];
    return node;
  };
  heddle::thread slow(take);
  heddle::thread quick([&] {
    const int first = take();
    take();
    if (first == nothing) return;
    --owners[first];
    stack.push(first);
  });
  slow.join();
  quick.join();
  while (take() != nothing) {
  }
  heddle::require_eq(owners[a], 1);
  heddle::require_eq(owners[b], 1);
}

const heddle::Registered registered{{
    .name = "structures/treiber_stack_tagged",
    .lesson = "a counter beside the head tells old from new",
    .story =
        "The same stack, but the head carries a counter that grows with every change: a head that has gone "
        "away and come back is another one, and the late pop tries again.",
    .tags = {"lock-free"},
    .expects = std::nullopt,
    .pair = "structures/treiber_stack",
    .body = treiber_stack_tagged,
}};

}  // namespace
