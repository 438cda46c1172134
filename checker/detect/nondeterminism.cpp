#include "checker/detect/nondeterminism.hpp"

namespace heddle::checker {

namespace {

// Written values are compared where they do not depend on what the operation itself reads.
bool same_operation(const Event& a, const Event& b) {
  return a.kind == b.kind && a.object == b.object && a.joined == b.joined && a.expected == b.expected &&
         (a.kind != OperationKind::Store || a.written == b.written);
}

// Stands for all that a thread has seen when it comes to its next operation.
Hash past_of(const Causality& causality, ThreadIndex thread, EventIndex previous) {
  return (previous == no_event ? 0 : causality.hash(previous)) + thread + 1;
}

}  // namespace

const Event* Determinism::contradiction(const Trace& trace, const Causality& causality) {
  const Event& event = trace.back();
  const Hash past = past_of(causality, event.thread, event.po_previous);
  if (const Entry* entry = known(past)) return same_operation(entry->event, event) ? nullptr : &entry->event;
  table_[past % capacity] = {past, event};
  return nullptr;
}

const Event* Determinism::contradicted_end(const Trace& trace, const Causality& causality,
                                           ThreadIndex thread) {
  const Entry* entry = known(past_of(causality, thread, trace.last_of(thread)));
  return entry == nullptr ? nullptr : &entry->event;
}

const Determinism::Entry* Determinism::known(Hash past) const {
  const Entry& entry = table_[past % capacity];
  return entry.past == past ? &entry : nullptr;
}

}  // namespace heddle::checker
