#include "checker/core/operation.hpp"

namespace heddle::checker {

std::string_view to_string(OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::Load: return "read";
    case OperationKind::Store: return "write";
    case OperationKind::ReadModifyWrite: return "read-modify-write";
    case OperationKind::CompareExchange: return "compare-exchange";
    case OperationKind::Fence: return "fence";
    case OperationKind::Lock:
    case OperationKind::LockAll: return "lock";
    case OperationKind::TryLock: return "try-lock";
    case OperationKind::Unlock: return "unlock";
    case OperationKind::LockShared: return "lock-shared";
    case OperationKind::TryLockShared: return "try-lock-shared";
    case OperationKind::UnlockShared: return "unlock-shared";
    case OperationKind::Wait: return "wait";
    case OperationKind::WakeUp:
    case OperationKind::WakeUpOrTimeOut: return "wake-up";
    case OperationKind::NotifyOne: return "notify-one";
    case OperationKind::NotifyAll: return "notify-all";
    case OperationKind::PassOn: return "pass-on";
    case OperationKind::Acquire: return "acquire";
    case OperationKind::TryAcquire: return "try-acquire";
    case OperationKind::Release: return "release";
    case OperationKind::CountDown: return "count-down";
    case OperationKind::Arrive: return "arrive";
    case OperationKind::ArriveAndDrop: return "arrive-and-drop";
    case OperationKind::CompletePhase: return "complete-phase";
    case OperationKind::Await: return "await";
    case OperationKind::Set: return "set";
    case OperationKind::BeginOnce: return "call-once";
    case OperationKind::EndOnce: return "end-once";
    case OperationKind::Spin: return "spin";
    case OperationKind::Call: return "call";
    case OperationKind::Return: return "return";
    case OperationKind::Free: return "free";
    case OperationKind::Join: return "join";
    case OperationKind::Choose: return "choose";
    case OperationKind::Yield: return "yield";
    case OperationKind::Sleep: return "sleep";
    case OperationKind::Assume: return "assume";
  }
  return "?";
}

}  // namespace heddle::checker
