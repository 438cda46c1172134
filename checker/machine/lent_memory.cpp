#include "checker/machine/lent_memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace heddle::checker {

void* from_system(std::size_t size, std::size_t alignment) {
  if (size == 0) size = 1;
  if (alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) return std::malloc(size);
  void* memory = nullptr;
  return posix_memalign(&memory, alignment, size) == 0 ? memory : nullptr;
}

void* LentMemory::allocate(std::size_t size, std::size_t alignment, ThreadIndex thread) {
  void* const memory = from_system(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  blocks_[memory] = {size, thread, true};
  return memory;
}

LentMemory::Block* LentMemory::block_at(void* address) {
  const auto block = blocks_.find(address);
  return block == blocks_.end() ? nullptr : &block->second;
}

bool LentMemory::has_around(const void* address) const {
  const auto* const byte = static_cast<const std::byte*>(address);
  return std::any_of(blocks_.begin(), blocks_.end(), [&](const auto& each) {
    const auto* const begin = static_cast<const std::byte*>(each.first);
    return byte > begin && byte < begin + each.second.size;
  });
}

void LentMemory::end() {
  for (const auto& [memory, block] : blocks_)
    if (!block.live) std::free(memory);
  blocks_.clear();
}

}  // namespace heddle::checker
