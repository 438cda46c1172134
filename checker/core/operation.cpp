#include "checker/core/operation.hpp"

namespace heddle::checker {

std::string_view to_string(OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::Load: return "read";
    case OperationKind::Store: return "write";
    case OperationKind::ReadModifyWrite: return "read-modify-write";
    case OperationKind::CompareExchange: return "compare-exchange";
    case OperationKind::Lock:
    case OperationKind::LockAll: return "lock";
    case OperationKind::TryLock: return "try-lock";
    case OperationKind::Unlock: return "unlock";
    case OperationKind::Join: return "join";
    case OperationKind::Choose: return "choose";
    case OperationKind::Yield: return "yield";
    case OperationKind::Assume: return "assume";
  }
  return "?";
}

}  // namespace heddle::checker
