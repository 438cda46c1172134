// scenarios/philosophers/ordered.cpp - numbered locks, the smaller number first

#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

namespace {

void ordered(const heddle::Parameters& parameters) {
  const auto seats = static_cast<std::size_t>(parameters.integer("seats"));
  std::deque<heddle::mutex> forks;
  for (std::size_t seat = 0; seat < seats; ++seat) forks.emplace_back("fork " + std::to_string(seat + 1));

  std::vector<heddle::thread> philosophers;
  for (std::size_t seat = 0; seat < seats; ++seat) {
    philosophers.emplace_back([&, seat] {
      const std::size_t next = (seat + 1) % seats;
      const heddle::lock_guard first(forks[std::min(seat, next)]);
      const heddle::lock_guard second(forks[std::max(seat, next)]);
    });
  }
  for (heddle::thread& philosopher : philosophers) philosopher.join();
}

const heddle::Registered registered{{
    .name = "philosophers/ordered",
    .lesson = "numbered locks, the smaller number first",
    .story = "The forks are numbered and everybody takes the smaller number first. "
             "The last philosopher reaches to the right before the left, and the circle is broken.",
    .tags = {"deadlock", "course"},
    .parameters = {heddle::integer("seats", 3, 2, 5, "philosophers at the table")},
    .expects = std::nullopt,
    .pair = "philosophers/naive",
    .body = ordered,
}};

}  // namespace
