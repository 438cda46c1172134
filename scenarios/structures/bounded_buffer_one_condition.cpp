// scenarios/structures/bounded_buffer_one_condition.cpp - a notification for one may wake the wrong one

#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <vector>

namespace {

constexpr int capacity = 1;

class Buffer {
 public:
  void put() {
    heddle::unique_lock hold(guard_);
    while (items_.load() == capacity) changed_.wait(hold);
    ++items_;
    changed_.notify_one();
  }
  void take() {
    heddle::unique_lock hold(guard_);
    while (items_.load() == 0) changed_.wait(hold);
    --items_;
    changed_.notify_one();
  }
  int items() const { return items_.load(); }

 private:
  heddle::mutex guard_{"guard"};
  heddle::condition_variable changed_{"changed"};
  heddle::var<int> items_{0, "items"};
};

void bounded_buffer_one_condition(const heddle::Parameters& parameters) {
  const auto pairs = parameters.integer("pairs");
  const auto each = parameters.integer("items");
  Buffer buffer;
  std::vector<heddle::thread> threads;
  for (int pair = 0; pair < pairs; ++pair) {
    threads.emplace_back([&] {
      for (int item = 0; item < each; ++item) buffer.put();
    });
    threads.emplace_back([&] {
      for (int item = 0; item < each; ++item) buffer.take();
    });
  }
  for (heddle::thread& thread : threads) thread.join();
  heddle::require_eq(buffer.items(), 0);
}

const heddle::Registered registered{{
    .name = "structures/bounded_buffer_one_condition",
    .lesson = "a notification for one may wake the wrong one",
    .story =
        "Producers and consumers wait on the same condition variable. A consumer that makes room wakes another "
        "consumer, which finds nothing and waits again: the producer is never told.",
    .tags = {"condition"},
    .parameters = {heddle::integer("pairs", 2, 1, 3, "how many producers, and how many consumers"),
                   heddle::integer("items", 1, 1, 3, "how many items each puts or takes")},
    .expects = heddle::DefectKind::Deadlock,
    .pair = "structures/bounded_buffer",
    .body = bounded_buffer_one_condition,
}};

}  // namespace
