#include "checker/detect/happens_before.hpp"

namespace heddle::checker {

namespace {

constexpr bool acquires(std::memory_order order) {
  return order != std::memory_order_relaxed && order != std::memory_order_release;
}
constexpr bool releases(std::memory_order order) {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
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
  // The operations of an atomic step carry no order of their own: they count as sequentially consistent.
  const std::memory_order order = event.atomic_step ? std::memory_order_seq_cst : event.order;
  if (acquires(order)) receive(position);
  if (synchronises(position)) send(position, order);
}

// Joins the messages of the writes that the event reads from.
void HappensBefore::receive(EventIndex position) {
  const Event& event = trace_[position];
  for (const Access& access : trace_.accesses(position)) {
    if (access.object_kind == ObjectKind::Variable || access.last_write == no_access) continue;
    // Every kind of operation on an atomic or a mutex but a plain store reads the last write.
    const bool reads = access.object_kind == ObjectKind::Mutex
                           ? access.kind == AccessKind::Write && event.kind != OperationKind::Unlock
                           : event.kind != OperationKind::Store || event.atomic_step;
    if (!reads) continue;
    const EventIndex writer = trace_.access(access.last_write).event;
    if (trace_[writer].thread != event.thread)
      clocks_.join(own_clock(position), clocks_[message_row(writer)]);
  }
}

// The thread learns all that the thread of the earlier event knew after it.
void HappensBefore::learn_all(EventIndex position, EventIndex earlier) {
  const Event& event = trace_[earlier];
  ClockValue* clock = own_clock(position);
  clocks_.join(clock, clocks_[clock_row(learned_[earlier])]);
  clock[event.thread] = static_cast<ClockValue>(event.number);
}

// Makes the message that the event leaves in the atomics and mutexes it writes.
void HappensBefore::send(EventIndex position, std::memory_order order) {
  const Event& event = trace_[position];
  ClockValue* message = clocks_[message_row(position)];
  if (releases(order)) {
    clocks_.copy(message, clocks_[clock_row(learned_[position])]);
    message[event.thread] = static_cast<ClockValue>(event.number);
  } else {
    clocks_.clear(message);
  }
  if (event.kind != OperationKind::ReadModifyWrite && event.kind != OperationKind::CompareExchange) return;
  // A read-modify-write continues the release sequence of the write it reads from.
  for (const Access& access : trace_.accesses(position))
    if (access.object_kind != ObjectKind::Variable && access.last_write != no_access)
      clocks_.join(message, clocks_[message_row(trace_.access(access.last_write).event)]);
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
