// scenarios/structures/ms_queue.cpp - link with a compare-exchange, and help a tail that lags behind

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
      int tail = tail_.load(std::memory_order_acquire);
      int next = next_[tail].load(std::memory_order_acquire);
      if (next != nothing) {
        tail_.compare_exchange_strong(tail, next, std::memory_order_release);  // help
        continue;
      }
      if (next_[tail].compare_exchange_strong(next, node, std::memory_order_release)) {
        tail_.compare_exchange_strong(tail, node, std::memory_order_release);
        return;
      }
    }
  }
  int dequeue() {
    for (;;) {
      int head = head_.load(std::memory_order_acquire);
      int tail = tail_.load(std::memory_order_acquire);
      const int next = next_[head].load(std::memory_order_acquire);
      if (next == nothing) return nothing;
      if (head == tail) tail_.compare_exchange_strong(tail, next, std::memory_order_release);  // help
      if (head_.compare_exchange_strong(head, next, std::memory_order_release)) return next;
    }
  }

 private:
  heddle::atomic<int> head_{0, "head"};
  heddle::atomic<int> tail_{0, "tail"};
  std::array<heddle::atomic<int>, 3> next_{heddle::atomic<int>{nothing, "next0"},
                                           heddle::atomic<int>{nothing, "next1"},
                                           heddle::atomic<int>{nothing, "next2"}};
};

void ms_queue(const heddle::Parameters&) {
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
    .name = "structures/ms_queue",
    .lesson = "link with a compare-exchange, and help a tail that lags behind",
    .story =
        "Nodes are linked behind the last one by a compare-exchange, so only one producer wins, and whoever finds "
        "a tail that lags behind moves it. Michael and Scott, PODC 1996.",
    .tags = {"lock-free"},
    .expects = std::nullopt,
    .pair = "structures/ms_queue_overwritten_link",
    .body = ms_queue,
}};

}  // namespace
