// checker/verify/linearize.hpp - the same equivalence class with the fewest preemptions.
//
// All linear extensions of the happens-before order of a trace show the same behaviour; the one with the
// fewest switches is the one a person wants to read.
#pragma once

#include "checker/core/causality.hpp"
#include "checker/verify/path.hpp"

#include <vector>

namespace heddle::checker {

// The events that must have happened for `targets` to happen, as a mask over the trace.
std::vector<bool> causal_past(const Trace& trace, const Causality& causality,
                              const std::vector<EventIndex>& targets);

// Orders the `kept` events, a set closed under happens-before, with the fewest preemptions. Shortest path
// over the sets of events done; given up, with the trace's own order as the answer, when there are more
// than fifty thousand of them.
Path fewest_preemptions(const Trace& trace, const Causality& causality, const std::vector<bool>& kept);

}  // namespace heddle::checker
