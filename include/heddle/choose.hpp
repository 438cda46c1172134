// heddle/choose.hpp - nondeterminism of the scenario itself: choose() and assume().
//
//     bool fails = heddle::choose(2) == 1;     // explored both ways
//     heddle::assume(ticket < 100);            // executions where this is false are not of interest
//
// choose(n) returns each of 0..n-1 in some execution; 0 comes first. Anything a scenario would
// otherwise draw at random has to come from it: the checker re-executes the scenario, and an execution
// must be a function of its choices.
//
// assume(c) with a false c stops the calling thread for good. The execution then counts as blocked: it
// has no outcome and is no deadlock.
//
// In a native run choose() draws one and a false assume() leaves the run out. Outside both, choose() returns
// 0 and a false assume() ends the program.
#pragma once

#include <heddle/detail/native.hpp>

#include <cstddef>
#include <cstdlib>

namespace heddle {

// REQUIRES: 1 <= alternatives <= 255.
inline std::size_t choose(std::size_t alternatives, location where = location::current()) {
  if (detail::in_model()) return detail::choose(alternatives, where);
  return detail::native_run != nullptr ? detail::native_run->choose(alternatives) : 0;
}

inline void assume(bool condition, location where = location::current()) {
  if (detail::in_model()) detail::assume(condition, where);
  else if (condition) return;
  else if (detail::native_run != nullptr) detail::native_run->discard();
  else std::abort();
}

}  // namespace heddle
