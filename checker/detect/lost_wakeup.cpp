#include "checker/detect/lost_wakeup.hpp"

namespace heddle::checker {

namespace {

// Where the thread began to wait: in an execution graph it has unlocked the mutex since.
EventIndex beginning_of_wait(const Trace& trace, ThreadIndex thread) {
  EventIndex event = trace.last_of(thread);
  while (trace[event].kind != OperationKind::Wait && trace[event].number > 1)
    event = trace[event].po_previous;
  return event;
}

// The newest notification of the queue that reached nobody. None can come after the wait has begun, but the
// trace of an execution graph may have the two in either order.
EventIndex lost_notification(const Trace& trace, ObjectIndex queue) {
  for (EventIndex event = trace.size(); event-- > 0;) {
    const Event& e = trace[event];
    const bool notifies = e.kind == OperationKind::NotifyOne || e.kind == OperationKind::NotifyAll;
    if (notifies && e.object == queue && !e.succeeded) return event;
  }
  return no_event;
}

}  // namespace

std::optional<Finding> lost_wakeup_finding(const Machine& machine, const Trace& trace) {
  for (const ThreadIndex thread : machine.unfinished()) {
    const Operation& op = machine.pending(thread);
    if (op.kind != OperationKind::WakeUp || trace.events_of(thread) == 0) continue;
    const EventIndex wait = beginning_of_wait(trace, thread);
    const EventIndex notification = lost_notification(trace, op.object);
    if (notification == no_event) continue;
    return Finding{.kind = DefectKind::LostWakeup,
                   .event = trace.size() - 1,
                   .thread = thread,
                   .object = op.object,
                   .related = {notification, wait, no_event},
                   .at_rest = true,
                   .where = op.where};
  }
  return std::nullopt;
}

}  // namespace heddle::checker
