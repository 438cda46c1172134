// checker/machine/survivors.hpp - what a scenario leaves to those who asked for its exploration.
//
// A body may refer to variables around the call of heddle::check(), and collect there what it has seen:
//
//     std::set<int> seen;
//     heddle::check([&] { ... seen.insert(x.load()); ... });
//
// What such a container has allocated lies on the scenario's heaps, which are given back at the end of each
// execution. So blocks that the caller's frames still point to are moved to memory of the system before that,
// with all that they point to, and the pointers are changed; also those in blocks that were moved before, and
// in what the caller itself has allocated (caller_blocks.hpp), if its frames lead there. Words are taken for
// pointers when they look like that, as garbage collectors do; heaps of scenarios lie where no other numbers
// are.
#pragma once

#include "checker/machine/scenario_memory.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace heddle::checker {

using Words = std::span<std::uintptr_t>;

class Survivors {
 public:
  // What is looked at are the frames of the calling OS thread, from here to the outermost.
  [[gnu::noinline]] explicit Survivors(ScenarioMemory& memory);

  ~Survivors();
  Survivors(const Survivors&) = delete;
  Survivors& operator=(const Survivors&) = delete;

  // REQUIRES: no thread of the scenario runs.
  void move_out();
  // Memory of the system that the scenario has kept.
  void adopt(void* memory, std::size_t size);
  // Memory of the system is given back by the scenario.
  void forget(void* memory);

 private:
  Words frames();
  void find_callers();
  void find_callers_in(Words words);

  ScenarioMemory& memory_;
  std::uintptr_t* begin_;
  std::uintptr_t* end_ = nullptr;  // null: not found out yet
  // Outside of the scenario's heaps, and not given back: what may point there, with its size.
  std::unordered_map<std::uintptr_t, std::size_t> outside_;
  std::vector<std::uintptr_t> found_;  // of the caller's, to be looked at
};

// Whether there is one on this OS thread.
extern constinit thread_local bool exploring;

}  // namespace heddle::checker
