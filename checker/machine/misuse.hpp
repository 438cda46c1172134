// checker/machine/misuse.hpp - what breaks the preconditions of the standard's types, in words.
#pragma once

#include "checker/core/operation.hpp"

#include <string>

namespace heddle::checker {

class Machine;

// Of an operation that has failed and must not.
std::string misuse_text(const Operation& op, const Machine& machine);

// Of an operation that a thread is about to perform: waiting for itself, waiting with another mutex than
// those that wait already.
struct Refusal {
  ObjectIndex object;
  std::string text;  // empty: none
};
Refusal refusal(const Operation& op, ThreadIndex thread, const Machine& machine);
// Whether an operation of this kind can be refused at all.
constexpr bool can_be_refused(OperationKind kind) {
  switch (kind) {
    case OperationKind::Lock:
    case OperationKind::LockAll:
    case OperationKind::LockShared:
    case OperationKind::TryLock:
    case OperationKind::TryLockShared:
    case OperationKind::Join:
    case OperationKind::BeginOnce:
    case OperationKind::Wait: return true;
    default: return false;
  }
}

// Of the destruction of an object, or empty.
std::string destruction_text(ObjectIndex object, const Machine& machine);

}  // namespace heddle::checker
