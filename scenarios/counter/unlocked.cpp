// scenarios/counter/unlocked.cpp - ++count is a read and a write, and another thread fits between them

#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <vector>

namespace {

void unlocked(const heddle::Parameters& parameters) {
  const auto threads = parameters.integer("threads");
  const auto increments = parameters.integer("increments");
  heddle::var<int> count{0, "count"};

  std::vector<heddle::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      for (int i = 0; i < increments; ++i) {
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
    .name = "counter/unlocked",
    .lesson = "++count is a read and a write, and another thread fits between them",
    .story = "Two requests count themselves in a plain variable. "
             "Each reads the count, adds one in a register and writes it back. "
             "When the second reads before the first has written, "
             "both write the same number and one request was never counted.",
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
    .body = unlocked,
}};

}  // namespace
