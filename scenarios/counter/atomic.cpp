// scenarios/counter/atomic.cpp - an atomic increment cannot be split

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <vector>

namespace {

void atomic(const heddle::Parameters& parameters) {
  const auto threads = parameters.integer("threads");
  const auto increments = parameters.integer("increments");
  heddle::atomic<int> count{0, "count"};

  std::vector<heddle::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      for (int i = 0; i < increments; ++i) {
        count.fetch_add(1);
      }
    });
  }
  for (heddle::thread& worker : workers) worker.join();

  const int total = count.load();
  heddle::outcome("count", total);
  heddle::require_eq(total, threads * increments);
}

const heddle::Registered registered{{
    .name = "counter/atomic",
    .lesson = "an atomic increment cannot be split",
    .story = "The same counter as an atomic: fetch_add reads and writes in one step, "
             "so that no lock is needed.",
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
    .body = atomic,
}};

}  // namespace
