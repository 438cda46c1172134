#include "checker/core/trace.hpp"

namespace heddle::checker {

void Trace::add_access(ObjectIndex object, ObjectKind object_kind, AccessKind kind, Word value) {
  Event& event = events_.back();
  for (AccessIndex i = event.first_access; i < accesses_.size(); ++i) {
    Access& access = accesses_[i];
    if (access.object != object) continue;
    if (kind == AccessKind::Write) {
      access.kind = AccessKind::Write;
      access.value = value;
    }
    return;
  }
  if (object >= newest_.size()) newest_.resize(object + 16, no_access);
  const AccessIndex previous = newest_[object];
  AccessIndex last_write = no_access;
  if (previous != no_access)
    last_write = accesses_[previous].kind == AccessKind::Write ? previous : accesses_[previous].last_write;
  newest_[object] = static_cast<AccessIndex>(accesses_.size());
  accesses_.push_back({object, size() - 1, previous, last_write, value, kind, object_kind});
  ++event.access_count;
}

void Trace::truncate(EventIndex size) {
  while (events_.size() > size) {
    const Event& event = events_.back();
    while (accesses_.size() > event.first_access) {
      newest_[accesses_.back().object] = accesses_.back().previous;
      accesses_.pop_back();
    }
    --count_[event.thread];
    last_[event.thread] = event.number == 1 ? no_event : event.po_previous;
    events_.pop_back();
  }
}

}  // namespace heddle::checker
