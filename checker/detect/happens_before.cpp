#include "checker/detect/happens_before.hpp"

#include "checker/core/memory_order.hpp"

namespace heddle::checker {

namespace {

// A try that fails learns nothing, but who finds a call made once knows of it, and a wait that ends without a
// notification takes the mutex all the same.
constexpr bool learns_by_failing(OperationKind kind) {
  return kind == OperationKind::BeginOnce || kind == OperationKind::WakeUpOrTimeOut;
}

}  // namespace

void HappensBefore::synchronise(EventIndex position) {
  const Event& event = trace_[position];
  clocks_.reserve(message_row(position) + 1, event.thread);
  if (event.number == 1) {
    clocks_.clear(clocks_[clock_row(position)]);
    if (event.po_previous != no_event) learn_all(position, event.po_previous);
  }
  if (event.joined_event != no_event) learn_all(position, event.joined_event);
  // What a spin waits for is read afterwards, and giving memory back does not read what is there.
  if (event.kind == OperationKind::Spin || event.kind == OperationKind::Free) return;
  if (event.kind == OperationKind::Fence) {
    any_fence_ = true;
    if (acquires(event.order)) learn_at_fence(position);
    return;
  }
  receive(position);
  if (synchronises(position)) send(position);
}

// Joins the messages of the writes that the event reads from.
void HappensBefore::receive(EventIndex position) {
  const Event& event = trace_[position];
  // The operations of an atomic step carry no order of their own: they count as sequentially consistent.
  const bool acquiring = event.atomic_step || acquires(event.order);
  for (const Access& access : trace_.accesses(position)) {
    if (!synchronises(access.object_kind)) continue;
    const bool learns = access.object_kind == ObjectKind::Atomic
                            // Everything but a plain store reads the last write.
                            ? acquiring && (event.kind != OperationKind::Store || event.atomic_step)
                            : event.succeeded || event.atomic_step || learns_by_failing(event.kind);
    if (learns) learn_from(position, access);
  }
}

void HappensBefore::learn_from(EventIndex position, const Access& access) {
  if (access.last_write == no_access) return;
  const EventIndex writer = trace_.access(access.last_write).event;
  if (trace_[writer].thread != trace_[position].thread)
    clocks_.join(own_clock(position), clocks_[message_row(writer)]);
}

// [atomics.fences]: what the atomic reads before it would have learned, had they been acquire.
void HappensBefore::learn_at_fence(EventIndex position) {
  for (EventIndex e = position; trace_[e].number > 1;) {
    e = trace_[e].po_previous;
    if (trace_[e].kind == OperationKind::Store || trace_[e].kind == OperationKind::Spin) continue;
    for (const Access& access : trace_.accesses(e))
      if (access.object_kind == ObjectKind::Atomic) learn_from(position, access);
  }
}

// The thread learns all that the thread of the earlier event knew after it.
void HappensBefore::learn_all(EventIndex position, EventIndex earlier) {
  const Event& event = trace_[earlier];
  ClockValue* clock = own_clock(position);
  clocks_.join(clock, clocks_[clock_row(learned_[earlier])]);
  clock[event.thread] = static_cast<ClockValue>(event.number);
}

// Makes the message that the event leaves in what it writes. Everything but an atomic hands on what all that
// changed it before have seen, as if each change were a read-modify-write.
void HappensBefore::send(EventIndex position) {
  const Event& event = trace_[position];
  ClockValue* message = clocks_[message_row(position)];
  const EventIndex releasing =
      event.atomic_step || releases(event.order) ? position : release_fence_before(position);
  if (releasing != no_event) {
    clocks_.copy(message, clocks_[clock_row(learned_[releasing])]);
    message[event.thread] = static_cast<ClockValue>(trace_[releasing].number);
  } else {
    clocks_.clear(message);
  }
  // A read-modify-write continues the release sequence of the write it reads from.
  const bool modifies =
      event.kind == OperationKind::ReadModifyWrite || event.kind == OperationKind::CompareExchange;
  for (const Access& access : trace_.accesses(position))
    if (synchronises(access.object_kind) && access.last_write != no_access &&
        (modifies || access.object_kind != ObjectKind::Atomic))
      clocks_.join(message, clocks_[message_row(trace_.access(access.last_write).event)]);
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
