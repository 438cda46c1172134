// checker/detect/livelock.hpp - an execution that does not end.
//
// When an execution reaches the limit of steps, its tail is searched for a cycle of operations with equal
// values. If nobody else could run at any of them, that goes on for ever: a livelock. If the schedule could
// have gone another way, or kept somebody waiting who could run, nothing is known of the fair executions:
// that is no defect, but neither is the search exhaustive. Without a cycle the execution may just be long,
// unless its threads come back to where they were.
//
// Loops that only wait are recognised as such (machine/loops.cpp): when all that is left are threads in such
// loops, and threads that wait for them, nobody ever goes on.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/machine/machine.hpp"

#include <optional>
#include <string>

namespace heddle::checker {

// REQUIRES: no thread is enabled. The threads that wait in a loop for what nobody is left to change.
std::optional<Finding> spinning_finding(const Machine& machine, const Trace& trace);

// Of an execution that was cut at the limit of steps, or where it came back to where it had been as a whole:
// the defect that this is, if it is one.
std::optional<Finding> endless_finding(const Trace& trace, const Machine& machine);
// If it is none: the executions that were left out, "executions of ...".
std::string endless_text(const Trace& trace, const Machine& machine);

}  // namespace heddle::checker
