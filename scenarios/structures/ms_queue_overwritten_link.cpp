// scenarios/structures/ms_queue_overwritten_link.cpp - a link that is stored may overwrite another one

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
      Node* tail = tail_.load();
      Node* const next = tail->next.load();
      if (next != nullptr) {
        tail_.compare_exchange_strong(tail, next);  // help
        continue;
      }
      tail->next.store(node);
      tail_.compare_exchange_strong(tail, node);
      return;
    }
  }
  std::optional<int> dequeue() {
    for (;;) {
      Node* head = head_.load();
      Node* tail = tail_.load();
      Node* const next = head->next.load();
      if (next == nullptr) return std::nullopt;
      if (head == tail) tail_.compare_exchange_strong(tail, next);  // help
      const int value = next->value.load();
      if (head_.compare_exchange_strong(head, next)) return value;
    }
  }

 private:
  Node* first_ = new Node;
  heddle::atomic<Node*> head_{first_, "head"};
  heddle::atomic<Node*> tail_{first_, "tail"};
};

void ms_queue_overwritten_link(const heddle::Parameters&) {
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
