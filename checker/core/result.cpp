#include <heddle/result.hpp>

namespace heddle {

std::string_view to_string(DefectKind kind) noexcept {
  switch (kind) {
    case DefectKind::Crash: return "crash";
    case DefectKind::Exception: return "exception";
    case DefectKind::Deadlock: return "deadlock";
    case DefectKind::LostWakeup: return "lost-wakeup";
    case DefectKind::LostUpdate: return "lost-update";
    case DefectKind::StaleRead: return "stale-read";
    case DefectKind::Assertion: return "assertion";
    case DefectKind::MutexMisuse: return "mutex-misuse";
    case DefectKind::UseAfterFree: return "use-after-free";
    case DefectKind::Leak: return "leak";
    case DefectKind::Livelock: return "livelock";
    case DefectKind::StepLimit: return "step-limit";
    case DefectKind::Nondeterminism: return "nondeterminism";
    case DefectKind::DataRace: return "data-race";
    case DefectKind::LockOrder: return "lock-order";
  }
  return "?";
}

std::string_view to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::Verified: return "verified";
    case Verdict::Defect: return "defect";
    case Verdict::Inconclusive: return "inconclusive";
    case Verdict::ControlLost: return "control-lost";
  }
  return "?";
}

}  // namespace heddle
