// heddle/clock.hpp - a clock that the checker controls.
//
//     const auto deadline = heddle::steady_clock::now() + 10ms;
//     changed.wait_until(hold, deadline);
//
// Under the checker no time passes but by waiting for it. Each thread has a clock of its own, which starts
// where its parent's stood: main's at the epoch. It moves to the deadline when the thread has slept until
// then, or a wait of its has timed out, on whatever object: so a loop that waits until the deadline and looks
// at the clock sees both ends. A wait that ends in time does not move it, and a deadline that is past has no
// effect on it. The standard's own clocks would make a scenario nondeterministic.
//
// system_clock is the same clock with the calendar's epoch. Outside the checker the two are those of
// std::chrono.
#pragma once

#include <heddle/detail/model.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace heddle {

namespace detail {

// Deadlines on the virtual clock. What lies farther ahead than its end is the end.
inline constexpr std::chrono::nanoseconds end_of_time = std::chrono::nanoseconds::max() / 2;

template <class Rep, class Period>
std::chrono::nanoseconds rounded_up(const std::chrono::duration<Rep, Period>& time) {
  using Approximate = std::chrono::duration<double, std::nano>;
  if (Approximate(time) >= Approximate(end_of_time)) return end_of_time;
  if (Approximate(time) <= -Approximate(end_of_time)) return -end_of_time;
  return std::chrono::ceil<std::chrono::nanoseconds>(time);
}
template <class Rep, class Period>
std::chrono::nanoseconds deadline(const std::chrono::duration<Rep, Period>& time) {
  return std::min(now() + rounded_up(time), end_of_time);
}
template <class Clock, class Duration>
std::chrono::nanoseconds deadline(const std::chrono::time_point<Clock, Duration>& time) {
  return rounded_up(time.time_since_epoch());
}
// What a try until then has come to.
inline bool or_time_out(bool succeeded, std::chrono::nanoseconds deadline) {
  if (!succeeded) time_out(deadline);
  return succeeded;
}

}  // namespace detail

struct steady_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;
  static constexpr bool is_steady = true;

  static time_point now() {
    if (detail::in_model()) return time_point(detail::read_clock());
    return std::chrono::time_point_cast<duration>(std::chrono::steady_clock::now());
  }
};

struct system_clock {
  using duration = std::chrono::system_clock::duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<std::chrono::system_clock, duration>;
  static constexpr bool is_steady = std::chrono::system_clock::is_steady;

  static time_point now() {
    if (detail::in_model()) return time_point(std::chrono::ceil<duration>(detail::read_clock()));
    return std::chrono::system_clock::now();
  }
  static std::time_t to_time_t(const time_point& time) { return std::chrono::system_clock::to_time_t(time); }
  static time_point from_time_t(std::time_t time) { return std::chrono::system_clock::from_time_t(time); }
};

using high_resolution_clock = steady_clock;

}  // namespace heddle
