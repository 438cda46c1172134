// checker/cli/exit_status.hpp - the exit statuses of the command line. Scripts rely on them.
#pragma once

#include <heddle/result.hpp>

namespace heddle::checker {

enum class ExitStatus : int {
  Verified = 0,  // or, with --expected, as declared
  Defect = 1,    // or, with --expected, not as declared
  Inconclusive = 2,
  ControlLost = 3,
  Usage = 64,          // EX_USAGE of sysexits.h
  InternalError = 70,  // EX_SOFTWARE
};

constexpr ExitStatus status_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Verified: return ExitStatus::Verified;
    case Verdict::Defect: return ExitStatus::Defect;
    case Verdict::Inconclusive: return ExitStatus::Inconclusive;
    case Verdict::ControlLost: return ExitStatus::ControlLost;
  }
  return ExitStatus::InternalError;
}

// For several scenarios: the one that needs attention most.
constexpr ExitStatus worse(ExitStatus a, ExitStatus b) {
  constexpr auto rank = [](ExitStatus status) {
    switch (status) {
      case ExitStatus::Verified: return 0;
      case ExitStatus::Inconclusive: return 1;
      case ExitStatus::Defect: return 2;
      case ExitStatus::ControlLost: return 3;
      case ExitStatus::Usage: return 4;
      case ExitStatus::InternalError: return 5;
    }
    return 5;
  };
  return rank(a) < rank(b) ? b : a;
}

}  // namespace heddle::checker
