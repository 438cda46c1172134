#include "checker/machine/heap.hpp"

#include "checker/core/hash.hpp"
#include "checker/machine/sanitizer_hooks.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace heddle::checker {

constinit thread_local Heap* scenario_heap = nullptr;

// So much the checker needs there at most, but where it reports something.
[[gnu::noinline]] void scrub_stack() noexcept {
  std::byte area[2048];
  std::size_t size = sizeof area;
  asm volatile("" : "+r"(size));  // else the compiler writes it word by word
  std::memset(area, 0, size);
  asm volatile("" : : "r"(area) : "memory");
}

namespace {

// In front of each block, so that it is found from its address.
struct alignas(16) Header {
  std::uint64_t nth;  // of the heap's blocks
  std::uint64_t mark;
};
constexpr std::uint64_t mark_of_header = 0x6865'6464'6c65'6870;

constexpr std::size_t alignment_min = 16;
constexpr std::size_t commit_step = std::size_t{256} * 1024;
// More than this is returned to the system instead of being zeroed.
constexpr std::size_t zeroed_max = std::size_t{1024} * 1024;

constexpr std::size_t round_up(std::size_t size, std::size_t unit) { return (size + unit - 1) / unit * unit; }

bool is_aligned(const void* address) {
  return reinterpret_cast<std::uintptr_t>(address) % alignment_min == 0;
}

}  // namespace

Heap::Heap(ThreadIndex thread, std::byte* begin, std::size_t size)
    : thread_(thread), begin_(begin), size_(size) {}

// Rounds the size up to that of the blocks in the bin.
std::uint16_t Heap::bin_of(std::size_t& size, std::size_t alignment) const {
  if (size > size_) throw std::bad_alloc();
  size = round_up(std::max<std::size_t>(size, 1), alignment_min);
  std::size_t bin = size / alignment_min - 1;
  if (size > small_max) {
    size = std::bit_ceil(size);
    bin = small_max / alignment_min + std::countr_zero(size / small_max) - 1;
  }
  return static_cast<std::uint16_t>(bin + sizes * std::countr_zero(alignment / alignment_min));
}

std::size_t Heap::alignment_of(const Block& block) { return alignment_min << (block.bin / sizes); }

std::size_t Heap::place_of(const Block& block) const {
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), block.begin,
                                      [](const std::byte* a, const Block& other) { return a < other.begin; });
  return static_cast<std::size_t>(after - blocks_.begin());
}

void* Heap::allocate(std::size_t size, std::size_t alignment, EventIndex event) {
  alignment = std::max(alignment, alignment_min);
  if (alignment > alignment_min << (alignments - 1)) throw std::bad_alloc();
  std::size_t capacity = size;
  const std::uint16_t bin = bin_of(capacity, alignment);
  Block* block;
  if (!free_[bin].empty()) {
    block = free_[bin].back();
    free_[bin].pop_back();
  } else {
    std::byte* const begin = carve(capacity, alignment);
    block = &blocks_.emplace_back(Block{.home = this, .begin = begin, .capacity = capacity, .bin = bin});
    new (begin - sizeof(Header)) Header{blocks_.size() - 1, mark_of_header};
  }
  block->size = size;
  block->number = ++allocations_;
  block->thread = thread_;
  block->live = true;
  block->event = event;
  ++live_;
  sanitizer::open(block->begin, size);
  return block->begin;
}

std::byte* Heap::carve(std::size_t size, std::size_t alignment) {
  const std::size_t offset = round_up(used_ + sizeof(Header), alignment);
  commit(offset + size);
  used_ = offset + size;
  sanitizer::open(begin_ + offset - sizeof(Header), sizeof(Header));
  return begin_ + offset;
}

void Heap::commit(std::size_t size) {
  if (size <= committed_) return;
  if (size > size_) throw std::bad_alloc();
  const std::size_t wanted = std::min(round_up(size, commit_step), size_);
  if (mprotect(begin_ + committed_, wanted - committed_, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  sanitizer::close(begin_ + committed_, wanted - committed_);
  committed_ = wanted;
}

void Heap::give_back(Block& block) {
  block.live = false;
  --block.home->live_;
  sanitizer::close(block.begin, block.capacity);
  if (!known_[block.bin]) bins_.push_back(block.bin);
  known_.set(block.bin);
  free_[block.bin].push_back(&block);
}

Block* Heap::block_at(const void* address) {
  const auto* begin = static_cast<const std::byte*>(address);
  if (begin < begin_ + sizeof(Header) || begin >= begin_ + used_ || !is_aligned(begin)) return nullptr;
  Header header;
  std::memcpy(&header, begin - sizeof(Header), sizeof header);
  if (header.mark != mark_of_header || header.nth >= blocks_.size()) return nullptr;
  Block& block = blocks_[header.nth];
  return block.begin == begin ? &block : nullptr;
}

Block* Heap::block_around(const void* address) {
  const auto* byte = static_cast<const std::byte*>(address);
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), byte,
                                      [](const std::byte* a, const Block& block) { return a < block.begin; });
  if (after == blocks_.begin()) return nullptr;
  Block& block = *(after - 1);
  return byte <= block.begin + block.size ? &block : nullptr;
}

void Heap::clear() {
  if (used_ > 0) {
    sanitizer::open(begin_, used_);
    if (used_ > zeroed_max) madvise(begin_, used_, MADV_DONTNEED);
    else std::memset(begin_, 0, used_);
    sanitizer::close(begin_, used_);
    used_ = 0;
  }
  allocations_ = 0;
  live_ = 0;
  blocks_.clear();
  for (const std::uint16_t bin : bins_) free_[bin].clear();
  bins_.clear();
  known_.reset();
}

std::uint64_t Heap::layout() const {
  Hash hash = mixed(used_);
  for (const std::uint16_t bin : bins_)
    for (const Block* block : free_[bin]) hash = mixed(hash + reinterpret_cast<std::uintptr_t>(block->begin));
  return hash;
}

}  // namespace heddle::checker
