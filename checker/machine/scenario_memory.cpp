#include "checker/machine/scenario_memory.hpp"

#include "checker/machine/machine.hpp"
#include "checker/machine/sanitizer_hooks.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <new>

namespace heddle::checker {

namespace {

// Explorations at the same time, on OS threads of their own.
constexpr unsigned slots = 32;
constexpr std::size_t gibibyte = std::size_t{1} << 30;
constexpr std::size_t bytes_of_thread = 16 * gibibyte;
// Where the address space is small, as under valgrind.
constexpr std::size_t bytes_of_thread_at_least = gibibyte / 16;
// Far from where programs, libraries and sanitizers are.
constexpr std::uintptr_t first_address = std::uintptr_t{0x2000} << 32;

struct Slot {
  std::atomic<bool> taken{false};
  std::atomic<ScenarioMemory*> memory{nullptr};
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::uintptr_t> end{0};
};
constinit std::array<Slot, slots> registry;
constinit std::atomic<unsigned> slots_used{0};  // so many of the first at most

std::byte* reserve(std::uintptr_t address, std::size_t size) {
  const int where = address == 0 ? 0 : MAP_FIXED_NOREPLACE;
  void* memory = mmap(reinterpret_cast<void*>(address), size, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | where, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  if (address != 0 && memory != reinterpret_cast<void*>(address)) {  // an old kernel
    munmap(memory, size);
    return nullptr;
  }
  return static_cast<std::byte*>(memory);
}

unsigned take_slot() {
  for (unsigned slot = 0; slot < slots; ++slot) {
    if (registry[slot].taken.exchange(true)) continue;
    unsigned used = slots_used;
    while (used <= slot && !slots_used.compare_exchange_weak(used, slot + 1)) {
    }
    return slot;
  }
  throw std::bad_alloc();
}

std::size_t pages(std::size_t bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

}  // namespace

ScenarioMemory::ScenarioMemory(std::size_t stack_bytes) : thread_bytes_(bytes_of_thread), slot_(take_slot()) {
  // Several guard pages: a large frame may step over one.
  const std::size_t guard = 16 * pages(1);
  stack_bytes_ = guard + pages(stack_bytes);
  while (thread_bytes_ < 4 * stack_bytes_) thread_bytes_ *= 2;
  begin_ = reserve(first_address + slot_ * threads_max * bytes_of_thread, threads_max * thread_bytes_);
  while (begin_ == nullptr && thread_bytes_ >= std::max(bytes_of_thread_at_least, 4 * stack_bytes_)) {
    thread_bytes_ /= 4;
    begin_ = reserve(0, threads_max * thread_bytes_);
  }
  if (begin_ == nullptr) {
    registry[slot_].taken = false;
    throw std::bad_alloc();
  }
  registry[slot_].begin = reinterpret_cast<std::uintptr_t>(begin_);
  registry[slot_].end = registry[slot_].begin + threads_max * thread_bytes_;
  registry[slot_].memory = this;
}

ScenarioMemory::~ScenarioMemory() {
  for (ThreadIndex thread = 0; thread < threads_; ++thread) lose(thread);
  registry[slot_].end = registry[slot_].begin = 0;
  registry[slot_].memory = nullptr;
  munmap(begin_, threads_max * thread_bytes_);
  registry[slot_].taken = false;
}

void ScenarioMemory::hand_over_to(Machine& machine) {
  if (machine_ != nullptr && machine_ != &machine) machine_->clear_away();
  machine_ = &machine;
}

void ScenarioMemory::leave(const Machine& machine) {
  if (machine_ == &machine) machine_ = nullptr;
}

Fiber& ScenarioMemory::fiber(ThreadIndex thread) {
  std::unique_ptr<Fiber>& fiber = fibers_[thread];
  if (fiber == nullptr) {
    std::byte* const mapping = begin_ + thread * thread_bytes_;
    const std::size_t guard = 16 * pages(1);
    if (mprotect(mapping + guard, stack_bytes_ - guard, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
    sanitizer::forget_red_zones(mapping, stack_bytes_);
    fiber = std::make_unique<Fiber>(Stack{mapping, stack_bytes_, guard});
    if (heaps_[thread] == nullptr)
      heaps_[thread] =
          std::make_unique<Heap>(thread, mapping + thread_bytes_ / 2, thread_bytes_ - thread_bytes_ / 2);
    threads_ = std::max(threads_, static_cast<ThreadIndex>(thread + 1));
  }
  return *fiber;
}

void ScenarioMemory::clear() {
  for (ThreadIndex thread = 0; thread < threads_; ++thread) {
    if (fibers_[thread] == nullptr) continue;
    heaps_[thread]->clear();
    lose(thread);
  }
}

// The fiber of a thread that cannot be gone on with.
void ScenarioMemory::lose(ThreadIndex thread) {
  if (fibers_[thread] == nullptr || fibers_[thread]->idle()) return;
  const Stack& stack = fibers_[thread]->stack();
  sanitizer::keep_owned(stack.bottom(), stack.top());
  fibers_[thread].reset();
}

bool ScenarioMemory::any_live() const {
  return std::any_of(heaps_.begin(), heaps_.begin() + threads_,
                     [](const std::unique_ptr<Heap>& heap) { return heap != nullptr && heap->live() > 0; });
}

Block* ScenarioMemory::block_around(const void* address) {
  Heap* const heap = heap_around(address);
  return heap == nullptr ? nullptr : heap->block_around(address);
}

Heap* ScenarioMemory::heap_here(std::uintptr_t offset) const { return heaps_[offset / thread_bytes_].get(); }

Heap* ScenarioMemory::heap_around(const void* address) {
  const auto number = reinterpret_cast<std::uintptr_t>(address);
  const unsigned used = slots_used.load(std::memory_order_relaxed);
  for (unsigned i = 0; i < used; ++i) {
    const Slot& slot = registry[i];
    if (number >= slot.begin && number < slot.end) return slot.memory.load()->heap_here(number - slot.begin);
  }
  return nullptr;
}

}  // namespace heddle::checker
