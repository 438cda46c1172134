// checker/machine/survivors.hpp - what a scenario leaves to those who asked for its exploration.
//
// A body may refer to variables around the call of heddle::check(), and collect there what it has seen:
//
//     std::set<int> seen;
//     heddle::check([&] { ... seen.insert(x.load()); ... });
//
// What such a container has allocated lies on the scenario's heaps, which are given back at the end of each
// execution. So blocks that the caller's frames or static variables still lead to are moved to memory of the
// system before that, with all that they lead to, and the pointers are changed; also those in blocks that
// were moved before, and in what the caller itself has allocated (caller_blocks.hpp), if its frames or static
// variables lead there (of these, 256 KiB at most). A block that was moved and that nothing leads to any more
// is given back.
#pragma once

#include "checker/machine/reach.hpp"
#include "checker/machine/scenario_memory.hpp"
#include "checker/machine/snapshot.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace heddle::checker {

class Survivors {
 public:
  // What is looked at are the frames of the calling OS thread, from here to the outermost.
  [[gnu::noinline]] explicit Survivors(ScenarioMemory& memory);

  ~Survivors();
  Survivors(const Survivors&) = delete;
  Survivors& operator=(const Survivors&) = delete;

  // REQUIRES: no thread of the scenario runs.
  void move_out();
  // The blocks that the caller, static variables and what was moved lead to.
  void mark(Reach& reach);
  bool is_static(const void* address) const { return statics_.contains(address); }
  // Memory of the system that the scenario has kept.
  void adopt(void* memory, std::size_t size);
  // Memory of the system is given back by the scenario.
  void forget(void* memory);

 private:
  Words frames();
  void find_callers();
  void find_callers_from(Words words, std::size_t& left);
  void find_callers_in(Words words, std::size_t& left);
  void find_moved_in(Words words);
  // visit(words) for what belongs to the caller.
  template <class Visit>
  void each_root(Visit visit);
  void give_back_unreached();

  ScenarioMemory& memory_;
  StaticMemory statics_;
  std::uintptr_t* begin_;
  std::uintptr_t* end_ = nullptr;  // null: not found out yet
  // Outside of the scenario's heaps, and not given back: what may lead there, with its size.
  std::unordered_map<std::uintptr_t, std::size_t> outside_;
  std::map<std::uintptr_t, std::size_t> moved_;
  std::unordered_set<std::uintptr_t> kept_;  // of the moved ones, those that something leads to
  std::vector<std::uintptr_t> found_;        // to be looked at
};

// Whether there is one on this OS thread.
extern constinit thread_local bool exploring;

}  // namespace heddle::checker
