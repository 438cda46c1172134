#include "checker/core/causality.hpp"

namespace heddle::checker {

// Nothing to do when what is before the earlier event is known to be before this one already.
void Causality::join(ClockValue* clock, EventIndex earlier) const {
  const Event& event = trace_[earlier];
  if (clock[event.thread] < event.number) clocks_.join(clock, clocks_[earlier]);
}

void Causality::extend() {
  for (EventIndex e = hashes_.size(); e < trace_.size(); ++e) {
    const Event& event = trace_[e];
    clocks_.reserve(e + 1, event.thread);
    ClockValue* clock = clocks_[e];
    const bool first = event.po_previous == no_event;
    if (first) clocks_.clear(clock);
    else clocks_.copy(clock, clocks_[event.po_previous]);

    Hash hash = Causality::step_hash(event.thread, first ? 0 : hashes_[event.po_previous], event.kind,
                                     event.alternative);
    if (event.joined_event != no_event) {
      clocks_.join(clock, clocks_[event.joined_event]);
      hash += mixed(hashes_[event.joined_event]);
    }
    if (graphs_) hash = seen(hash, e, clock);
    else
      for (const Access& access : trace_.accesses(e)) {
        Hash last_write = 0;
        Hash reads = 0;
        if (access.last_write != no_access) {
          const EventIndex writer = trace_.access(access.last_write).event;
          join(clock, writer);
          last_write = hashes_[writer];
        }
        if (access.kind == AccessKind::Write) {
          for (AccessIndex r = access.previous; r != access.last_write; r = trace_.access(r).previous) {
            const EventIndex reader = trace_.access(r).event;
            join(clock, reader);
            reads += hashes_[reader];
          }
        }
        hash = with_access(hash, access.object, access.kind, last_write, reads);
      }
    clock[event.thread] = static_cast<ClockValue>(event.number);
    hashes_.push(hash);
    sums_.push((e == 0 ? 0 : sums_.back()) + mixed(hash));
  }
}

// The hash of a step of an execution graph: with what it reads.
Hash Causality::seen(Hash hash, EventIndex event, ClockValue* clock) const {
  for (const Access& access : trace_.accesses(event)) {
    Hash source = 0;
    if (access.last_write != no_access && trace_[event].kind != OperationKind::Store) {
      const EventIndex writer = trace_.access(access.last_write).event;
      join(clock, writer);
      source = hashes_[writer];
    }
    hash = with_access(hash, access.object, access.kind, source, 0);
  }
  return hash;
}

}  // namespace heddle::checker
