#include "checker/core/trace.hpp"

namespace heddle::checker {

bool Trace::merge_access(ObjectIndex object, AccessKind kind, Word value) {
  for (AccessIndex i = events_.back().first_access; i < accesses_.size(); ++i) {
    Access& access = accesses_[i];
    if (access.object != object) continue;
    if (kind == AccessKind::Write) {
      access.kind = AccessKind::Write;
      access.value = value;
    }
    return true;
  }
  return false;
}

void Trace::truncate(EventIndex size) {
  while (events_.size() > size) {
    const Event& event = events_.back();
    for (AccessIndex i = event.first_access; i < accesses_.size(); ++i)
      newest_[accesses_[i].object] = accesses_[i].previous;
    accesses_.truncate(event.first_access);
    --count_[event.thread];
    last_[event.thread] = event.number == 1 ? no_event : event.po_previous;
    events_.truncate(events_.size() - 1);
  }
}

}  // namespace heddle::checker
