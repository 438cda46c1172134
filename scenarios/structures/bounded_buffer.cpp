// scenarios/structures/bounded_buffer.cpp - one condition for each thing that somebody waits for

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
    while (items_.load() == capacity) not_full_.wait(hold);
    ++items_;
    not_empty_.notify_one();
  }
  void take() {
    heddle::unique_lock hold(guard_);
    while (items_.load() == 0) not_empty_.wait(hold);
    --items_;
    not_full_.notify_one();
  }
  int items() const { return items_.load(); }

 private:
  heddle::mutex guard_{"guard"};
  heddle::condition_variable not_full_{"not full"};
  heddle::condition_variable not_empty_{"not empty"};
  heddle::var<int> items_{0, "items"};
};

void bounded_buffer(const heddle::Parameters& parameters) {
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
    .name = "structures/bounded_buffer",
    .lesson = "one condition for each thing that somebody waits for",
    .story =
        "Producers wait for room and consumers for items, each on a condition variable of their own: whoever is "
        "woken is one who can go on.",
    .tags = {"condition"},
    .parameters = {heddle::integer("pairs", 2, 1, 3, "how many producers, and how many consumers"),
                   heddle::integer("items", 2, 1, 3, "how many items each puts or takes")},
    .expects = std::nullopt,
    .pair = "structures/bounded_buffer_one_condition",
    .body = bounded_buffer,
}};

}  // namespace
