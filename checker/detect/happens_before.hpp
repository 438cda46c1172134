// checker/detect/happens_before.hpp - the happens-before order of C++, which only synchronisation creates.
//
// [intro.races]/10: the order of each thread, its start and its join, and what synchronises with what, which
// checker/sync/ordering.hpp says. Under sequential consistency a load reads the last write of the
// interleaving.
//
// Most steps synchronise with nothing, so that a thread knows as much of the others after such a step as
// before it: a clock is made only where a thread learns something, and the events that follow share it. The
// entry of the thread itself is therefore out of date, and is never read.
#pragma once

#include "checker/core/trace.hpp"
#include "checker/core/trail.hpp"
#include "checker/core/vector_clock.hpp"
#include "checker/sync/ordering.hpp"

namespace heddle::checker {

class HappensBefore {
 public:
  explicit HappensBefore(const Trace& trace) : trace_(trace) {}

  // Finds out what is known after the events that have not been looked at yet.
  void extend() {
    while (learned_.size() < trace_.size()) {
      const EventIndex position = learned_.size();
      const Event& event = trace_[position];
      const bool first = event.number == 1;
      learned_.push(first ? position : learned_[event.po_previous]);
      if (first || event.joined_event != no_event || synchronises(position)) synchronise(position);
    }
  }
  void truncate(EventIndex size) { learned_.truncate(size); }

  // How many events of another thread happen before the event.
  ClockValue known(EventIndex event, ThreadIndex thread) const {
    return clocks_[clock_row(learned_[event])][thread];
  }
  bool before(EventIndex earlier, EventIndex later) const {
    const Event& e = trace_[earlier];
    if (e.thread == trace_[later].thread) return earlier <= later;
    return clocks_[clock_row(learned_[later])][e.thread] >= e.number;
  }

 private:
  // Each event has room for two clocks.
  static EventIndex clock_row(EventIndex event) { return 2 * event; }
  static EventIndex message_row(EventIndex event) { return 2 * event + 1; }

  bool synchronises(EventIndex position) const {
    if (trace_[position].kind == OperationKind::Fence) return true;
    for (const Access& access : trace_.accesses(position))
      if (sync::synchronises(access.object_kind)) return true;
    return false;
  }
  void synchronise(EventIndex position);
  void receive(EventIndex position);
  void learn_all(EventIndex position, EventIndex earlier);
  void learn_from(EventIndex position, AccessIndex write);
  void learn_at_fence(EventIndex position);
  void send(EventIndex position);
  EventIndex release_fence_before(EventIndex position) const;
  ClockValue* own_clock(EventIndex position);

  const Trace& trace_;
  Trail<EventIndex> learned_;  // for each event, where its thread last learned something
  ClockTable clocks_;  // what it knew of the others then; and what a reader that acquires learns from a write
  bool any_fence_ = false;  // in any execution
};

}  // namespace heddle::checker
