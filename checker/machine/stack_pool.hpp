// checker/machine/stack_pool.hpp - stacks for fibers, each with a guard page below it.
//
// Stacks are mapped once and used again by every execution. An overflow hits the guard page and is
// recognised by its address.
#pragma once

#include <cstddef>
#include <vector>

namespace heddle::checker {

struct Stack {
  std::byte* mapping = nullptr;  // lowest address: the guard page
  std::size_t mapped = 0;
  std::size_t guard = 0;

  std::byte* bottom() const { return mapping + guard; }
  std::byte* top() const { return mapping + mapped; }
  std::size_t size() const { return mapped - guard; }
  bool guard_contains(const void* address) const {
    const auto* byte = static_cast<const std::byte*>(address);
    return byte >= mapping && byte < bottom();
  }
};

class StackPool {
 public:
  explicit StackPool(std::size_t stack_bytes);
  ~StackPool();
  StackPool(const StackPool&) = delete;
  StackPool& operator=(const StackPool&) = delete;

  // Throws std::bad_alloc when the system gives no more memory.
  Stack acquire();

 private:
  std::size_t stack_bytes_;
  std::vector<Stack> all_;
};

}  // namespace heddle::checker
