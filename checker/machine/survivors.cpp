#include "checker/machine/survivors.hpp"

#include "checker/machine/lent_memory.hpp"
#include "checker/machine/sanitizer_hooks.hpp"

#include <pthread.h>

#include <cstring>
#include <new>
#include <unordered_map>
#include <vector>

namespace heddle::checker {

namespace {

// The block that the word points into, or right behind.
Block* target(const ScenarioMemory& memory, std::uintptr_t word) {
  Block* const block =
      memory.contains(word) ? ScenarioMemory::block_around(reinterpret_cast<void*>(word)) : nullptr;
  return block != nullptr && block->live ? block : nullptr;
}

Words words_of(const void* memory, std::size_t size) {
  return {static_cast<std::uintptr_t*>(const_cast<void*>(memory)), size / sizeof(std::uintptr_t)};
}

class Move {
 public:
  explicit Move(ScenarioMemory& memory) : memory_(memory) {}

  HEDDLE_TOUCHES_ANYTHING void mark(Words words) {
    for (const std::uintptr_t word : words) {
      Block* const block = target(memory_, word);
      if (block == nullptr || copies_.contains(block)) continue;
      void* const copy = from_system(block->size, Heap::alignment_of(*block));
      if (copy == nullptr) throw std::bad_alloc();
      copies_[block] = static_cast<std::byte*>(copy);
      order_.push_back(block);
    }
  }
  void mark_reachable() {
    for (std::size_t next = 0; next < order_.size(); ++next)
      mark(words_of(order_[next]->begin, order_[next]->size));
  }
  HEDDLE_TOUCHES_ANYTHING void redirect(Words words) const {
    for (std::uintptr_t& word : words)
      if (Block* const block = target(memory_, word); block != nullptr && copies_.contains(block))
        word = reinterpret_cast<std::uintptr_t>(copies_.at(block)) +
               (word - reinterpret_cast<std::uintptr_t>(block->begin));
  }
  void copy_to(Survivors& survivors) {
    for (Block* const block : order_) {
      std::byte* const copy = copies_[block];
      std::memcpy(copy, block->begin, block->size);
      survivors.adopt(copy, block->size);
    }
  }
  void give_back() {
    for (Block* const block : order_) block->home->give_back(*block);
  }

 private:
  ScenarioMemory& memory_;
  std::unordered_map<const Block*, std::byte*> copies_;
  std::vector<Block*> order_;
};

}  // namespace

Survivors::Survivors(ScenarioMemory& memory)
    : memory_(memory), begin_(static_cast<std::uintptr_t*>(__builtin_frame_address(0))) {}

void Survivors::move_out() {
  if (!memory_.any_live()) return;
  Move move(memory_);
  move.mark(frames());
  for (const auto& [memory, size] : moved_) move.mark(words_of(memory, size));
  move.mark_reachable();
  move.copy_to(*this);
  move.redirect(frames());
  for (const auto& [memory, size] : moved_) move.redirect(words_of(memory, size));
  move.give_back();
}

// Empty on a stack that the system does not know as this OS thread's.
Words Survivors::frames() {
  if (end_ == nullptr) {
    pthread_attr_t attributes;
    pthread_getattr_np(pthread_self(), &attributes);
    void* bottom = nullptr;
    std::size_t size = 0;
    pthread_attr_getstack(&attributes, &bottom, &size);
    pthread_attr_destroy(&attributes);
    end_ = reinterpret_cast<std::uintptr_t*>(static_cast<std::byte*>(bottom) + size);
    if (begin_ < bottom || begin_ > end_) end_ = begin_;
  }
  return {begin_, end_};
}

}  // namespace heddle::checker
