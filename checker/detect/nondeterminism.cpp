#include "checker/detect/nondeterminism.hpp"

namespace heddle::checker {

namespace {

// Written values are compared where they do not depend on what the operation itself reads.
bool same_operation(const Event& a, const Event& b) {
  return a.kind == b.kind && a.object == b.object && a.joined == b.joined && a.expected == b.expected &&
         (a.kind != OperationKind::Store || a.written == b.written);
}

}  // namespace

const Event* Determinism::contradiction(const Trace& trace, const Causality& causality) {
  const Event& event = trace.back();
  const Hash before = event.po_previous == no_event ? 0 : causality.hash(event.po_previous);
  const Hash past = mixed(before + event.thread + 1);
  Entry& entry = table_[past % capacity];
  if (entry.past == past) return same_operation(entry.event, event) ? nullptr : &entry.event;
  entry.past = past;
  entry.event = event;
  return nullptr;
}

}  // namespace heddle::checker
