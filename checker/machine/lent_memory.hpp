// checker/machine/lent_memory.hpp - memory of the system that a scenario's threads have for one execution.
//
// What the libraries make when it is first needed and keep, as a cache of a locale, has to outlive the
// execution that needs it: so the first one has the system's memory, and what it does not give back stays
// there. What it gives back is kept until the end, so that a scenario that uses it all the same, or gives it
// back twice, does no harm.
#pragma once

#include "checker/core/ids.hpp"

#include <cstddef>
#include <unordered_map>

namespace heddle::checker {

// malloc() for any alignment. Returns null when there is none left.
void* from_system(std::size_t size, std::size_t alignment);

class LentMemory {
 public:
  struct Block {
    std::size_t size;  // as asked for
    ThreadIndex thread;
    bool live;
  };

  LentMemory() = default;
  ~LentMemory() { end(); }
  LentMemory(const LentMemory&) = delete;
  LentMemory& operator=(const LentMemory&) = delete;

  // Throws std::bad_alloc.
  void* allocate(std::size_t size, std::size_t alignment, ThreadIndex thread);
  // Null for what is not from here.
  Block* block_at(void* address);
  // Whether the address lies within a block, behind its beginning.
  bool has_around(const void* address) const;
  // The execution is over: what was given back is the system's again; visit(memory, size) for what was not.
  template <class Visit>
  void end(Visit visit) {
    for (const auto& [memory, block] : blocks_)
      if (block.live) visit(memory, block.size);
    end();
  }

 private:
  void end();

  std::unordered_map<void*, Block> blocks_;
};

}  // namespace heddle::checker
