// checker/machine/caller_blocks.hpp - what a program has allocated outside of explorations, by address.
//
// A scenario may hang what it allocates on what its caller has allocated, as an element of a container that
// was there before: to find that, blocks of `operator new` have to be known: those that are made while the OS
// thread explores nothing. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle::checker::caller_blocks {

void add(void* memory, std::size_t size) noexcept;
// Of any memory that is given back, known or not.
void remove(void* memory) noexcept;

struct Block {
  std::uintptr_t begin = 0;
  std::size_t size = 0;  // 0: none
};
// Nothing is noted any more: in the process of a native run, whose threads must not meet here.
void stop() noexcept;

// The block that the address lies in.
Block around(std::uintptr_t address) noexcept;
// From the first of them to the end of the last.
Block extent() noexcept;

// While one exists the block that begins there is not given back by another OS thread; whether it is there.
// What this OS thread gives back meanwhile is its own of that time, and not noted; nothing else here may be
// called.
class Hold {
 public:
  explicit Hold(std::uintptr_t begin) noexcept;
  ~Hold();
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;
  explicit operator bool() const { return there_; }

 private:
  bool there_;
};

}  // namespace heddle::checker::caller_blocks
