#include "checker/sync/semantics.hpp"

#include "checker/core/dependence.hpp"
#include "checker/core/internal_error.hpp"
#include "checker/sync/barrier.hpp"
#include "checker/sync/data.hpp"
#include "checker/sync/latch.hpp"
#include "checker/sync/mutex.hpp"
#include "checker/sync/once.hpp"
#include "checker/sync/semaphore.hpp"
#include "checker/sync/shared_mutex.hpp"
#include "checker/sync/waiters.hpp"

#include <algorithm>

namespace heddle::checker::sync {

namespace {

constexpr Rule touch{};  // for what only has to be ordered

const Rule& of_mutex(OperationKind kind) {
  switch (kind) {
    case OperationKind::TryLock: return try_lock_mutex;
    case OperationKind::Unlock:
    case OperationKind::Wait: return unlock_mutex;
    default: return lock_mutex;
  }
}

const Rule& of_recursive_mutex(OperationKind kind) {
  switch (kind) {
    case OperationKind::TryLock: return try_lock_recursive;
    case OperationKind::Unlock: return unlock_recursive;
    default: return lock_recursive;
  }
}

const Rule& of_shared_mutex(OperationKind kind) {
  switch (kind) {
    case OperationKind::TryLock: return try_lock_exclusive;
    case OperationKind::Unlock: return unlock_exclusive;
    case OperationKind::LockShared: return lock_shared;
    case OperationKind::TryLockShared: return try_lock_shared;
    case OperationKind::UnlockShared: return unlock_shared;
    default: return lock_exclusive;
  }
}

const Rule& of_waiters(OperationKind kind) {
  switch (kind) {
    case OperationKind::Wait: return join_queue;
    case OperationKind::WakeUp: return leave_notified;
    case OperationKind::WakeUpOrTimeOut: return leave_or_time_out;
    case OperationKind::NotifyOne: return notify_one;
    case OperationKind::PassOn: return pass_on;
    default: return notify_all;
  }
}

const Rule& of_semaphore(OperationKind kind) {
  switch (kind) {
    case OperationKind::Acquire: return acquire;
    case OperationKind::TryAcquire: return try_acquire;
    default: return release;
  }
}

const Rule& of_barrier(OperationKind kind) {
  switch (kind) {
    case OperationKind::Arrive: return arrive;
    case OperationKind::ArriveAndDrop: return arrive_and_drop;
    case OperationKind::CompletePhase: return complete_phase;
    default: return await_phase;
  }
}

}  // namespace

const Rule& rule_of(OperationKind kind, ObjectKind object) {
  switch (kind) {
    case OperationKind::Load: return load;
    case OperationKind::Store: return store;
    case OperationKind::ReadModifyWrite: return read_modify_write;
    case OperationKind::CompareExchange: return compare_exchange;
    case OperationKind::Spin:
    case OperationKind::Call:
    case OperationKind::Return:
    case OperationKind::Free: return touch;
    default: break;
  }
  switch (object) {
    case ObjectKind::Mutex: return of_mutex(kind);
    case ObjectKind::RecursiveMutex: return of_recursive_mutex(kind);
    case ObjectKind::SharedMutex: return of_shared_mutex(kind);
    case ObjectKind::Waiters: return of_waiters(kind);
    case ObjectKind::Semaphore: return of_semaphore(kind);
    case ObjectKind::Latch: return kind == OperationKind::Await ? await_zero : count_down;
    case ObjectKind::Barrier: return of_barrier(kind);
    case ObjectKind::Once: return kind == OperationKind::BeginOnce ? begin_once : end_once;
    case ObjectKind::Future: return kind == OperationKind::Await ? await_future : set_future;
    case ObjectKind::Variable:
    case ObjectKind::Atomic:
    case ObjectKind::History:
    case ObjectKind::Memory: break;
  }
  throw InternalError("no rule for " + std::string(to_string(kind)) + " on such an object");
}

bool enabled(const Operation& op, ThreadIndex thread, const SequentialMemory& memory, ThreadSet finished) {
  if (op.kind == OperationKind::Join) return finished.contains(op.joined);
  if (op.kind == OperationKind::Assume) return false;
  if (!can_block(op.kind)) return true;
  if (op.kind == OperationKind::Spin) {
    for (std::size_t i = 0; i < op.objects.size(); ++i)
      if (memory.peek(op.objects[i]) != op.seen[i]) return true;
    return false;
  }
  const Call call = call_of(op, thread);
  const auto lets = [&](ObjectIndex object) {
    const Rule& rule = rule_of(op.kind, memory.kind(object));
    return rule.is_enabled(memory.peek(object), call);
  };
  const std::span<const ObjectIndex> objects = objects_of(op);
  return std::all_of(objects.begin(), objects.end(), lets);
}

void perform_synchronisation(Operation& op, ThreadIndex thread, SequentialMemory& memory) {
  const Call call = call_of(op, thread);
  const std::span<const ObjectIndex> objects = objects_of(op);
  op.result = memory.peek(op.object);
  op.succeeded = std::all_of(objects.begin(), objects.end(), [&](ObjectIndex object) {
    const Rule& rule = rule_of(op.kind, memory.kind(object));
    return rule.is_success(memory.peek(object), call);
  });
  const bool writes = access_of(op.kind, op.succeeded) == AccessKind::Write;
  for (const ObjectIndex object : objects) {
    const Rule& rule = rule_of(op.kind, memory.kind(object));
    if (!writes) memory.read(object);
    else memory.write(object, rule.word_after(memory.peek(object), call));
  }
}

ThreadSet holders(ObjectKind kind, Word word) {
  if (word == 0) return {};
  switch (kind) {
    case ObjectKind::Mutex:
    case ObjectKind::RecursiveMutex: return ThreadSet::of(static_cast<ThreadIndex>((word & 0xff) - 1));
    case ObjectKind::SharedMutex:
      return (word & exclusive) != 0 ? ThreadSet::of(static_cast<ThreadIndex>(word & 0xff)) : ThreadSet(word);
    case ObjectKind::Once:
      return word == done ? ThreadSet() : ThreadSet::of(static_cast<ThreadIndex>(word - 1));
    default: return {};
  }
}

}  // namespace heddle::checker::sync
