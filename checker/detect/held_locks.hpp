// checker/detect/held_locks.hpp - which mutexes each thread holds, and where it took them.
//
// After every event the held mutexes of its thread form a list that shares its tail with the list
// before, so that cutting the trace back costs nothing.
#pragma once

#include "checker/core/trace.hpp"
#include "checker/core/trail.hpp"

#include <cstdint>

namespace heddle::checker {

class HeldLocks {
 public:
  static constexpr std::uint32_t nothing = ~std::uint32_t{0};
  struct Held {
    ObjectIndex mutex;
    EventIndex taken;    // the event that locked it
    std::uint32_t next;  // taken before this one; nothing: the end
  };

  explicit HeldLocks(const Trace& trace) : trace_(trace) {}

  void extend() {
    while (lists_.size() < trace_.size()) {
      const EventIndex position = lists_.size();
      const Event& event = trace_[position];
      const std::uint32_t size = held_.size();
      const bool changes = takes_mutexes(event) || gives_mutexes_back(event);
      lists_.push({changes ? changed(position) : before(position), size});
    }
  }
  void truncate(EventIndex size);

  // The newest mutex held after the event; follow Held::next with at().
  std::uint32_t after(EventIndex event) const { return event == no_event ? nothing : lists_[event].held; }
  const Held& at(std::uint32_t index) const { return held_[index]; }
  // What its thread held before this event.
  std::uint32_t before(EventIndex position) const {
    const Event& event = trace_[position];
    return event.number == 1 ? nothing : after(event.po_previous);  // a new thread holds nothing
  }

 private:
  struct List {
    std::uint32_t held;
    std::uint32_t size;  // of held_ before the event
  };
  std::uint32_t changed(EventIndex position);
  std::uint32_t without(std::uint32_t list, ObjectIndex mutex);

  const Trace& trace_;
  Trail<Held> held_;
  Trail<List> lists_;
};

}  // namespace heddle::checker
