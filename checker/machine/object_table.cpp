#include "checker/machine/object_table.hpp"

namespace heddle::checker {

std::string_view type_name(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::Variable: return "var";
    case ObjectKind::Atomic: return "atomic";
    case ObjectKind::Mutex: return "mutex";
    case ObjectKind::RecursiveMutex: return "recursive_mutex";
    case ObjectKind::SharedMutex: return "shared_mutex";
    case ObjectKind::Waiters: return "condition_variable";
    case ObjectKind::Semaphore: return "semaphore";
    case ObjectKind::Latch: return "latch";
    case ObjectKind::Barrier: return "barrier";
    case ObjectKind::Once: return "once_flag";
    case ObjectKind::Future: return "future";
    case ObjectKind::History: return "history";
    case ObjectKind::Memory: return "memory";
  }
  return "object";
}

std::string_view plural_name(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::Variable: return "variables";
    case ObjectKind::Atomic: return "atomics";
    case ObjectKind::Mutex:
    case ObjectKind::RecursiveMutex:
    case ObjectKind::SharedMutex: return "mutexes";
    case ObjectKind::Waiters: return "condition_variables";
    case ObjectKind::Semaphore: return "semaphores";
    case ObjectKind::Latch: return "latches";
    case ObjectKind::Barrier: return "barriers";
    case ObjectKind::Once: return "once_flags";
    case ObjectKind::Future: return "futures";
    case ObjectKind::History: return "histories";
    case ObjectKind::Memory: return "allocations";
  }
  return "objects";
}

void ObjectTable::define(ObjectIndex object, ObjectKind kind, std::string_view name,
                         std::string_view lineage) {
  while (object >= objects_.size()) objects_.emplace_back();
  ObjectInfo& info = objects_[object];
  info.kind = kind;
  info.name = name.empty() ? std::string(type_name(kind)) + "#" + std::string(lineage) : std::string(name);
  info.given = name.empty() ? std::string_view() : std::string_view(info.name);
}

}  // namespace heddle::checker
