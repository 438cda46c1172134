// scenarios/counter/locked.cpp - a lock makes the read and the write one

#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <vector>

namespace {

void locked(const heddle::Parameters& parameters) {
  const auto threads = parameters.integer("threads");
  const auto increments = parameters.integer("increments");
  heddle::mutex guard{"guard"};
  heddle::var<int> count{0, "count"};

  std::vector<heddle::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      for (int i = 0; i < increments; ++i) {
        const heddle::lock_guard hold(guard);
        ++count;
      }
    });
  }
  for (heddle::thread& worker : workers) worker.join();

  const int total = count.load();
  heddle::outcome("count", total);
  heddle::require_eq(total, threads * increments);
}

const heddle::Registered registered{{
    .name = "counter/locked",
    .lesson = "a lock makes the read and the write one",
    .story = "The same counter, but whoever counts holds the counter's lock. "
             "Nobody can read between another thread's read and write, "
             "so that every increment is based on the one before.",
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
    .body = locked,
}};

}  // namespace
