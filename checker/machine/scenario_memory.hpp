// checker/machine/scenario_memory.hpp - the stacks and the heaps of a scenario's threads.
//
// Each thread has a stack and a heap of its own at an address that depends on nothing but its number: the
// same in every execution, and for every machine of an exploration. The memory is reserved at once and
// committed as it is used.
#pragma once

#include "checker/core/ids.hpp"
#include "checker/machine/fiber.hpp"
#include "checker/machine/heap.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace heddle::checker {

class Machine;

class ScenarioMemory {
 public:
  // Throws std::bad_alloc when there is no room for that in the address space.
  explicit ScenarioMemory(std::size_t stack_bytes);
  ~ScenarioMemory();
  ScenarioMemory(const ScenarioMemory&) = delete;
  ScenarioMemory& operator=(const ScenarioMemory&) = delete;

  // What another machine runs there is abandoned.
  void hand_over_to(Machine& machine);
  // The machine runs nothing there any more.
  void leave(const Machine& machine);

  Fiber& fiber(ThreadIndex thread);
  Heap& heap(ThreadIndex thread) { return *heaps_[thread]; }
  // How many threads there have been.
  ThreadIndex threads() const { return threads_; }
  // Gives back all that was allocated, and the stacks of threads that can be neither unwound nor gone on
  // with.
  void clear();

  // Whether a number could be an address on one of these stacks or heaps.
  bool contains(std::uintptr_t address) const {
    const auto begin = reinterpret_cast<std::uintptr_t>(begin_);
    return address >= begin && address < begin + threads_ * thread_bytes_;
  }
  // Whether anything is allocated.
  bool any_live() const;
  // The heap of a scenario whose stack or heap the address lies in, or null. Of any exploration in this
  // process.
  static Heap* heap_around(const void* address);
  // The block there, or null; it may have been given back.
  static Block* block_around(const void* address);

 private:
  void lose(ThreadIndex thread);
  Heap* heap_here(std::uintptr_t offset) const;

  std::byte* begin_;
  std::size_t thread_bytes_;
  std::size_t stack_bytes_;  // with its guard pages
  unsigned slot_;
  ThreadIndex threads_ = 0;
  Machine* machine_ = nullptr;
  std::array<std::unique_ptr<Fiber>, threads_max> fibers_;
  std::array<std::unique_ptr<Heap>, threads_max> heaps_;
};

}  // namespace heddle::checker
