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
#include <cstdint>
#include <span>
#include <vector>

namespace heddle::checker {

// Of any memory, sanitizers' red zones included. REQUIRES: 8-byte alignment.
Hash hash_of_memory(const void* begin, const void* end, Hash seed);

// The variables with static storage duration of the program and of the libraries that are not the system's,
// and those with thread storage duration of the OS thread that made this.
class StaticMemory {
 public:
  // Libraries: those of the C++ library as well, which keeps what it makes when it is first needed.
  enum class Of : std::uint8_t { Program, Libraries };
  explicit StaticMemory(Of of);
  Hash hash() const;
  bool contains(const void* address) const;
  const std::vector<std::span<std::byte>>& parts() const { return parts_; }

 private:
  std::vector<std::span<std::byte>> parts_;
};

}  // namespace heddle::checker
