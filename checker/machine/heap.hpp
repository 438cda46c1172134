// checker/machine/heap.hpp - the memory that one thread of a scenario allocates.
//
// The address of a block is a function of what the thread itself has allocated and given back in this
// execution: its newest freed block of that size, else fresh memory. So a pointer is a value like others, the
// same in every execution in which the thread has the same past, and a block comes back as soon as with a
// real allocator (ABA). A block belongs to whoever gave it back, whichever thread that is.
//
// At the end of an execution everything is given back at once. Fresh memory is zero, so that what a scenario
// forgets to initialise is the same each time as well.
#pragma once

#include "checker/core/ids.hpp"

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace heddle::checker {

class Heap;

// What is known of a block. Lives as long as the execution; a block that is used again is the same one.
struct Block {
  Heap* home;
  std::byte* begin;
  std::size_t size;  // as asked for
  std::size_t capacity;
  std::uint32_t number;  // of the allocations of `thread`, from 1
  std::uint16_t bin;
  ThreadIndex thread;  // that allocated it
  bool live;
  EventIndex event;  // the last of the execution by then
};

class Heap {
 public:
  // The memory from `begin` on is reserved, and nobody else's. `thread` is the one that allocates here.
  Heap(ThreadIndex thread, std::byte* begin, std::size_t size);
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  // Throws std::bad_alloc when the reserved memory is used up. `alignment` is a power of two.
  // `event` is noted.
  void* allocate(std::size_t size, std::size_t alignment, EventIndex event);
  // For the next allocation of that size here. REQUIRES: block.live.
  void give_back(Block& block);
  // The block that begins there, or null.
  Block* block_at(const void* address);
  // The block that the address lies in, or right behind, or null; it may have been given back.
  Block* block_around(const void* address);

  // Gives everything back. Pointers to what was here are void.
  void clear();

  const std::deque<Block>& blocks() const { return blocks_; }
  // How many of them are not given back.
  std::size_t live() const { return live_; }
  static std::size_t alignment_of(const Block& block);
  // The how manieth of the blocks here it is, from 1: the same whenever its memory is used again.
  std::size_t place_of(const Block& block) const;
  // Whose allocations these are.
  ThreadIndex thread() const { return thread_; }
  const std::byte* begin() const { return begin_; }
  std::size_t used() const { return used_; }
  // Stands for what decides on the next addresses.
  std::uint64_t layout() const;

 private:
  std::uint16_t bin_of(std::size_t& size, std::size_t alignment) const;
  std::byte* carve(std::size_t size, std::size_t alignment);
  void commit(std::size_t size);

  // Sizes up to small_max in steps of 16, then powers of two; and so for each alignment.
  static constexpr std::size_t small_max = 1024;
  static constexpr unsigned sizes = 64 + 40;
  static constexpr unsigned alignments = 9;

  ThreadIndex thread_;
  std::byte* begin_;
  std::size_t size_;
  std::size_t committed_ = 0;
  std::size_t used_ = 0;
  std::uint32_t allocations_ = 0;
  std::size_t live_ = 0;
  std::deque<Block> blocks_;  // by address
  std::array<std::vector<Block*>, sizes * alignments> free_;
  std::vector<std::uint16_t> bins_;        // that something has been given back to, in that order
  std::bitset<sizes * alignments> known_;  // the same
};

// The heap of the scenario's thread that is running, from which `operator new` allocates, or null while
// nobody but the checker is.
extern constinit thread_local Heap* scenario_heap;

// Leaves nothing on the stack of what the checker has done for a thread: what the thread finds there by
// chance is then the same each time.
void scrub_stack() noexcept;

// While one exists what is allocated is the checker's own.
class InChecker {
 public:
  InChecker() : heap_(scenario_heap) { scenario_heap = nullptr; }
  ~InChecker() {
    scenario_heap = heap_;
    if (heap_ != nullptr) scrub_stack();
  }
  InChecker(const InChecker&) = delete;
  InChecker& operator=(const InChecker&) = delete;

  // Of the thread that came into the checker, or null if none did.
  Heap* heap() const { return heap_; }

 private:
  Heap* heap_;
};

}  // namespace heddle::checker
