// checker/sync/semantics.hpp - enabledness and effect of every kind of operation.
//
// The rules of each primitive stand in its own file; this one says which rule an operation follows on each
// of its objects, and applies it.
#pragma once

#include "checker/core/operation.hpp"
#include "checker/memory/sequential_memory.hpp"
#include "checker/sync/rule.hpp"

namespace heddle::checker::sync {

// The rule of an operation on an object of this kind.
const Rule& rule_of(OperationKind kind, ObjectKind object);

// The objects that an operation touches.
inline std::span<const ObjectIndex> objects_of(const Operation& op) {
  if (!op.objects.empty()) return op.objects;
  return {&op.object, op.object == no_object ? 0u : 1u};
}
inline Call call_of(const Operation& op, ThreadIndex thread) {
  return {thread, op.operand, op.expected, op.modify};
}

// Whether an operation that can block may run.
bool enabled(const Operation& op, ThreadIndex thread, const SequentialMemory& memory, ThreadSet finished);

// REQUIRES: enabled. Leaves its answer in op.result and op.succeeded.
void perform_synchronisation(Operation& op, ThreadIndex thread, SequentialMemory& memory);

inline void perform(Operation& op, ThreadIndex thread, SequentialMemory& memory) {
  switch (op.kind) {
    case OperationKind::Load: op.result = memory.read(op.object); return;
    case OperationKind::Store:
      op.result = memory.peek(op.object);  // shown as `old -> new`; the step itself does not depend on it
      memory.write(op.object, op.operand);
      return;
    case OperationKind::Join:
    case OperationKind::Choose:  // the answer is the strategy's, set by the machine
    case OperationKind::Fence:
    case OperationKind::Yield:
    case OperationKind::Sleep:
    case OperationKind::Assume: return;
    default: return perform_synchronisation(op, thread, memory);
  }
}

// Whether failing is against the preconditions of the operation, and not one of its answers.
constexpr bool must_succeed(const Operation& op) {
  switch (op.kind) {
    case OperationKind::Unlock:
    case OperationKind::UnlockShared:
    case OperationKind::Wait:
    case OperationKind::Release:
    case OperationKind::CountDown:
    case OperationKind::Arrive:
    case OperationKind::ArriveAndDrop: return true;
    default: return false;
  }
}

// The threads that hold an object with this word.
ThreadSet holders(ObjectKind kind, Word word);

}  // namespace heddle::checker::sync
