// checker/native/form.hpp - what the two ways to run a scenario natively have in common.
#pragma once

#include "checker/native/board.hpp"

#include <heddle/native.hpp>

#include <chrono>
#include <functional>

namespace heddle::checker::native {

// What is run and how. Everything must outlive the form.
struct Subject {
  const std::function<void()>& body;
  const heddle::native::Options& options;
  Board& board;
};

using Clock = std::chrono::steady_clock;

// Whether to begin another run.
inline bool goes_on(const Subject& subject, Clock::time_point began) {
  const Board::Shared& shared = subject.board.shared();
  if (shared.stop.load(std::memory_order_relaxed)) return false;
  const heddle::native::Options& options = subject.options;
  if (options.runs != 0 && shared.runs.load(std::memory_order_relaxed) >= options.runs) return false;
  return options.time.count() == 0 || Clock::now() - began < options.time;
}

// Each run calls the body, which starts its threads.
void run_whole(const Subject& subject);

// The threads stay, and run those of many instances side by side. Ends the process when the scenario turns
// out not to suit, with the reason on the board.
void run_stress(const Subject& subject);

}  // namespace heddle::checker::native
