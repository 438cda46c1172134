// checker/detect/deadlock.hpp - nothing can go on and not everything is done.
//
// Looks for a cycle of threads that wait for each other: for a lock the other holds, or for the other to
// end. Threads outside the cycle wait for it in the end. Without a cycle someone waits for what nobody is
// left to do: to unlock, to release, to notify, to count down.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/detect/held_locks.hpp"
#include "checker/machine/machine.hpp"

#include <string>
#include <vector>

namespace heddle::checker {

struct WaitFor {
  ThreadIndex thread;
  OperationKind operation;  // that waits
  ThreadIndex for_thread;   // no_thread: anybody
  ObjectIndex object;       // no_object: waits for the other thread to end
  EventIndex taken;         // where for_thread took the object
  location where;           // where the thread waits
};

// What one blocked thread waits for. REQUIRES: it is parked and not enabled.
WaitFor wait_of(const Machine& machine, const Trace& trace, const HeldLocks& locks, ThreadIndex thread);
// "lock m, held by T1", "T1 to end", "a notification of changed", "a share of free to be released".
std::string wanted_text(const Machine& machine, const WaitFor& wait);

// REQUIRES: no thread is enabled and some are unfinished. The cycle starts with its least thread; without
// a cycle, all that wait for something else than one another.
std::vector<WaitFor> waits_for(const Machine& machine, const Trace& trace, const HeldLocks& locks);
bool is_cycle(const std::vector<WaitFor>& waits);

// The finding of a deadlock; its object is the first that somebody waits for.
Finding deadlock_finding(const Machine& machine, const Trace& trace, const std::vector<WaitFor>& waits);

}  // namespace heddle::checker
