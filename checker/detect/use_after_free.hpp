// checker/detect/use_after_free.hpp - memory that is given back while somebody may still use it.
//
// An access that comes after is noticed by the machine (machine/tracked.cpp). An access that came before, but
// does not happen before ([basic.life], [intro.races]/21): another execution, or another order of the same
// execution graph, has it afterwards, or a compiler may move it there.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/detect/happens_before.hpp"
#include "checker/machine/machine.hpp"

namespace heddle::checker {

// Looks at the last event of the trace; `order` covers it.
void find_unordered_free(Execution& execution, const HappensBefore& order, const Machine& machine);

}  // namespace heddle::checker
