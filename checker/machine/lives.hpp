// checker/machine/lives.hpp - where the objects of an execution begin and end.
//
// An object is known by its identity, not by its address: what has gone stays known, and so an access that
// comes too late is one of that object, whatever lies there now. Neither a beginning nor an end is a step.
// Both lie between two steps of a thread: checker/detect/lifetime.hpp judges what happens before them.
#pragma once

#include "checker/core/ids.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace heddle::checker {

struct Life {
  const void* address = nullptr;  // null: not in this execution
  ThreadIndex maker = no_thread;  // no_thread: from outside, or of the checker's own; neither end is judged
  std::uint32_t steps = 0;        // of the maker before it
  std::uint32_t children = 0;     // that the maker had started before it
  bool ended = false;
  ThreadIndex ender = no_thread;
  EventIndex end = no_event;  // the last event of the execution by then
  bool counted = false;       // ended by a std::shared_ptr, whose count may order the uses before that
};

class Lives {
 public:
  // The next execution begins: only objects from outside are known.
  void clear();

  void begin(ObjectIndex object, const Life& life);
  void end(ObjectIndex object, ThreadIndex ender, EventIndex end, bool counted);

  bool is_at(ObjectIndex object, const void* address) const {
    return object < lives_.size() && lives_[object].address == address;
  }
  // The last object that began there, or no_object.
  ObjectIndex last_at(const void* address) const;
  const Life& operator[](ObjectIndex object) const { return object < lives_.size() ? lives_[object] : none_; }
  ObjectIndex size() const { return static_cast<ObjectIndex>(lives_.size()); }
  // Those that have ended since this was asked.
  std::vector<ObjectIndex> take_ended() { return std::exchange(ended_, {}); }

 private:
  std::vector<Life> lives_;         // by object
  std::vector<ObjectIndex> begun_;  // in this execution, in this order
  std::vector<ObjectIndex> ended_;
  Life none_;
};

// Whether a std::shared_ptr that gives up its object is on the stack of the calling thread: one of those
// whose control blocks lie on the scenario's heaps.
bool in_shared_ptr_dispose(class ScenarioMemory& memory);

}  // namespace heddle::checker
