// checker/detect/lost_update.hpp - a write based on a value that was no longer there.
//
// A thread reads an object, another thread writes it, and the first writes it without having read it
// again: the other thread's write is lost. When both halves belong to one compound operation (++count)
// that is certain and a defect by itself. When they are separate operations it is a pattern that may be
// harmless; it explains a failed expectation about the object, and is dropped otherwise.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/memory/coherence.hpp"

namespace heddle::checker {

// Looks at the last event: whether it has lost a write, or is lost to one that is newer in coherence order.
// `coherence` is null where that is the order of the trace.
void find_lost_update(Execution& execution, const Coherence* coherence);

}  // namespace heddle::checker
