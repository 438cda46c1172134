// checker/verify/linearize.hpp - the same equivalence class with the fewest preemptions.
//
// All linear extensions of the causal order of a trace show the same behaviour; the one with the fewest
// switches is the one a person wants to read. For an execution graph they differ in what seems old: a read of
// an older write is no surprise where the newer write comes after it. There the ones with the fewest steps
// that must read, or be, something older than the newest come first; under sc none has to.
#pragma once

#include "checker/core/causality.hpp"
#include "checker/verify/path.hpp"

#include <vector>

namespace heddle::checker {

// The events that must have happened for `targets` to happen, as a mask over the trace.
std::vector<bool> causal_past(const Trace& trace, const Causality& causality,
                              const std::vector<EventIndex>& targets);

// Orders the `kept` events, a set closed under the causal order, with the fewest preemptions. Shortest path
// over the sets of events done; given up, with the trace's own order as the answer, when there are more
// than fifty thousand of them. `coherence` is that of a graph; null for an interleaving.
Path fewest_preemptions(const Trace& trace, const Causality& causality, const Coherence* coherence,
                        const std::vector<bool>& kept);

}  // namespace heddle::checker
