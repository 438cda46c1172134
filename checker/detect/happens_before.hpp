// checker/detect/happens_before.hpp - the happens-before order of C++, which only synchronisation creates.
//
// [intro.races]/10 and [thread.mutex.requirements.mutex]: an unlock synchronises with the next lock of
// the mutex; a release operation with an acquire operation that reads from it or from its release
// sequence; the start of a thread with its first step and its end with the join. A relaxed operation
// orders nothing. Under sequential consistency a load reads the last write of the interleaving.
#pragma once

#include "checker/core/trace.hpp"
#include "checker/core/vector_clock.hpp"

namespace heddle::checker {

class HappensBefore {
 public:
  explicit HappensBefore(const Trace& trace) : trace_(trace) {}

  // Computes the clocks of events that have none yet.
  void extend();
  void truncate(EventIndex size) { known_ = std::min(known_, size); }

  bool before(EventIndex earlier, EventIndex later) const {
    const Event& e = trace_[earlier];
    return clocks_[later][e.thread] >= e.number;
  }

 private:
  void synchronise(EventIndex position);

  const Trace& trace_;
  ClockTable clocks_;    // after each event
  ClockTable messages_;  // what a reader that acquires learns from a write
  EventIndex known_ = 0;
};

}  // namespace heddle::checker
