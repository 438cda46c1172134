// checker/sync/ordering.hpp - what synchronises with what: what each operation acquires, what it releases.
//
// Each write of an object that synchronises carries a message: what its thread knew, if it releases, and the
// message of the write before it, if it is no plain store: a read-modify-write continues a release sequence
// ([intro.races]/5), whoever performs it, and so does every change of a primitive's word. An operation that
// acquires learns the message of the write that it reads. What only hands a message on adds nothing to it.
//
// Who may acquire less than the whole message says from whom: it learns the message of the newest of their
// writes. That is everything, because they have acquired all that was released before.
//
// Three rules stand elsewhere, as they are of no object: the start of a thread and its end
// ([thread.thread.constr], [thread.thread.member]: the constructor synchronises with the beginning, the end
// with the return of join()), and the fences ([atomics.fences]), which work by way of atomic objects only.
#pragma once

#include "checker/core/memory_order.hpp"
#include "checker/core/operation.hpp"
#include "checker/core/trace.hpp"
#include "checker/sync/barrier.hpp"
#include "checker/sync/once.hpp"

#include <array>
#include <optional>

namespace heddle::checker::sync {

// How an operation went: with which order, and what the object's word was.
struct Answer {
  std::memory_order order;
  bool succeeded;
  Word found;
};

struct Ordering {
  using Condition = bool (*)(const Answer&);
  Condition acquires = nullptr;                      // null: never
  Condition releases = nullptr;                      // null: never
  std::optional<OperationKind> from = std::nullopt;  // who is acquired from; none: everybody

