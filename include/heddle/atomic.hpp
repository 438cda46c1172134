// heddle/atomic.hpp - std::atomic<T>, visible to the checker.
//
//     heddle::atomic<int> count = 0;
//     heddle::atomic<int> named{0, "count"};             // shown in traces as `count`
//     count.fetch_add(1);
//     while (!count.compare_exchange_weak(seen, seen + 1)) {}
//
// Names, signatures and preconditions are those of std::atomic ([atomics.types.generic]), with a
// trailing `location` that nobody passes. Under the checker each operation is one step. The default
// exploration is sequentially consistent: every load reads the last store in the interleaving. The
// memory orders are recorded; an acquire that reads from a release orders the plain variables around
// it, a relaxed operation does not, and the data race detector tells the difference.
//
// wait() looks and begins to wait in one step; a notification reaches only threads that wait already, and one
// for which nobody is left to notify is a `lost-wakeup`. compare_exchange_weak fails spuriously only within
// Options::spurious. A loop that does nothing but look again becomes one wait for a change.
//
// T must be trivially copyable. Values of more than 8 bytes are told apart by their bytes, without padding,
// and not printed; as for std::atomic, some platforms need -latomic for them (heddle::heddle links it).
// Outside the checker these are the standard's, with the orders given. The conversion to T and the assignment
// of a T cannot know their line: load() and store() can.
//
// The rest of <atomic> comes along: atomic_ref, the functions (atomic_load_explicit, ...) and the aliases
// (atomic_int, ...). The macros, such as ATOMIC_FLAG_INIT, are the standard's and fit.
#pragma once

#include <heddle/atomic_functions.hpp>
#include <heddle/atomic_object.hpp>
#include <heddle/atomic_ref.hpp>

#include <atomic>

namespace heddle {

using std::memory_order;
using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_consume;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

// A step of its own that touches nothing; what it orders, [atomics.fences] says.
inline void atomic_thread_fence(std::memory_order order, location where = location::current()) {
  if (detail::in_model()) detail::fence(order, where);
  else std::atomic_thread_fence(order);
}
// Orders a thread with its own signal handlers, of which the checker runs none: no step.
using std::atomic_signal_fence;

}  // namespace heddle
