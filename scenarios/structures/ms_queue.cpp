// scenarios/structures/ms_queue.cpp - link with a compare-exchange, and help a tail that lags behind

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <array>
#include <optional>
#include <utility>

namespace {

struct Node {
  heddle::var<int> value{0, "value"};
  heddle::atomic<Node*> next{nullptr, "next"};
};

// The first node is a dummy; a node that has been dequeued is the next one. All are there to the end.
class Queue {
 public:
  ~Queue() {
    while (first_ != nullptr) delete std::exchange(first_, first_->next.load());
  }
  void enqueue(int value) {
    auto* const node = new Node;
    node->value = value;
    for (;;) {
      Node* tail = tail_.load(std::memory_order_acquire);
      Node* next = tail->next.load(std::memory_order_acquire);
      if (next != nullptr) {
        tail_.compare_exchange_strong(tail, next, std::memory_order_release);  // help
        continue;
      }
      if (tail->next.compare_exchange_strong(next, node, std::memory_order_release)) {
        tail_.compare_exchange_strong(tail, node, std::memory_order_release);
        return;
      }
    }
  }
  std::optional<int> dequeue() {
    for (;;) {
      Node* head = head_.load(std::memory_order_acquire);
      Node* tail = tail_.load(std::memory_order_acquire);
      Node* const next = head->next.load(std::memory_order_acquire);
      if (next == nullptr) return std::nullopt;
      if (head == tail) tail_.compare_exchange_strong(tail, next, std::memory_order_release);  // help
      const int value = next->value.load();
      if (head_.compare_exchange_strong(head, next, std::memory_order_release)) return value;
    }
  }

 private:
  Node* first_ = new Node;
  heddle::atomic<Node*> head_{first_, "head"};
  heddle::atomic<Node*> tail_{first_, "tail"};
};

void ms_queue(const heddle::Parameters&) {
  Queue queue;
  std::array<int, 3> times{};

  const auto take = [&] {
    const std::optional<int> value = queue.dequeue();
    if (value) ++times[static_cast<std::size_t>(*value)];
    return value.has_value();
  };
  heddle::thread one([&] { queue.enqueue(1); });
  heddle::thread two([&] { queue.enqueue(2); });
  heddle::thread consumer(take);
  one.join();
  two.join();
  consumer.join();
  while (take()) {
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
