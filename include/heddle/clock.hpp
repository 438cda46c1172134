// heddle/clock.hpp - a clock that the checker controls.
//
//     const auto deadline = heddle::steady_clock::now() + 10ms;
//     changed.wait_until(hold, deadline);
//
// Under the checker time stands still but for sleeping: each thread has a clock of its own that starts where
// its parent's stood and moves on by what the thread sleeps. The standard's clocks would make a scenario
// nondeterministic. Outside the checker this is std::chrono::steady_clock.
#pragma once

#include <heddle/detail/model.hpp>

#include <chrono>

namespace heddle {

struct steady_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;
  static constexpr bool is_steady = true;

  static time_point now() {
    if (detail::in_model()) return time_point(detail::now());
    return std::chrono::time_point_cast<duration>(std::chrono::steady_clock::now());
  }
};

}  // namespace heddle
