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
