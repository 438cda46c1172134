// checker/sync/data.hpp - the effect of loads, stores and atomic updates.
#pragma once

#include "checker/core/operation.hpp"
#include "checker/memory/sequential_memory.hpp"

namespace heddle::checker::sync {

inline void perform_load(Operation& op, SequentialMemory& memory) { op.result = memory.read(op.object); }

inline void perform_store(Operation& op, SequentialMemory& memory) {
  op.result = memory.peek(op.object);  // shown as `old -> new`; the step itself does not depend on it
  memory.write(op.object, op.operand);
}

inline void perform_read_modify_write(Operation& op, SequentialMemory& memory) {
  op.result = memory.peek(op.object);
  memory.write(op.object, op.modify(op.result, op.operand));
}

inline void perform_compare_exchange(Operation& op, SequentialMemory& memory) {
  op.result = memory.peek(op.object);
  op.succeeded = op.result == op.expected;
  if (op.succeeded) memory.write(op.object, op.operand);
  else memory.read(op.object);
}

}  // namespace heddle::checker::sync
