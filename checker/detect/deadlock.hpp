// checker/detect/deadlock.hpp - nothing can go on and not everything is done.
//
// Looks for a cycle of threads that wait for each other: for a mutex the other holds, or for the other
// to end. Threads outside the cycle wait for it in the end; if there is no cycle, someone waits for a
// mutex whose holder has ended.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/detect/held_locks.hpp"
#include "checker/machine/machine.hpp"

#include <string>
#include <vector>

namespace heddle::checker {

struct WaitFor {
  ThreadIndex thread;
  ThreadIndex for_thread;
  ObjectIndex mutex;  // no_object: waits for the other thread to end
  EventIndex taken;   // where for_thread took the mutex
  location where;     // where the thread waits
};

// What one blocked thread waits for. REQUIRES: that is a mutex or a thread.
WaitFor wait_of(const Machine& machine, const Trace& trace, const HeldLocks& locks, ThreadIndex thread);

// REQUIRES: no thread is enabled and some are unfinished. The cycle starts with its least thread; without
// a cycle, all that wait.
std::vector<WaitFor> waits_for(const Machine& machine, const Trace& trace, const HeldLocks& locks);

// The finding of a deadlock; its object is the first mutex of the cycle.
Finding deadlock_finding(const Machine& machine, const Trace& trace, const std::vector<WaitFor>& cycle);

}  // namespace heddle::checker
