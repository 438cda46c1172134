// A queue whose producers write a value into a node and then link the node with a relaxed compare-exchange.
// The consumer finds it by that link, and acquires; but there is no release to acquire from, so it may take
// the node out and find it empty. Moving the tail on is a release, and a consumer that has seen the tail
// where the producer put it sees the value too: only while the tail lags behind does it show. On x86 a
// compare-exchange is a barrier whatever the order says.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <array>

namespace {

using heddle::memory_order_acquire;
using heddle::memory_order_relaxed;
using heddle::memory_order_release;

constexpr int nothing = -1;

// Node 0 is the first dummy; a dequeued node becomes the next one.
class Queue {
 public:
  void enqueue(int node, int value) {
    value_[node].store(value, memory_order_relaxed);
    for (;;) {
      int tail = tail_.load(memory_order_acquire);
      int next = next_[tail].load(memory_order_acquire);
      if (next != nothing) {
        tail_.compare_exchange_strong(tail, next, memory_order_release);  // help
        continue;
      }
      if (next_[tail].compare_exchange_strong(next, node, memory_order_relaxed)) {
        tail_.compare_exchange_strong(tail, node, memory_order_release);
        return;
      }
    }
  }
  // The value, or nothing.
  int dequeue() {
    for (;;) {
      int head = head_.load(memory_order_acquire);
      int tail = tail_.load(memory_order_acquire);
      const int next = next_[head].load(memory_order_acquire);
      if (next == nothing) return nothing;
      if (head == tail) tail_.compare_exchange_strong(tail, next, memory_order_release);  // help
      if (head_.compare_exchange_strong(head, next, memory_order_release))
        return value_[next].load(memory_order_relaxed);
    }
  }

 private:
  heddle::atomic<int> head_{0, "head"};
  heddle::atomic<int> tail_{0, "tail"};
  std::array<heddle::atomic<int>, 3> next_{heddle::atomic<int>{nothing, "next0"},
                                           heddle::atomic<int>{nothing, "next1"},
                                           heddle::atomic<int>{nothing, "next2"}};
  std::array<heddle::atomic<int>, 3> value_{
      heddle::atomic<int>{0, "value0"}, heddle::atomic<int>{0, "value1"}, heddle::atomic<int>{0, "value2"}};
};

void ms_queue_relaxed(const heddle::Parameters&) {
  Queue queue;
  heddle::thread one([&] { queue.enqueue(1, 42); });
  heddle::thread two([&] { queue.enqueue(2, 42); });
  heddle::thread consumer([&] {
    const int value = queue.dequeue();
    heddle::require(value == nothing || value == 42);
  });
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
    .expects = {},
    .expects_under = {{heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "structures/ms_queue",
    .body = ms_queue_relaxed,
}};

}  // namespace
