// checker/sync/mutex.hpp - a mutex: its word is 0 when free, else the holder's thread index plus one.
#pragma once

#include "checker/core/operation.hpp"
#include "checker/memory/sequential_memory.hpp"

namespace heddle::checker::sync {

inline constexpr Word mutex_free = 0;
constexpr Word held_by(ThreadIndex thread) { return Word{thread} + 1; }
constexpr ThreadIndex holder(Word mutex) {
  return mutex == mutex_free ? no_thread : static_cast<ThreadIndex>(mutex - 1);
}

constexpr bool can_lock(Word mutex) { return mutex == mutex_free; }

// REQUIRES: can_lock.
inline void perform_lock(const Operation& op, ThreadIndex thread, SequentialMemory& memory) {
  memory.write(op.object, held_by(thread));
}

// REQUIRES: can_lock of each.
inline void perform_lock_all(const Operation& op, ThreadIndex thread, SequentialMemory& memory) {
  for (const ObjectIndex mutex : op.objects) memory.write(mutex, held_by(thread));
}

inline void perform_try_lock(Operation& op, ThreadIndex thread, SequentialMemory& memory) {
  op.succeeded = memory.peek(op.object) == mutex_free;
  if (op.succeeded) memory.write(op.object, held_by(thread));
  else memory.read(op.object);
}

inline void perform_unlock(const Operation& op, SequentialMemory& memory) {
  memory.write(op.object, mutex_free);
}

}  // namespace heddle::checker::sync
