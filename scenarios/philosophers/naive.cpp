// scenarios/philosophers/naive.cpp - a circle of locks, each taken left before right

#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

namespace {

void naive(const heddle::Parameters& parameters) {
  const auto seats = static_cast<std::size_t>(parameters.integer("seats"));
  std::deque<heddle::mutex> forks;
  for (std::size_t seat = 0; seat < seats; ++seat) forks.emplace_back("fork " + std::to_string(seat + 1));

  std::vector<heddle::thread> philosophers;
  for (std::size_t seat = 0; seat < seats; ++seat) {
    philosophers.emplace_back([&, seat] {
      const heddle::lock_guard left(forks[seat]);
      const heddle::lock_guard right(forks[(seat + 1) % seats]);
    });
  }
  for (heddle::thread& philosopher : philosophers) philosopher.join();
}

const heddle::Registered registered{{
    .name = "philosophers/naive",
    .lesson = "a circle of locks, each taken left before right",
    .story = "Dijkstra's philosophers sit in a circle with one fork between each two. "
             "Everybody takes the left fork and then the right one. "
             "When all have their left fork, all wait for their right one.",
    .tags = {"deadlock", "course"},
    .parameters = {heddle::integer("seats", 3, 2, 5, "philosophers at the table")},
    .expects = heddle::DefectKind::Deadlock,
    .pair = "philosophers/ordered",
    .body = naive,
}};

}  // namespace
