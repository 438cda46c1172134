#include "checker/machine/survivors.hpp"

#include "checker/machine/caller_blocks.hpp"
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

Words words_of(void* memory, std::size_t size) {
  return {static_cast<std::uintptr_t*>(memory), size / sizeof(std::uintptr_t)};
}
Words words_at(std::uintptr_t memory, std::size_t size) {
  return words_of(reinterpret_cast<void*>(memory), size);
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

constinit thread_local bool exploring = false;

Survivors::Survivors(ScenarioMemory& memory)
    : memory_(memory), begin_(static_cast<std::uintptr_t*>(__builtin_frame_address(0))) {
  exploring = true;
}

Survivors::~Survivors() { exploring = false; }

void Survivors::adopt(void* memory, std::size_t size) {
  outside_[reinterpret_cast<std::uintptr_t>(memory)] = size;
  caller_blocks::add(memory, size);
}

void Survivors::forget(void* memory) {
  outside_.erase(reinterpret_cast<std::uintptr_t>(memory));
  caller_blocks::remove(memory);
}

// Once: what is the caller's does not change while it waits, but by what the scenario does.
void Survivors::find_callers() {
  find_callers_in(frames());
  while (!found_.empty()) {
    const std::uintptr_t block = found_.back();
    found_.pop_back();
    find_callers_in(words_at(block, outside_[block]));
  }
}

HEDDLE_TOUCHES_ANYTHING void Survivors::find_callers_in(Words words) {
  for (const std::uintptr_t word : words) {
    if (word % alignof(std::uintptr_t) != 0) continue;
    const caller_blocks::Block block = caller_blocks::around(word);
    if (block.size > 0 && outside_.try_emplace(block.begin, block.size).second) found_.push_back(block.begin);
  }
}

void Survivors::move_out() {
  if (!memory_.any_live()) return;
  if (end_ == nullptr) find_callers();
  Move move(memory_);
  move.mark(frames());
  for (const auto& [memory, size] : outside_) move.mark(words_at(memory, size));
  move.mark_reachable();
  move.copy_to(*this);
  move.redirect(frames());
  for (const auto& [memory, size] : outside_) move.redirect(words_at(memory, size));
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
