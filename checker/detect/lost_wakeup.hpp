// checker/detect/lost_wakeup.hpp - a thread waits for a notification that had gone before it came.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/machine/machine.hpp"

#include <optional>

namespace heddle::checker {

// REQUIRES: no thread is enabled. A thread that waits on a condition variable, or on an atomic object, which
// was notified when nobody waited: had the notification come later, or the thread earlier, it would go on.
std::optional<Finding> lost_wakeup_finding(const Machine& machine, const Trace& trace);

}  // namespace heddle::checker
