// checker/machine/sanitizer_hooks.hpp - tells AddressSanitizer about the stacks of fibers.
//
// Without these calls ASan takes a fiber's stack for a corrupt one as soon as an exception unwinds it.
// The interface is in the headers sanitizer/*.h; in other builds every function is empty.
#pragma once

#include <algorithm>
#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define HEDDLE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEDDLE_ASAN 1
#endif
#endif

#ifdef HEDDLE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif

// Of a function that reads or writes memory as bytes, whoever it belongs to.
#define HEDDLE_TOUCHES_ANYTHING __attribute__((no_sanitize("address")))

namespace heddle::checker::sanitizer {

struct StackBounds {
  const void* bottom = nullptr;
  std::size_t size = 0;
};

// Before a switch: `leaving` keeps the state of the stack being left.
inline void start_switch([[maybe_unused]] void** leaving, [[maybe_unused]] StackBounds to) {
#ifdef HEDDLE_ASAN
  __sanitizer_start_switch_fiber(leaving, to.bottom, to.size);
#endif
}

// After a switch, on the new stack. Returns the bounds of the stack that was left.
inline StackBounds finish_switch([[maybe_unused]] void* arriving) {
  StackBounds from;
#ifdef HEDDLE_ASAN
  __sanitizer_finish_switch_fiber(arriving, &from.bottom, &from.size);
#endif
  return from;
}

// What the frames of a lost stack own is kept by design, and no leak; the stack itself is used again.
HEDDLE_TOUCHES_ANYTHING inline void keep_owned([[maybe_unused]] const void* bottom,
                                               [[maybe_unused]] const void* top) {
#ifdef HEDDLE_ASAN
  constexpr std::ptrdiff_t most = 2048;
  const auto* end = static_cast<void* const*>(top);
  const auto* word = std::max(static_cast<void* const*>(bottom), end - most);
  auto** copy = new void*[most]();
  __lsan_ignore_object(copy);
  for (auto** to = copy; word != end; ++word, ++to) *to = *word;
#endif
}

// A mapping may get the address of an earlier one, and with it the red zones of what ran there.
inline void forget_red_zones([[maybe_unused]] const void* mapping, [[maybe_unused]] std::size_t size) {
#ifdef HEDDLE_ASAN
  __asan_unpoison_memory_region(mapping, size);
#endif
}

// Memory that nobody may touch until it is opened again.
inline void close([[maybe_unused]] const void* memory, [[maybe_unused]] std::size_t size) {
#ifdef HEDDLE_ASAN
  __asan_poison_memory_region(memory, size);
#endif
}
inline void open([[maybe_unused]] const void* memory, [[maybe_unused]] std::size_t size) {
#ifdef HEDDLE_ASAN
  __asan_unpoison_memory_region(memory, size);
#endif
}

}  // namespace heddle::checker::sanitizer
