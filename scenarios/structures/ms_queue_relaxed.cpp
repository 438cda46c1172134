// A queue whose producers write a value into a node and then link the node with a relaxed compare-exchange.
// The consumer finds it by that link, and acquires; but there is no release to acquire from, so nothing
// orders the value before it: a data race, and under the C++ model it may take the node out and find it
// empty. Moving the tail on is a release, and a consumer that has seen the tail where the producer put it
// sees the value too: only while the tail lags behind does it show. On x86 a compare-exchange is a barrier
// whatever the order says.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <optional>
#include <utility>

namespace {

using heddle::memory_order_acquire;
using heddle::memory_order_relaxed;
using heddle::memory_order_release;

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
      Node* tail = tail_.load(memory_order_acquire);
      Node* next = tail->next.load(memory_order_acquire);
      if (next != nullptr) {
        tail_.compare_exchange_strong(tail, next, memory_order_release);  // help
        continue;
      }
      if (tail->next.compare_exchange_strong(next, node, memory_order_relaxed)) {
        tail_.compare_exchange_strong(tail, node, memory_order_release);
        return;
      }
    }
  }
  std::optional<int> dequeue() {
    for (;;) {
      Node* head = head_.load(memory_order_acquire);
      Node* tail = tail_.load(memory_order_acquire);
      Node* const next = head->next.load(memory_order_acquire);
      if (next == nullptr) return std::nullopt;
      if (head == tail) tail_.compare_exchange_strong(tail, next, memory_order_release);  // help
      const int value = next->value.load();
      if (head_.compare_exchange_strong(head, next, memory_order_release)) return value;
    }
  }

 private:
  Node* first_ = new Node;
  heddle::atomic<Node*> head_{first_, "head"};
  heddle::atomic<Node*> tail_{first_, "tail"};
};

void ms_queue_relaxed(const heddle::Parameters&) {
  Queue queue;
  heddle::thread one([&] { queue.enqueue(42); });
  heddle::thread two([&] { queue.enqueue(42); });
  heddle::thread consumer([&] { heddle::require_eq(queue.dequeue().value_or(42), 42); });
  one.join();
  two.join();
  consumer.join();
}

const heddle::Registered registered{{
    .name = "structures/ms_queue_relaxed",
    .lesson = "the exchange that links a node has to release what is in it",
    .story =
        "Two producers put 42 into a node and link it, with relaxed; the consumer takes a node out and may "
        "find it empty. A tail that has moved on hides it, for moving it is a release.",
    .tags = {"lock-free"},
    .expects = heddle::DefectKind::DataRace,
    .expects_under = {{heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "structures/ms_queue",
    .body = ms_queue_relaxed,
}};

}  // namespace
