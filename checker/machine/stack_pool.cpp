#include "checker/machine/stack_pool.hpp"

#include "checker/machine/sanitizer_hooks.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <new>

namespace heddle::checker {

StackPool::StackPool(std::size_t stack_bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  stack_bytes_ = (stack_bytes + page - 1) / page * page;
}

StackPool::~StackPool() {
  for (const Stack& stack : all_) munmap(stack.mapping, stack.mapped);
}

Stack StackPool::acquire() {
  // Several guard pages: a large frame may step over one.
  const std::size_t guard = 16 * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t mapped = stack_bytes_ + guard;
  void* mapping = mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  mprotect(mapping, guard, PROT_NONE);
  sanitizer::forget_red_zones(mapping, mapped);
  all_.push_back({static_cast<std::byte*>(mapping), mapped, guard});
  return all_.back();
}

}  // namespace heddle::checker
