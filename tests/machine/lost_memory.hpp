// tests/machine/lost_memory.hpp - for tests that lose a thread's stack, with what its objects owned.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define HEDDLE_TEST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEDDLE_TEST_ASAN 1
#endif
#endif

#ifdef HEDDLE_TEST_ASAN
#include <sanitizer/lsan_interface.h>
#endif

namespace heddle::tests {

#ifdef HEDDLE_TEST_ASAN
inline constexpr bool address_sanitizer = true;
#else
inline constexpr bool address_sanitizer = false;
#endif

// While one exists, LeakSanitizer does not count what is allocated.
class MayLoseMemory {
 public:
#ifdef HEDDLE_TEST_ASAN
  MayLoseMemory() { __lsan_disable(); }
  ~MayLoseMemory() { __lsan_enable(); }
#else
  MayLoseMemory() {}
#endif
  MayLoseMemory(const MayLoseMemory&) = delete;
  MayLoseMemory& operator=(const MayLoseMemory&) = delete;
};

}  // namespace heddle::tests
