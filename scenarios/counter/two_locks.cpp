// scenarios/counter/two_locks.cpp - a lock protects only against those who take the same one

#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <deque>
#include <string>
#include <vector>

namespace {

void two_locks(const heddle::Parameters& parameters) {
  const auto threads = parameters.integer("threads");
  const auto increments = parameters.integer("increments");
  std::deque<heddle::mutex> guards;
  heddle::var<int> count{0, "count"};

  std::vector<heddle::thread> workers;
  for (int t = 0; t < threads; ++t) {
    heddle::mutex& guard = guards.emplace_back("guard " + std::to_string(t + 1));
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
    .name = "counter/two_locks",
    .lesson = "a lock protects only against those who take the same one",
    .story = "Every thread locks before it counts, but each locks a mutex of its own. "
             "They never wait for each other, and updates are lost as without any lock.",
    .tags = {"race", "course"},
    .parameters = {heddle::integer("threads", 2, 1, 16, "threads that count"),
                   heddle::integer("increments", 1, 1, 1'000'000, "increments by each thread")},
    .expects = heddle::DefectKind::LostUpdate,
    .outcomes = [](const heddle::Parameters& p) -> std::vector<heddle::DeclaredOutcome> {
      const auto all = p.integer("threads") * p.integer("increments");
      return {{"count=" + std::to_string(all), heddle::Grade::Expected, "every increment counts"},
              {"*", heddle::Grade::Forbidden, "an increment is lost"}};
    },
    .pair = "counter/locked",
    .body = two_locks,
}};

}  // namespace
