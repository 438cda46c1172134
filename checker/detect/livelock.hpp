// checker/detect/livelock.hpp - an execution that does not end.
//
// When an execution reaches the limit of steps, its tail is searched for a cycle of operations with equal
// values. If every thread that can run takes part in the cycle, nobody makes progress: a livelock. If
// others could run, one thread spins while the schedule keeps them waiting. Without a cycle the execution
// may just be long.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/machine/machine.hpp"

namespace heddle::checker {

Finding endless_finding(const Trace& trace, const Machine& machine, ThreadSet enabled);

}  // namespace heddle::checker
