#include "checker/detect/held_locks.hpp"

namespace heddle::checker {

// What the thread holds after an event that takes or gives back mutexes.
std::uint32_t HeldLocks::changed(EventIndex position) {
  const Event& event = trace_[position];
  std::uint32_t list = before(position);
  for (const Access& access : trace_.accesses(position)) {
    if (!is_mutex(access.object_kind)) continue;
    if (gives_mutexes_back(event)) {
      list = without(list, access.object);
      continue;
    }
    held_.push({access.object, position, list});
    list = held_.size() - 1;
  }
  return list;
}

// The list without its newest entry for the mutex; copies what is in front of it.
std::uint32_t HeldLocks::without(std::uint32_t list, ObjectIndex mutex) {
  if (list == nothing) return nothing;
  const Held held = held_[list];
  if (held.mutex == mutex) return held.next;
  const std::uint32_t rest = without(held.next, mutex);
  if (rest == held.next) return list;  // not there
  held_.push({held.mutex, held.taken, rest});
  return held_.size() - 1;
}

void HeldLocks::truncate(EventIndex size) {
  if (lists_.size() <= size) return;
  held_.truncate(lists_[size].size);
  lists_.truncate(size);
}

}  // namespace heddle::checker
