// checker/detect/data_race.hpp - two unordered accesses to a plain variable, one of them a write.
//
// [intro.races]/21. Only the accesses since the last write have to be compared: an older one that is
// unordered with this one was unordered with that write, and is reported there.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/detect/happens_before.hpp"

namespace heddle::checker {

// Looks at the last event of the trace.
void find_data_races(Execution& execution, const HappensBefore& order);

}  // namespace heddle::checker
