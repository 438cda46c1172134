#include "checker/machine/caller_blocks.hpp"

#include <atomic>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

namespace heddle::checker::caller_blocks {

// ThreadSanitizer would take the lock for synchronisation between those who allocate. It judges native runs.
#ifdef __SANITIZE_THREAD__

void add(void*, std::size_t) noexcept {}
void remove(void*) noexcept {}
void stop() noexcept {}
Block around(std::uintptr_t) noexcept { return {}; }
Block extent() noexcept { return {}; }
Hold::Hold(std::uintptr_t) noexcept : there_(true) {}
Hold::~Hold() = default;

#else

namespace {

// Not of `operator new`, which asks for it.
template <class T>
struct OfMalloc {
  using value_type = T;
  OfMalloc() = default;
  template <class U>
  explicit(false) OfMalloc(const OfMalloc<U>&) noexcept {}
  T* allocate(std::size_t n) {
    if (void* memory = std::malloc(n * sizeof(T))) return static_cast<T*>(memory);
    throw std::bad_alloc();
  }
  void deallocate(T* memory, std::size_t) noexcept { std::free(memory); }
  friend bool operator==(const OfMalloc&, const OfMalloc&) { return true; }
};

using Blocks = std::map<std::uintptr_t, std::size_t, std::less<>,
                        OfMalloc<std::pair<const std::uintptr_t, std::size_t>>>;

// No std::mutex: programs under ThreadSanitizer see that, whatever this was built with.
class Spin {
 public:
  void lock() noexcept {
    while (taken_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
  }
  void unlock() noexcept { taken_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool> taken_{false};
};

constinit Spin guard;
constinit thread_local bool holding = false;
constinit std::atomic<bool> stopped{false};
// Memory is allocated before other variables are made, and after they have gone.
constinit Blocks* blocks = nullptr;

}  // namespace

void stop() noexcept { stopped.store(true, std::memory_order_relaxed); }

void add(void* memory, std::size_t size) noexcept {
  if (stopped.load(std::memory_order_relaxed)) return;
  const std::lock_guard<Spin> hold(guard);
  if (blocks == nullptr) {
    void* const place = std::malloc(sizeof(Blocks));
    if (place == nullptr) return;
    blocks = new (place) Blocks;
  }
  try {
    blocks->insert_or_assign(reinterpret_cast<std::uintptr_t>(memory), size);
  } catch (const std::bad_alloc&) {  // then it is not known
  }
}

void remove(void* memory) noexcept {
  if (holding || stopped.load(std::memory_order_relaxed)) return;
  const std::lock_guard<Spin> hold(guard);
  if (blocks != nullptr) blocks->erase(reinterpret_cast<std::uintptr_t>(memory));
}

Block around(std::uintptr_t address) noexcept {
  const std::lock_guard<Spin> hold(guard);
  if (blocks == nullptr) return {};
  auto block = blocks->upper_bound(address);
  if (block == blocks->begin()) return {};
  --block;
  return address < block->first + block->second ? Block{block->first, block->second} : Block{};
}

Block extent() noexcept {
  const std::lock_guard<Spin> hold(guard);
  if (blocks == nullptr || blocks->empty()) return {};
  const auto last = std::prev(blocks->end());
  return {blocks->begin()->first, last->first + last->second - blocks->begin()->first};
}

Hold::Hold(std::uintptr_t begin) noexcept {
  guard.lock();
  holding = true;
  there_ = blocks != nullptr && blocks->contains(begin);
}

Hold::~Hold() {
  holding = false;
  guard.unlock();
}

#endif

}  // namespace heddle::checker::caller_blocks
