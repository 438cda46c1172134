// checker/detect/lifetime.hpp - uses of objects before they are there and after they have gone.
//
// [intro.races], [basic.life]: to initialise an object is to write it, of atomic objects as well
// ([atomics.types.operations]/2), and what uses it has to happen between that and its destruction, which has
// to happen after the beginning itself. Nothing that only synchronises later orders them: a beginning is seen
// by whoever knows a step that its maker took after it, or was started after it.
//
// The standard lets some objects go earlier than that, and these are not accused:
// - a condition variable, once all who wait have been notified, if not returned
// ([thread.condition.condvar]/5);
// - a mutex after the last unlock, a latch after wait(), a semaphore after acquire(): each of these knows of
//   the step before it, so that it happens before the end.
// An end that a std::shared_ptr brings about comes after all uses of those who have given up their pointers,
// which the checker does not see: only uses after it are told.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/detect/happens_before.hpp"
#include "checker/machine/machine.hpp"

namespace heddle::checker {

// Whether the thread knows that the life has begun, after its event or, where it has none, the one that
// started it.
bool has_begun(ThreadIndex thread, EventIndex event, const Life& life, const HappensBefore& order,
               const Trace& trace, const Machine& machine);
// Looks at the last event: whether it uses what is not there yet or has gone. REQUIRES: `order` covers it.
void find_use_outside_life(Execution& execution, const HappensBefore& order, const Machine& machine);
// The object ended after the last event: whether something is left that uses it, or may use it later.
void find_unordered_end(Execution& execution, const HappensBefore& order, const Machine& machine,
                        ObjectIndex object);

}  // namespace heddle::checker
