// checker/core/trace.hpp - what has happened in the current execution: events and their accesses.
//
// A Trace is a stack. The searches cut it back to a common prefix and grow it again; everything that is
// derived from it (clocks, findings) is kept per event, so that a prefix never has to be analysed twice.
// The accesses of one object form a chain from the newest to the oldest, with a shortcut to the last
// write: that is all that race reversal and race detection need to walk.
#pragma once

#include "checker/core/dependence.hpp"
#include "checker/core/ids.hpp"
#include "checker/core/operation.hpp"
#include "checker/core/trail.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace heddle::checker {

using AccessIndex = std::uint32_t;
inline constexpr AccessIndex no_access = ~AccessIndex{0};

struct Access {
  ObjectIndex object;
  EventIndex event;
  AccessIndex previous;  // of the same object
  // What it reads, or comes after in coherence order: under sc the newest write of the object before it.
  AccessIndex last_write;
  Word value;  // the object's value after this access
  AccessKind kind;
  ObjectKind object_kind;
};

struct Event {
  OperationKind kind;
  ThreadIndex thread;
  bool succeeded;
  bool compound;
  bool continues;    // Lock: one step with the thread's last
  bool atomic_step;  // performed inside an AtomicStep: may access several objects
  std::memory_order order;
  std::uint8_t alternative;   // Choose: the one taken
  std::uint8_t alternatives;  // Choose: how many there are
  ThreadIndex joined;         // Join
  ObjectIndex object;
  std::uint32_t number;     // position in its thread, from 1
  EventIndex po_previous;   // the thread's previous event, or the event that started the thread
  EventIndex joined_event;  // Join: the joined thread's last event
  AccessIndex first_access;
  std::uint32_t access_count;
  std::uint32_t age;  // how many writes, of those before it, are newer in coherence order; 0 under sc
  Word read;
  Word expected;  // CompareExchange
  Word written;
  ThreadSet enabled;  // threads that could have run instead, this one included
  location where;
};

// Whether the event took the mutexes it accesses, and whether it gave them back.
constexpr bool takes_mutexes(const Event& event) {
  switch (event.kind) {
    case OperationKind::Lock:
    case OperationKind::LockAll:
    case OperationKind::LockShared:
    case OperationKind::WakeUp:
    case OperationKind::WakeUpOrTimeOut: return true;
    case OperationKind::TryLock:
    case OperationKind::TryLockShared: return event.succeeded;
    default: return false;
  }
}
constexpr bool gives_mutexes_back(const Event& event) {
  return event.kind == OperationKind::Unlock || event.kind == OperationKind::UnlockShared ||
         event.kind == OperationKind::Wait;
}
constexpr bool is_mutex(ObjectKind kind) {
  return kind == ObjectKind::Mutex || kind == ObjectKind::RecursiveMutex || kind == ObjectKind::SharedMutex;
}

class Trace {
 public:
  EventIndex size() const { return events_.size(); }
  const Event& operator[](EventIndex event) const { return events_[event]; }
  Event& back() { return events_.back(); }
  const Event& back() const { return events_.back(); }

  std::span<const Access> accesses(EventIndex event) const {
    return {accesses_.data() + events_[event].first_access, events_[event].access_count};
  }
  const Access& access(AccessIndex index) const { return accesses_[index]; }
  // The newest access of an object, or no_access.
  AccessIndex newest(ObjectIndex object) const {
    return object < newest_.size() ? newest_[object] : no_access;
  }
  // The thread's last event, or the event that started it, or no_event.
  EventIndex last_of(ThreadIndex thread) const {
    return last_[thread] != no_event ? last_[thread] : origin_[thread];
  }
  // The first event of the step that this one is part of: that of a lock of several mutexes.
  EventIndex begin_of_step(EventIndex event) const {
    while (events_[event].continues) event = events_[event].po_previous;
    return event;
  }
  std::uint32_t events_of(ThreadIndex thread) const { return count_[thread]; }

  // The thread was started by the event `origin`, or before the first event (no_event).
  void started(ThreadIndex thread, EventIndex origin) { origin_[thread] = origin; }

  // Appends an event of this thread; the caller fills in the rest.
  Event& append(ThreadIndex thread) {
    Event& event = events_.push({.thread = thread,
                                 .number = ++count_[thread],
                                 .po_previous = last_of(thread),
                                 .joined_event = no_event,
                                 .first_access = accesses_.size(),
                                 .access_count = 0});
    last_[thread] = size() - 1;
    return event;
  }

  // Adds an access to the last event. A second access of one event to one object is merged into the
  // first: a step reads or writes an object as a whole.
  void add_access(ObjectIndex object, ObjectKind object_kind, AccessKind kind, Word value) {
    Event& event = events_.back();
    if (event.access_count > 0 && merge_access(object, kind, value)) return;
    if (object >= newest_.size()) newest_.resize(object + 16, no_access);
    const AccessIndex previous = std::exchange(newest_[object], accesses_.size());
    AccessIndex last_write = previous;
    if (previous != no_access && accesses_[previous].kind != AccessKind::Write)
      last_write = accesses_[previous].last_write;
    accesses_.push({object, size() - 1, previous, last_write, value, kind, object_kind});
    ++event.access_count;
  }

  // The last access reads, or comes after, another write than the newest.
  void set_source(AccessIndex write) { accesses_.back().last_write = write; }
  AccessIndex accesses() const { return accesses_.size(); }

  // Forgets all events from `size` on.
  void truncate(EventIndex size);

 private:
  bool merge_access(ObjectIndex object, AccessKind kind, Word value);

  Trail<Event> events_;
  Trail<Access> accesses_;
  std::vector<AccessIndex> newest_;
  std::array<EventIndex, threads_max> last_ = filled();
  std::array<EventIndex, threads_max> origin_ = filled();
  std::array<std::uint32_t, threads_max> count_{};

  static constexpr std::array<EventIndex, threads_max> filled() {
    std::array<EventIndex, threads_max> all{};
    all.fill(no_event);
    return all;
  }
};

}  // namespace heddle::checker
