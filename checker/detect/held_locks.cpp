#include "checker/detect/held_locks.hpp"

namespace heddle::checker {

std::uint32_t HeldLocks::before(EventIndex position) const {
  const Event& event = trace_[position];
  return event.number == 1 ? nothing : after(event.po_previous);  // a new thread holds nothing
}

void HeldLocks::extend() {
  while (lists_.size() < trace_.size()) {
    const auto position = static_cast<EventIndex>(lists_.size());
    const Event& event = trace_[position];
    const auto size = static_cast<std::uint32_t>(held_.size());
    std::uint32_t list = before(position);
    if (takes_mutexes(event)) {
      for (const Access& access : trace_.accesses(position)) {
        if (access.object_kind != ObjectKind::Mutex) continue;
        held_.push_back({access.object, position, list});
        list = static_cast<std::uint32_t>(held_.size()) - 1;
      }
    } else if (event.kind == OperationKind::Unlock) {
      list = without(list, event.object);
    }
    lists_.push_back({list, size});
  }
}

// The list without its newest entry for the mutex; copies what is in front of it.
std::uint32_t HeldLocks::without(std::uint32_t list, ObjectIndex mutex) {
  if (list == nothing) return nothing;
  const Held held = held_[list];
  if (held.mutex == mutex) return held.next;
  const std::uint32_t rest = without(held.next, mutex);
  if (rest == held.next) return list;  // not there
  held_.push_back({held.mutex, held.taken, rest});
  return static_cast<std::uint32_t>(held_.size()) - 1;
}

void HeldLocks::truncate(EventIndex size) {
  if (lists_.size() <= size) return;
  held_.resize(lists_[size].size);
  lists_.resize(size);
}

}  // namespace heddle::checker
