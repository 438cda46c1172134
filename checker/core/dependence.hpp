// checker/core/dependence.hpp - which steps may be swapped.
//
// Two steps of different threads are dependent when one writes an object that the other reads or
// writes. Everything the searches prune rests on this file; tests/golden/dependence_test.cpp prints the
// table of all kinds of operation as a golden file, so that a change of it is seen.
#pragma once

#include "checker/core/operation.hpp"

#include <cstdint>

namespace heddle::checker {

enum class AccessKind : std::uint8_t { None, Read, Write };

constexpr bool conflicting(AccessKind a, AccessKind b) {
  return a != AccessKind::None && b != AccessKind::None && (a == AccessKind::Write || b == AccessKind::Write);
}

// How an operation touches its objects. What fails only reads; a timed wait that times out leaves the queue
// and so writes all the same. A joining thread is ordered after the joined one but nothing can be swapped
// with it, so it accesses nothing.
constexpr AccessKind access_of(OperationKind kind, bool succeeded) {
  switch (kind) {
    case OperationKind::Load:
    case OperationKind::Await:
    case OperationKind::Call:
    case OperationKind::Spin: return AccessKind::Read;
    case OperationKind::Store:
    case OperationKind::ReadModifyWrite:
    case OperationKind::Lock:
    case OperationKind::LockAll:
    case OperationKind::LockShared:
    case OperationKind::WakeUp:
    case OperationKind::WakeUpOrTimeOut:
    case OperationKind::Acquire:
    case OperationKind::CompletePhase:
    case OperationKind::EndOnce:
    case OperationKind::Return:
    case OperationKind::Free: return AccessKind::Write;
    case OperationKind::CompareExchange:
    case OperationKind::TryLock:
    case OperationKind::Unlock:
    case OperationKind::TryLockShared:
    case OperationKind::UnlockShared:
    case OperationKind::Wait:
    case OperationKind::NotifyOne:
    case OperationKind::NotifyAll:
    case OperationKind::PassOn:
    case OperationKind::TryAcquire:
    case OperationKind::Release:
    case OperationKind::CountDown:
    case OperationKind::Arrive:
    case OperationKind::ArriveAndDrop:
    case OperationKind::Set:
    case OperationKind::BeginOnce: return succeeded ? AccessKind::Write : AccessKind::Read;
    case OperationKind::Fence:
    case OperationKind::Join:
    case OperationKind::Choose:
    case OperationKind::Yield:
    case OperationKind::Sleep:
    case OperationKind::Assume: return AccessKind::None;
  }
  return AccessKind::None;
}

// For two operations of different threads on the same object.
constexpr bool dependent(OperationKind a, bool a_succeeded, OperationKind b, bool b_succeeded) {
  return conflicting(access_of(a, a_succeeded), access_of(b, b_succeeded));
}

}  // namespace heddle::checker
