// scenarios/structures/treiber_stack.cpp - a head that is the same again is not the same stack: ABA

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <array>

namespace {

// Nodes are numbers: they are used again without being allocated again.
constexpr int a = 0;
constexpr int b = 1;
constexpr int nothing = 0xff;

class Stack {
 public:
  void push(int node) {
    int head = head_.load();
    do next_[node].store(head);
    while (!head_.compare_exchange_strong(head, node));
  }
  int pop() {
    int head = head_.load();
    while (head != nothing && !head_.compare_exchange_strong(head, next_[head].load())) {
    }
    return head;
  }

 private:
  heddle::atomic<int> head_{nothing, "head"};
  std::array<heddle::atomic<int>, 2> next_{heddle::atomic<int>{nothing, "a.next"},
                                           heddle::atomic<int>{nothing, "b.next"}};
};

void treiber_stack(const heddle::Parameters&) {
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
