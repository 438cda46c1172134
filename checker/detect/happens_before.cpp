#include "checker/detect/happens_before.hpp"

#include "checker/core/memory_order.hpp"

namespace heddle::checker {

void HappensBefore::synchronise(EventIndex position) {
  const Event& event = trace_[position];
  clocks_.reserve(message_row(position) + 1, event.thread);
  if (event.number == 1) {
    clocks_.clear(clocks_[clock_row(position)]);
    if (event.po_previous != no_event) learn_all(position, event.po_previous);
  }
  if (event.joined_event != no_event) learn_all(position, event.joined_event);
  if (event.kind == OperationKind::Fence) {
    any_fence_ = true;
    if (acquires(event.order)) learn_at_fence(position);
    return;
  }
  receive(position);
  send(position);
}

void HappensBefore::receive(EventIndex position) {
  const Event& event = trace_[position];
  const sync::Answer answer = sync::answer_of(event);
  for (const Access& access : trace_.accesses(position)) {
    const sync::Ordering& ordering = sync::ordering_of(event, access.object_kind);
    if (ordering.is_acquire(answer)) learn_from(position, sync::message_for(trace_, access, ordering));
  }
}

// Its own store tells a thread nothing, but its own read-modify-write has a message of others.
void HappensBefore::learn_from(EventIndex position, AccessIndex write) {
  if (write == no_access) return;
  const Access& access = trace_.access(write);
  const Event& writer = trace_[access.event];
  if (writer.thread != trace_[position].thread || sync::hands_on(writer, access.object_kind))
    clocks_.join(own_clock(position), clocks_[message_row(access.event)]);
}

// [atomics.fences]: what the atomic reads before it would have learned, had they been acquire.
void HappensBefore::learn_at_fence(EventIndex position) {
  for (EventIndex e = position; trace_[e].number > 1;) {
    e = trace_[e].po_previous;
    for (const Access& access : trace_.accesses(e))
      if (sync::reads_atomically(trace_[e], access.object_kind)) learn_from(position, access.last_write);
  }
}

// The thread learns all that the thread of the earlier event knew after it.
void HappensBefore::learn_all(EventIndex position, EventIndex earlier) {
  const Event& event = trace_[earlier];
  ClockValue* clock = own_clock(position);
  clocks_.join(clock, clocks_[clock_row(learned_[earlier])]);
  clock[event.thread] = static_cast<ClockValue>(event.number);
}

// Makes the message that the event leaves in what it writes.
void HappensBefore::send(EventIndex position) {
  const Event& event = trace_[position];
  const sync::Answer answer = sync::answer_of(event);
  ClockValue* message = clocks_[message_row(position)];
  clocks_.clear(message);
  for (const Access& access : trace_.accesses(position)) {
    if (access.kind != AccessKind::Write) continue;
    EventIndex releasing = no_event;
    if (sync::ordering_of(event, access.object_kind).is_release(answer)) releasing = position;
    else if (access.object_kind == ObjectKind::Atomic) releasing = release_fence_before(position);
    if (releasing != no_event) {
      clocks_.join(message, clocks_[clock_row(learned_[releasing])]);
      message[event.thread] = static_cast<ClockValue>(trace_[releasing].number);
    }
    if (access.last_write != no_access && sync::hands_on(event, access.object_kind))
      clocks_.join(message, clocks_[message_row(trace_.access(access.last_write).event)]);
  }
}

// [atomics.fences]: what a release fence knows is released by the atomic writes after it.
EventIndex HappensBefore::release_fence_before(EventIndex position) const {
  if (!any_fence_) return no_event;
  for (EventIndex e = position; trace_[e].number > 1;) {
    e = trace_[e].po_previous;
    if (trace_[e].kind == OperationKind::Fence && releases(trace_[e].order)) return e;
  }
  return no_event;
}

// A clock that this event shares with none before it.
ClockValue* HappensBefore::own_clock(EventIndex position) {
  ClockValue* clock = clocks_[clock_row(position)];
  if (learned_[position] != position) {
    clocks_.copy(clock, clocks_[clock_row(learned_[position])]);
    learned_[position] = position;
  }
  return clock;
}

}  // namespace heddle::checker
