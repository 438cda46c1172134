// checker/sync/semantics.hpp - enabledness and effect of every kind of operation.
//
// The rule of each primitive stands in its own file; this one only dispatches. Enabledness is a pure
// function of the words of memory and of which threads have ended.
#pragma once

#include "checker/core/operation.hpp"
#include "checker/memory/sequential_memory.hpp"
#include "checker/sync/data.hpp"
#include "checker/sync/mutex.hpp"

#include <algorithm>

namespace heddle::checker::sync {

// Whether an operation that can block may run, given the word of its object.
constexpr bool enabled_by(OperationKind kind, Word object) {
  return (kind != OperationKind::Lock && kind != OperationKind::LockAll) || can_lock(object);
}

// Whether an operation that may fail succeeds on an object with this word.
constexpr bool succeeds(OperationKind kind, Word object, Word expected) {
  if (kind == OperationKind::TryLock) return can_lock(object);
  // An unlock expects the mutex to be held by its thread.
  return (kind != OperationKind::CompareExchange && kind != OperationKind::Unlock) || object == expected;
}

inline bool enabled(const Operation& op, const SequentialMemory& memory, ThreadSet finished) {
  switch (op.kind) {
    case OperationKind::Lock: return can_lock(memory.peek(op.object));
    case OperationKind::LockAll:
      return std::all_of(op.objects.begin(), op.objects.end(),
                         [&](ObjectIndex mutex) { return can_lock(memory.peek(mutex)); });
    case OperationKind::Join: return finished.contains(op.joined);
    case OperationKind::Assume: return false;
    default: return true;
  }
}

// REQUIRES: enabled. Leaves its answer in op.result and op.succeeded.
inline void perform(Operation& op, ThreadIndex thread, SequentialMemory& memory) {
  switch (op.kind) {
    case OperationKind::Load: return perform_load(op, memory);
    case OperationKind::Store: return perform_store(op, memory);
    case OperationKind::ReadModifyWrite: return perform_read_modify_write(op, memory);
    case OperationKind::CompareExchange: return perform_compare_exchange(op, memory);
    case OperationKind::Lock: return perform_lock(op, thread, memory);
    case OperationKind::LockAll: return perform_lock_all(op, thread, memory);
    case OperationKind::TryLock: return perform_try_lock(op, thread, memory);
    case OperationKind::Unlock: return perform_unlock(op, memory);
    case OperationKind::Join:
    case OperationKind::Choose:  // the answer is the strategy's, set by the machine
    case OperationKind::Yield:
    case OperationKind::Assume: return;
  }
}

}  // namespace heddle::checker::sync
