// checker/detect/partial_lock.hpp - threads that are stuck with some of the several mutexes they take at
// once.
//
// In an execution graph a thread takes several mutexes one after the other, which is one step in the end
// (docs/decisions/0005-execution-graphs.md). Where that does not come to an end, what it has is in the way of
// others, who would go on if it were given back, as std::lock gives it back.
#pragma once

#include "checker/core/trace.hpp"
#include "checker/machine/machine.hpp"

namespace heddle::checker {

// Whether the execution is none if such steps are to be one step. That is so if a thread that has only some
// of its mutexes keeps others from going on, or has made a try fail. If it is a deadlock without what they
// have as well, several executions end in it: it is the one in which each in turn has taken what it could.
// REQUIRES: no thread will go on.
bool is_undone(const Machine& machine, const Trace& trace);

}  // namespace heddle::checker
