// checker/verify/relations.cpp - the relations of an execution graph, step by step: co and sw.
//
// Synchronises-with leads from a write that releases to a read of it (or of its release sequence) that
// acquires. A fence may stand in for either: before the write, or after the read ([atomics.fences]).

#include "checker/verify/witness.hpp"

namespace heddle::checker {

namespace {

EventIndex fence_before(const Trace& trace, EventIndex event) {
  while (trace[event].number > 1) {
    event = trace[event].po_previous;
    if (trace[event].kind == OperationKind::Fence) return event;
  }
  return no_event;
}

}  // namespace

void Telling::relate(EventIndex position, Step& step) const {
  const Trace& trace = runner_->execution().trace;
  const Event& event = trace[position];
  const HappensBefore& order = runner_->happens_before();
  const auto synchronise = [&](EventIndex from, EventIndex to) {
    if (from == no_event || trace[from].thread == event.thread || !order.before(from, to)) return false;
    if (to == position) step.synchronised_by.push_back(number(from) - 1);
    return true;
  };
  // What it reads, or what its thread has read since the fence before it.
  const bool fence = event.kind == OperationKind::Fence;
  for (EventIndex read = position;; read = trace[read].po_previous) {
    for (const Access& access : trace.accesses(read)) {
      const bool writes = access.kind == AccessKind::Write;
      if (read == position && writes && trace[read].kind == OperationKind::Store)
        step.coherence_after = access.last_write == no_access
                                   ? Step::initially
                                   : std::int64_t{number(trace.access(access.last_write).event)} - 1;
      if (access.last_write == no_access || trace[read].kind == OperationKind::Store) continue;
      const EventIndex write = trace.access(access.last_write).event;
      if (read == position && writes) step.coherence_after = std::int64_t{number(write)} - 1;
      if (fence && order.before(write, read)) continue;  // that read has done it
      if (!synchronise(write, position)) synchronise(fence_before(trace, write), position);
    }
    if (!fence || trace[read].number == 1 || (read != position && trace[read].kind == OperationKind::Fence))
      return;
  }
}

}  // namespace heddle::checker
