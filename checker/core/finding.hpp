// checker/core/finding.hpp - a defect in the current execution, as the event where it was established.
#pragma once

#include "checker/core/ids.hpp"

#include <heddle/location.hpp>
#include <heddle/result.hpp>

#include <array>
#include <string>
#include <vector>

namespace heddle::checker {

struct Finding {
  DefectKind kind;
  EventIndex event = no_event;  // established here; no_event: before the first event
  ThreadIndex thread = no_thread;
  ObjectIndex object = no_object;
  // LostUpdate: the read, the write it lost, the write that lost it. DataRace: the two accesses. StaleRead:
  // the read.
  std::array<EventIndex, 3> related = {no_event, no_event, no_event};
  // Nothing could go on, or everything was over: what the other threads did, and did not do, is part of it.
  bool at_rest = false;
  // LostUpdate: it came from a compound operation such as ++ and is a defect by itself.
  bool compound = false;
  // Leak: of memory that is not tracked. It does not change the verdict.
  bool advisory = false;
  std::string text;  // Assertion, Exception, Crash, MutexMisuse: what happened
  location where = {};
};

}  // namespace heddle::checker
