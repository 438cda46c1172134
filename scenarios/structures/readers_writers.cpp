// scenarios/structures/readers_writers.cpp - many read, or one writes

#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/shared_mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <vector>

namespace {

void readers_writers(const heddle::Parameters& parameters) {
  const auto readers = parameters.integer("readers");
  const auto writers = parameters.integer("writers");
  heddle::shared_mutex guard{"guard"};
  heddle::var<int> count{0, "count"};

  std::vector<heddle::thread> threads;
  for (int t = 0; t < writers; ++t) {
    threads.emplace_back([&] {
      const heddle::unique_lock hold(guard);
      ++count;
    });
  }
  for (int t = 0; t < readers; ++t) {
    threads.emplace_back([&] {
      const heddle::shared_lock hold(guard);
      heddle::require(count.load() <= writers);
    });
  }
  for (heddle::thread& thread : threads) thread.join();
  heddle::require_eq(count.load(), static_cast<int>(writers));
}

const heddle::Registered registered{{
    .name = "structures/readers_writers",
    .lesson = "many read, or one writes",
    .story = "Readers share the lock, a writer has it for itself.",
    .tags = {"locks"},
    .parameters = {heddle::integer("readers", 2, 0, 4, "how many threads read"),
                   heddle::integer("writers", 2, 1, 4, "how many threads write")},
    .expects = std::nullopt,
    .pair = "structures/readers_writers_shared",
    .body = readers_writers,
}};

}  // namespace
