// scenarios/counter/compare_exchange.cpp - write only if nobody has written since the read

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <vector>

namespace {

void compare_exchange(const heddle::Parameters& parameters) {
  const auto threads = parameters.integer("threads");
  const auto increments = parameters.integer("increments");
  heddle::atomic<int> count{0, "count"};

  std::vector<heddle::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      for (int i = 0; i < increments; ++i) {
        int seen = count.load();
        while (!count.compare_exchange_strong(seen, seen + 1)) {
        }
      }
    });
  }
  for (heddle::thread& worker : workers) worker.join();

  const int total = count.load();
  heddle::outcome("count", total);
  heddle::require_eq(total, threads * increments);
}

const heddle::Registered registered{{
    .name = "counter/compare_exchange",
    .lesson = "write only if nobody has written since the read",
    .story = "The same counter with optimism: read, compute, and write only if the value is still "
             "the one that was read. Who loses tries again with the value that won.",
    .tags = {"race", "course"},
    .parameters = {heddle::integer("threads", 2, 1, 16, "threads that count"),
                   heddle::integer("increments", 1, 1, 1'000'000, "increments by each thread")},
    .expects = std::nullopt,
    .outcomes = [](const heddle::Parameters& p) -> std::vector<heddle::DeclaredOutcome> {
      const auto all = p.integer("threads") * p.integer("increments");
      return {{"count=" + std::to_string(all), heddle::Grade::Expected, "every increment counts"},
              {"*", heddle::Grade::Forbidden, "an increment is lost"}};
    },
    .pair = "counter/unlocked",
    .body = compare_exchange,
}};

}  // namespace
