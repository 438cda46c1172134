// checker/detect/lock_order.hpp - locks taken in opposite orders by different threads.
//
// Goodlock (Havelund, "Using Runtime Analysis to Guide Model Checking of Java Programs", SPIN'00) with
// gate locks (Agarwal, Bensalem, Farchi, Havelund, Nir-Buchbinder, Stoller, Ur; 2010): an edge a -> b for
// every b taken while a is held, over all executions seen. A cycle of edges of different threads that
// hold no common lock is a deadlock that may happen. Advisory: a search that is exhaustive decides the
// question itself, so cycles are only reported by one that is not.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/detect/held_locks.hpp"

#include <cstdint>
#include <unordered_set>
#include <vector>

namespace heddle::checker {

class LockOrder {
 public:
  struct Edge {
    ThreadIndex thread;
    ObjectIndex held;
    ObjectIndex taken;
    location held_at;
    location taken_at;
    std::vector<ObjectIndex> gates;  // everything held, sorted
  };

  // Looks at the last event of the trace. A try_lock does not wait, so it closes no cycle.
  void observe(const Trace& trace, const HeldLocks& locks) {
    const OperationKind kind = trace.back().kind;
    if (kind == OperationKind::Lock || kind == OperationKind::LockAll) observe_lock(trace, locks);
  }
  // One cycle per set of mutexes, shortest first.
  std::vector<std::vector<Edge>> cycles() const;

 private:
  void observe_lock(const Trace& trace, const HeldLocks& locks);

  std::vector<Edge> edges_;
  std::unordered_set<std::uint64_t> known_;
};

}  // namespace heddle::checker
