// checker/core/causality.hpp - the happens-before order of a trace, and the identity of its events.
//
// This is the order that defines a Mazurkiewicz trace: program order, thread start and join, and the
// order of conflicting accesses. (The C++ happens-before, which only synchronisation creates, is
// detect/happens_before.hpp.) The hash of an event identifies it across executions by what it was and
// what it depended on: its predecessor in its thread, the end of a thread that it joined, the last write of
// each object it touched and, if it wrote, the reads since then. Equal sets of hashes are equal classes.
#pragma once

#include "checker/core/hash.hpp"
#include "checker/core/trace.hpp"
#include "checker/core/trail.hpp"
#include "checker/core/vector_clock.hpp"

namespace heddle::checker {

class Causality {
 public:
  // `graphs`: of an execution graph, where only reading from a write orders two threads: the order of
  // conflicting accesses is no cause there, and equal sets of hashes may differ in coherence.
  explicit Causality(const Trace& trace, bool graphs = false) : trace_(trace), graphs_(graphs) {}

  // Computes clock and hash of every event of the trace that has none yet.
  void extend();
  // Forgets the events from `size` on. To be called with each Trace::truncate.
  void truncate(EventIndex size) {
    hashes_.truncate(size);
    sums_.truncate(size);
  }

  const ClockTable& clocks() const { return clocks_; }
  const ClockValue* clock(EventIndex event) const { return clocks_[event]; }
  Hash hash(EventIndex event) const { return hashes_[event]; }
  // Stands for all that a thread has seen when it comes to its next operation; `last` is its last event, or
  // the one that started it, or no_event.
  Hash past_of(ThreadIndex thread, EventIndex last) const {
    return mixed((last == no_event ? 0 : hashes_[last]) + thread + 1);
  }
  // Identity of the whole trace: the same for all interleavings of its class.
  Hash class_hash() const { return sums_.empty() ? 0 : mixed(sums_.back()); }

  // Reflexive: before(e, e) holds.
  bool before(EventIndex earlier, EventIndex later) const {
    const Event& e = trace_[earlier];
    return clock(later)[e.thread] >= e.number;
  }

  // The hash of a step of `thread` after `po_previous` that touches one object as `kind`, given the last
  // write it sees (0: none) and the sum of the hashes of the reads since.
  static Hash step_hash(ThreadIndex thread, Hash po_previous, OperationKind operation, unsigned alternative) {
    return mixed(po_previous + 0x9e3779b97f4a7c15u * (thread + 1u) + (static_cast<Hash>(operation) << 8) +
                 (Hash{alternative} << 16));
  }
  static Hash with_access(Hash step, ObjectIndex object, AccessKind kind, Hash last_write, Hash reads) {
    Hash access = mixed(last_write + (Hash{object} << 2) + static_cast<Hash>(kind));
    if (kind == AccessKind::Write) access = mixed(access + reads);
    return step + access;  // a sum: the order of the accesses of one step does not matter
  }

 private:
  void join(ClockValue* clock, EventIndex earlier) const;

  Hash seen(Hash hash, EventIndex event, ClockValue* clock) const;

  const Trace& trace_;
  bool graphs_;
  ClockTable clocks_;
  Trail<Hash> hashes_;
  Trail<Hash> sums_;  // of the mixed hashes up to and including each event
};

}  // namespace heddle::checker
