// checker/detect/livelock.hpp - an execution that does not end.
//
// When an execution reaches the limit of steps, its tail is searched for a cycle of operations with equal
// values. If every thread that can run takes part in the cycle, nobody makes progress: a livelock. If
// others could run, one thread spins while the schedule keeps them waiting. Without a cycle the execution
// may just be long.
//
// Loops that only wait are recognised as such (machine/spin.cpp): when all that is left are threads in such
// loops, and threads that wait for them, nobody ever goes on.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/machine/machine.hpp"

#include <optional>

namespace heddle::checker {

// REQUIRES: no thread is enabled. The threads that wait in a loop for what nobody is left to change.
std::optional<Finding> spinning_finding(const Machine& machine, const Trace& trace);

Finding endless_finding(const Trace& trace, const Machine& machine, ThreadSet enabled);

}  // namespace heddle::checker
