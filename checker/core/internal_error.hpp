// checker/core/internal_error.hpp - a bug in the checker itself.
//
// Thrown where an invariant of the checker does not hold; whoever catches it adds the schedule that
// provoked it.
#pragma once

#include <stdexcept>

namespace heddle::checker {

struct InternalError : std::logic_error {
  using std::logic_error::logic_error;
};

}  // namespace heddle::checker
