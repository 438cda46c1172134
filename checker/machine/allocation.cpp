// checker/machine/allocation.cpp - `operator new` and `operator delete` ([new.delete]).
//
// What a thread of a scenario allocates comes from its heap (heap.hpp). Everything else is what it was:
// malloc, the new-handler and std::bad_alloc.

#include "checker/machine/caller_blocks.hpp"
#include "checker/machine/lent_memory.hpp"
#include "checker/machine/machine.hpp"
#include "checker/machine/scenario_memory.hpp"

#include <cstdlib>
#include <new>

namespace {

using heddle::checker::Heap;
using heddle::checker::InChecker;

constexpr std::size_t usual = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

void* allocate(std::size_t size, std::size_t alignment) {
  if (heddle::checker::scenario_heap != nullptr) {
    const InChecker checker;
    return heddle::detail::current_machine->allocate(*checker.heap(), size, alignment);
  }
  for (;;) {
    if (void* memory = heddle::checker::from_system(size, alignment)) {
      if (!heddle::checker::exploring) heddle::checker::caller_blocks::add(memory, size);
      return memory;
    }
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void* allocate_or_null(std::size_t size, std::size_t alignment) noexcept {
  try {
    return allocate(size, alignment);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void give_back(void* memory) noexcept {
  if (memory == nullptr) return;
  Heap* const home = heddle::checker::ScenarioMemory::heap_around(memory);
  const InChecker checker;
  heddle::checker::Machine* const machine = heddle::detail::current_machine;
  if (home == nullptr) {
    if (checker.heap() != nullptr && machine->give_back_of_system(memory)) return;
    heddle::checker::caller_blocks::remove(memory);  // also while exploring: it may be from before
    std::free(memory);
  } else if (machine != nullptr) {
    machine->give_back(*home, memory, checker.heap());
  }
}

std::size_t number(std::align_val_t alignment) { return static_cast<std::size_t>(alignment); }

}  // namespace

void* operator new(std::size_t size) { return allocate(size, usual); }
void* operator new[](std::size_t size) { return allocate(size, usual); }
void* operator new(std::size_t size, std::align_val_t alignment) { return allocate(size, number(alignment)); }
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, number(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate_or_null(size, usual); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate_or_null(size, usual);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate_or_null(size, number(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate_or_null(size, number(alignment));
}

void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete[](void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete[](void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { give_back(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { give_back(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { give_back(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { give_back(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { give_back(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept { give_back(memory); }
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept { give_back(memory); }
