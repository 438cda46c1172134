#include "checker/detect/lost_wakeup.hpp"

namespace heddle::checker {

namespace {

// The newest notification of the queue before this event that reached nobody.
EventIndex lost_notification(const Trace& trace, ObjectIndex queue, EventIndex before) {
  for (EventIndex event = before; event-- > 0;) {
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
    const EventIndex wait = trace.last_of(thread);
    const EventIndex notification = lost_notification(trace, op.object, wait);
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
