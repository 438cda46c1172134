// checker/verify/path.hpp - the decisions of an execution that has been run, as numbers.
//
// Steps that are local are left out: a replay takes them as soon as it can, which is equivalent.
#pragma once

#include "checker/core/schedule.hpp"
#include "checker/core/trace.hpp"
#include "checker/machine/machine.hpp"

#include <vector>

namespace heddle::checker {

struct Path {
  std::vector<ThreadIndex> threads;
  std::vector<std::uint8_t> alternatives;  // answers of choose() in the order of a replay
  std::vector<std::uint32_t> ages;         // of the writes that the steps read or come after; Event::age
};

// The first `events` events of the trace.
Path path_of(const Trace& trace, EventIndex events);
// Events of the trace in another order in which nothing reads from the future.
Path path_of(const Trace& trace, const Coherence& coherence, const std::vector<EventIndex>& order);

// The events whose write is newer in coherence order than the one that this event reads, or than its own.
std::vector<EventIndex> newer_writes(const Trace& trace, const Coherence& coherence, EventIndex event);

// Switches away from a thread that could have gone on, within the first `events` events.
unsigned preemptions(const Trace& trace, EventIndex events);

// The path as a schedule of the exploration called `name`; `check` is that of the trace.
Schedule schedule_of(const Path& path, const Machine& machine, std::string name, std::uint32_t check);

// Check sum over the operations of the first `steps` steps that are not local.
std::uint32_t check_sum(const Machine& machine, const Trace& trace, std::size_t steps);

}  // namespace heddle::checker
