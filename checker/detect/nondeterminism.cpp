#include "checker/detect/nondeterminism.hpp"

namespace heddle::checker {

namespace {

// What is written depends on nothing but what the operation itself finds.
bool same_operation(const Event& a, const Event& b) {
  const bool same_found = a.kind == OperationKind::Store || (a.read == b.read && a.succeeded == b.succeeded);
  return a.kind == b.kind && a.object == b.object && a.joined == b.joined && a.expected == b.expected &&
         (!same_found || a.written == b.written);
}

}  // namespace

const Event* Determinism::contradiction(const Trace& trace, const Causality& causality) {
  const Event& event = trace.back();
  const Hash past = causality.past_of(event.thread, event.po_previous);
  if (const Entry* entry = known(past)) return same_operation(entry->event, event) ? nullptr : &entry->event;
  table_[past % capacity] = {past, event};
  return nullptr;
}

const Event* Determinism::contradicted_end(const Trace& trace, const Causality& causality,
                                           ThreadIndex thread) {
  const Entry* entry = known(causality.past_of(thread, trace.last_of(thread)));
  return entry == nullptr ? nullptr : &entry->event;
}

const Determinism::Entry* Determinism::known(Hash past) const {
  const Entry& entry = table_[past % capacity];
  return entry.past == past ? &entry : nullptr;
}

}  // namespace heddle::checker
