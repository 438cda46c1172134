// checker/core/operation.hpp - what a thread is about to do.
//
// An Operation describes itself completely, so that nothing below the public headers knows which front
// end it came from, and so that its effect can be computed without running the thread. It lives on the
// stack of the thread that waits to perform it.
#pragma once

#include "checker/core/ids.hpp"

#include <heddle/detail/model.hpp>
#include <heddle/location.hpp>

#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

namespace heddle::checker {

using detail::Modify;
using detail::ObjectKind;
using detail::Word;
using detail::WordFormat;

enum class OperationKind : std::uint8_t {
  Load,
  Store,
  ReadModifyWrite,
  CompareExchange,
  Fence,
  Lock,
  LockAll,  // several mutexes in one step
  TryLock,
  Unlock,
  LockShared,
  TryLockShared,
  UnlockShared,
  Wait,             // joins the queue of a condition variable and, in the same step, unlocks the mutex
  WakeUp,           // leaves the queue with a notification, and locks the mutex again
  WakeUpOrTimeOut,  // the same, but the notification need not be there
  NotifyOne,
  NotifyAll,
  PassOn,  // gives back the notification that a wake-up took, for another thread
  Acquire,
  TryAcquire,
  Release,
  CountDown,
  Arrive,
  ArriveAndDrop,
  CompletePhase,
  Await,  // until a latch is at zero, the phase of a barrier is over, a future is ready
  Set,    // makes a future ready
  BeginOnce,
  EndOnce,
  Spin,  // until something that a futile loop has read is different
  Call,  // of an operation of an object whose history is recorded
  Return,
  Free,  // gives memory back, with the objects in it
  Join,
  Choose,
  Yield,
  Sleep,
  Assume,  // of a false condition: never enabled
};
inline constexpr unsigned operation_kinds = 38;

struct Operation {
  OperationKind kind;
  std::memory_order order = std::memory_order_seq_cst;
  std::memory_order failure_order = std::memory_order_seq_cst;  // CompareExchange
  bool atomic_step = false;        // performed inside an AtomicStep; set by the machine
  bool continues = false;          // Lock: one step with the thread's last, of several mutexes (graphs)
  bool compound = false;           // half of an operation such as ++
  bool limited = false;            // could have timed out, but has done so too often
  bool last_look = false;          // Load: of who has joined the queue of waiters, before it sleeps
  ThreadIndex joined = no_thread;  // Join
  std::uint8_t alternatives = 1;   // Choose
  ObjectIndex object = no_object;
  std::span<const ObjectIndex> objects;   // of steps on several; `object` is the first
  std::span<const ObjectIndex> together;  // Lock: of several mutexes, all of them (graphs)
  std::span<const Word> seen;             // Spin: the value of each, which one of them must have left
  Word operand = 0;                       // what the effect on the object depends on, as its rule says
  Word expected = 0;                      // what waiting and success depend on, as the rule says
  Modify modify = nullptr;                // ReadModifyWrite
  location where;

  Word result = 0;        // the value read, or the alternative chosen
  bool succeeded = true;  // what may fail did not
};

// May have to wait for another thread.
constexpr bool can_block(OperationKind kind) {
  switch (kind) {
    case OperationKind::Lock:
    case OperationKind::LockAll:
    case OperationKind::LockShared:
    case OperationKind::WakeUp:
    case OperationKind::WakeUpOrTimeOut:
    case OperationKind::Acquire:
    case OperationKind::Await:
    case OperationKind::BeginOnce:
    case OperationKind::Spin:
    case OperationKind::Join:
    case OperationKind::Assume: return true;
    default: return false;
  }
}

// Commutes with every step of every other thread once it is enabled, so that running it at once loses
// nothing: the searches never branch over when to run it.
constexpr bool is_local(OperationKind kind) {
  return kind == OperationKind::Join || kind == OperationKind::Choose;
}

std::string_view to_string(OperationKind) noexcept;

}  // namespace heddle::checker
