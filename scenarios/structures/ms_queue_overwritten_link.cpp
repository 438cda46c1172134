// scenarios/structures/ms_queue_overwritten_link.cpp - a link that is stored may overwrite another one

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <array>

namespace {

constexpr int nothing = -1;

// Node 0 is the first dummy; a dequeued node becomes the next one.
class Queue {
 public:
  void enqueue(int node) {
    for (;;) {
      int tail = tail_.load();
      int next = next_[tail].load();
      if (next != nothing) {
        tail_.compare_exchange_strong(tail, next);  // help
        continue;
      }
      next_[tail].store(node);
      tail_.compare_exchange_strong(tail, node);
      return;
    }
  }
  int dequeue() {
    for (;;) {
      int head = head_.load();
      int tail = tail_.load();
      const int next = next_[head].load();
      if (next == nothing) return nothing;
      if (head == tail) tail_.compare_exchange_strong(tail, next);  // help
      if (head_.compare_exchange_strong(head, next)) return next;
    }
  }

 private:
  heddle::atomic<int> head_{0, "head"};
  heddle::atomic<int> tail_{0, "tail"};
  std::array<heddle::atomic<int>, 3> next_{heddle::atomic<int>{nothing, "next0"},
                                           heddle::atomic<int>{nothing, "next1"},
                                           heddle::atomic<int>{nothing, "next2"}};
};

void ms_queue_overwritten_link(const heddle::Parameters&) {
  Queue queue;
  std::array<int, 3> times{};

  const auto take = [&] {
    const int node = queue.dequeue();
    if (node != nothing) ++times[static_cast<std::size_t>(node)];
    return node;
  };
  heddle::thread one([&] { queue.enqueue(1); });
  heddle::thread two([&] { queue.enqueue(2); });
  heddle::thread consumer(take);
  one.join();
  two.join();
  consumer.join();
  while (take() != nothing) {
  }
  heddle::require_eq(times[1], 1);
  heddle::require_eq(times[2], 1);
}

const heddle::Registered registered{{
    .name = "structures/ms_queue_overwritten_link",
    .lesson = "a link that is stored may overwrite another one",
    .story =
        "The queue of Michael and Scott, but a producer that has seen no successor stores its link instead of "
        "exchanging it: when two do so at the same place, one node is lost.",
    .tags = {"lock-free"},
    .expects = heddle::DefectKind::Assertion,
    .pair = "structures/ms_queue",
    .body = ms_queue_overwritten_link,
}};

}  // namespace