  bool is_acquire(const Answer& answer) const { return acquires != nullptr && acquires(answer); }
  bool is_release(const Answer& answer) const { return releases != nullptr && releases(answer); }
};

struct OrderingRow {
  OperationKind operation;
  ObjectKind object;
  Ordering ordering;
};

namespace ordering {

using enum OperationKind;
using enum ObjectKind;

constexpr bool always(const Answer&) { return true; }
constexpr bool on_success(const Answer& answer) { return answer.succeeded; }
constexpr bool on_failure(const Answer& answer) { return !answer.succeeded; }
constexpr bool by_acquire(const Answer& answer) { return acquires(answer.order); }
constexpr bool by_release(const Answer& answer) { return releases(answer.order); }
constexpr bool at_zero(const Answer& answer) { return answer.found == 0; }
constexpr bool when_done(const Answer& answer) { return answer.found == done; }
constexpr bool by_acquire_as_last(const Answer& answer) {
  return acquires(answer.order) && to_arrive(answer.found) == 1;
}

// What has no row, acquires and releases nothing. Variables, the queues of waiters, histories and memory have
// none: notifying synchronises with nothing ([thread.condition], [atomics.wait]), the mutex or the load does.
inline constexpr OrderingRow rows[] = {
    // [atomics.order]/2. A wait is its loads ([atomics.types.operations]): relaxed, it
    // acquires nothing.
    {Load, Atomic, {.acquires = by_acquire}},
    {Store, Atomic, {.releases = by_release}},
    {ReadModifyWrite, Atomic, {.acquires = by_acquire, .releases = by_release}},
    {CompareExchange, Atomic, {.acquires = by_acquire, .releases = by_release}},

    // [thread.mutex.requirements.mutex]: prior unlock() operations synchronise with lock(), and with a
    // try_lock() that returns true. A wait unlocks and, however it ends, locks again ([thread.condition]).
    {Lock, Mutex, {.acquires = always}},
    {LockAll, Mutex, {.acquires = always}},
    {TryLock, Mutex, {.acquires = on_success}},
    {Unlock, Mutex, {.releases = always}},
    {Wait, Mutex, {.releases = always}},
    {WakeUp, Mutex, {.acquires = always}},
    {WakeUpOrTimeOut, Mutex, {.acquires = always}},
    {Lock, RecursiveMutex, {.acquires = always}},
    {LockAll, RecursiveMutex, {.acquires = always}},
    {TryLock, RecursiveMutex, {.acquires = on_success}},
    {Unlock, RecursiveMutex, {.releases = always}},

    // [thread.sharedmutex.requirements]: prior unlock() operations synchronise with lock_shared() and with a
    // try_lock_shared() that returns true; unlock_shared() with subsequent lock() operations that obtain
    // ownership, and so with no other reader.
    {Lock, SharedMutex, {.acquires = always}},
    {LockAll, SharedMutex, {.acquires = always}},
    {TryLock, SharedMutex, {.acquires = on_success}},
    {Unlock, SharedMutex, {.releases = always}},
    {LockShared, SharedMutex, {.acquires = always, .from = Unlock}},
    {TryLockShared, SharedMutex, {.acquires = on_success, .from = Unlock}},
    {UnlockShared, SharedMutex, {.releases = always}},

    // [thread.sema.cnt]: release() strongly happens before invocations of try_acquire() that observe the
    // result of its effects; acquire() is made of those.
    {Release, Semaphore, {.releases = always}},
    {Acquire, Semaphore, {.acquires = always}},
    {TryAcquire, Semaphore, {.acquires = on_success}},

    // [thread.latch.class]: count_down() strongly happens before the calls that it unblocks; so it does
    // before a try_wait() that returns true.
    {CountDown, Latch, {.releases = always}},
    {Await, Latch, {.acquires = always}},
    {Load, Latch, {.acquires = at_zero}},

    // [thread.barrier.class]: arrive() strongly happens before the start of the phase completion step, and
    // that before the return of the calls of wait() that it unblocks, which what arrives in the next phase
    // does not. The thread that arrives last runs the completion function, if there is one: it arrives with
    // acq_rel then. (Afterwards it knows what the function knew, though the standard may have another thread
    // run it: a race that only shows when that one does is not found.)
    {Arrive, Barrier, {.acquires = by_acquire_as_last, .releases = always}},
    {ArriveAndDrop, Barrier, {.acquires = by_acquire_as_last, .releases = always}},
    {CompletePhase, Barrier, {.releases = always}},
    {Await, Barrier, {.acquires = always, .from = CompletePhase}},

    // [thread.once.callonce]: the completion of an active execution synchronises with the start of the next,
    // and the returning execution with the return of the passive ones.
    {BeginOnce, Once, {.acquires = always}},
    {EndOnce, Once, {.releases = always}},

    // [futures.state]: what sets the result synchronises with what detects that it is ready.
    // [futures.promise]:
    // to set it once more is as if both had locked a mutex of the promise.
    {Set, Future, {.acquires = on_failure, .releases = always}},
    {Await, Future, {.acquires = always}},
    {Load, Future, {.acquires = when_done}},
};

// A step of several operations is like one read-modify-write of each object with the orders of all of them.
inline constexpr Ordering whole_step{.acquires = by_acquire, .releases = by_release};

inline constexpr unsigned object_kinds = static_cast<unsigned>(Memory) + 1;
inline constexpr auto table = [] {
  std::array<std::array<Ordering, object_kinds>, operation_kinds> all{};
  for (const OrderingRow& row : rows)
    all[static_cast<unsigned>(row.operation)][static_cast<unsigned>(row.object)] = row.ordering;
  return all;
}();

}  // namespace ordering

// Whether any operation on such an object acquires or releases.
constexpr bool synchronises(ObjectKind object) {
  switch (object) {
    case ObjectKind::Variable:
    case ObjectKind::Waiters:
    case ObjectKind::History:
    case ObjectKind::Memory: return false;
    default: return true;
  }
}

constexpr const Ordering& ordering_of(OperationKind operation, ObjectKind object) {
  return ordering::table[static_cast<unsigned>(operation)][static_cast<unsigned>(object)];
}

// ---- for a step of a trace --------------------------------------------------------------------------------

constexpr const Ordering& ordering_of(const Event& event, ObjectKind object) {
  return event.atomic_step && synchronises(object) ? ordering::whole_step : ordering_of(event.kind, object);
}
constexpr Answer answer_of(const Event& event) { return {event.order, event.succeeded, event.read}; }

// Whether the step is an atomic operation that reads, so that an acquire fence after it synchronises for it.
constexpr bool reads_atomically(const Event& event, ObjectKind object) {
  return object == ObjectKind::Atomic &&
         (event.atomic_step || event.kind == OperationKind::Load ||
          event.kind == OperationKind::ReadModifyWrite || event.kind == OperationKind::CompareExchange);
}
// Whether the write hands on the message of the write before it.
constexpr bool hands_on(const Event& event, ObjectKind object) {
  return object == ObjectKind::Atomic ? event.kind != OperationKind::Store || event.atomic_step
                                      : synchronises(object);
}
// The write whose message the access learns, were it to acquire, or no_access.
inline AccessIndex message_for(const Trace& trace, const Access& access, const Ordering& ordering) {
  AccessIndex write = access.last_write;
  while (write != no_access && ordering.from && trace[trace.access(write).event].kind != *ordering.from)
    write = trace.access(write).last_write;
  return write;
}

}  // namespace heddle::checker::sync
