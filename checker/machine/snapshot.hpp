// checker/machine/snapshot.hpp - what a scenario can remember, as one number.
//
// Whether an iteration of a loop has changed anything is decided by comparing the memory of the scenario
// before and after it: the stacks of its threads with the registers that are saved there, their heaps, and
// the variables of the program with static or thread storage duration. Not what malloc() gave, nor what the
// libraries of the system keep.
#pragma once

#include "checker/core/hash.hpp"
#include "checker/machine/scenario_memory.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace heddle::checker {

// Of any memory, sanitizers' red zones included. REQUIRES: 8-byte alignment.
Hash hash_of_memory(const void* begin, const void* end, Hash seed);

// The variables with static storage duration of the program and of the libraries that are not the system's,
// and those with thread storage duration of the OS thread that made this.
class StaticMemory {
 public:
  StaticMemory();
  Hash hash() const;

 private:
  std::vector<std::span<const std::byte>> parts_;
};

}  // namespace heddle::checker
