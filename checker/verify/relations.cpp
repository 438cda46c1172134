// checker/verify/relations.cpp - the relations of an execution graph, step by step: co and sw.
//
// Synchronises-with leads from what releases to what acquires (checker/sync/ordering.hpp), also by way of
// writes that only hand on. A fence may stand in for either: before the write, or after the read
// ([atomics.fences]).

#include "checker/core/memory_order.hpp"
#include "checker/sync/ordering.hpp"
#include "checker/verify/witness.hpp"

namespace heddle::checker {

namespace {

EventIndex release_fence_before(const Trace& trace, EventIndex event) {
  while (trace[event].number > 1) {
    event = trace[event].po_previous;
    if (trace[event].kind == OperationKind::Fence && releases(trace[event].order)) return event;
  }
  return no_event;
}

// The last step of another thread that the message of the write comes from, or no_event.
EventIndex sender(const Trace& trace, AccessIndex write, ThreadIndex reader) {
  while (write != no_access) {
    const Access& access = trace.access(write);
    const Event& event = trace[access.event];
    if (event.thread != reader) {
      if (sync::ordering_of(event, access.object_kind).is_release(sync::answer_of(event)))
        return access.event;
      const EventIndex fence =
          access.object_kind == ObjectKind::Atomic ? release_fence_before(trace, access.event) : no_event;
      if (fence != no_event) return fence;
    }
    if (!sync::hands_on(event, access.object_kind)) return no_event;
    write = access.last_write;
  }
  return no_event;
}

}  // namespace

void Telling::relate(EventIndex position, Step& step) const {
  const Trace& trace = runner_->execution().trace;
  const Event& event = trace[position];
  const HappensBefore& order = runner_->happens_before();
  // What it reads, or what its thread has read since the acquire fence before it.
  const auto is_acquire_fence = [&](EventIndex e) {
    return trace[e].kind == OperationKind::Fence && acquires(trace[e].order);
  };
  const bool fence = is_acquire_fence(position);
  for (EventIndex read = position;; read = trace[read].po_previous) {
    for (const Access& access : trace.accesses(read)) {
      if (read == position && access.kind == AccessKind::Write) {
        if (access.last_write != no_access)
          step.coherence_after = std::int64_t{number(trace.access(access.last_write).event)} - 1;
        else if (event.kind == OperationKind::Store) step.coherence_after = Step::initially;
      }
      const sync::Ordering& ordering = sync::ordering_of(trace[read], access.object_kind);
      const bool acquired = ordering.is_acquire(sync::answer_of(trace[read]));
      // Before a fence only what has not acquired by itself.
      if (fence ? acquired || !sync::reads_atomically(trace[read], access.object_kind) : !acquired) continue;
      const EventIndex from = sender(trace, sync::message_for(trace, access, ordering), event.thread);
      if (from != no_event && order.before(from, position)) step.synchronised_by.push_back(number(from) - 1);
    }
    if (!fence || trace[read].number == 1 || (read != position && is_acquire_fence(read))) return;
  }
}

}  // namespace heddle::checker
