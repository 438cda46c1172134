// checker/machine/graph_step.cpp - steps that need not read the newest write.
//
// What an operation does is a function of the value that it reads (checker/sync). So for the time of one step
// the memory holds the value of the write that is read, and afterwards that of the newest write again, which
// is what enabledness looks at.

#include "checker/machine/machine.hpp"

namespace heddle::checker {

// Performs an operation as part of the current event, on the value that `source` has written.
void Machine::apply_from(Operation& op, ThreadIndex thread, EventIndex source) {
  Trace& trace = execution_.trace;
  AccessIndex write = coherence_.newest(op.object);
  if (source != newest_write) write = source == no_event ? no_access : trace[source].first_access;
  Event& event = trace.back();
  event.age = coherence_.age(op.object, write);
  const Word newest = memory_.peek(op.object);
  memory_.set(op.object, write == no_access ? memory_.initial(op.object) : trace.access(write).value);
  apply(op, thread);
  event.written = memory_.peek(op.object);
  if (event.access_count > 0) {
    trace.set_source(write);
    if (trace.access(event.first_access).kind == AccessKind::Write) {
      coherence_.insert(event.first_access, op.object, write);
      if (event.age == 0) return;
    }
  }
  memory_.set(op.object, newest);
}

// The same again, as the trace has it. Returns false when it is not the same.
bool Machine::repeat_graph_event(Operation& op, ThreadIndex thread) {
  const Event& event = execution_.trace[event_];
  const Word newest = memory_.peek(op.object);
  memory_.set(op.object, event.read);
  if (can_block(op.kind) && !sync::enabled(op, thread, memory_, finished_)) return false;
  sync::perform(op, thread, memory_);
  if (!allocations_.empty()) note_freed(op, thread);
  const bool writes = access_of(op.kind, op.succeeded) == AccessKind::Write;
  if (!writes || event.age > 0) memory_.set(op.object, newest);
  return event.read == op.result && event.succeeded == op.succeeded;
}

}  // namespace heddle::checker
