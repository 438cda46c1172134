#include "checker/machine/survivors.hpp"

#include "checker/machine/caller_blocks.hpp"
#include "checker/machine/lent_memory.hpp"
#include "checker/machine/sanitizer_hooks.hpp"

#include <pthread.h>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <unordered_map>
#include <vector>

namespace heddle::checker {

namespace {

// All is looked at after each execution that leaves something behind: of what static variables lead to, no
// more.
constexpr std::size_t static_reach_max = std::size_t{256} * 1024;

Words words_at(std::uintptr_t memory, std::size_t size) {
  return words_of(reinterpret_cast<void*>(memory), size);
}

// Blocks of the scenario on their way to memory of the system.
class Move {
 public:
  explicit Move(const Reach& reach) : reach_(reach) {}

  void copy() {
    for (const Block* const block : reach_.blocks()) {
      void* const copy = from_system(block->size, Heap::alignment_of(*block));
      if (copy == nullptr) throw std::bad_alloc();
      copies_[block] = static_cast<std::byte*>(std::memcpy(copy, block->begin, block->size));
    }
  }
  HEDDLE_TOUCHES_ANYTHING void redirect(Words words) const {
    for (std::uintptr_t& word : words)
      if (const Block* const block = reach_.target(word); block != nullptr && reach_.contains(*block))
        word += reinterpret_cast<std::uintptr_t>(copies_.at(block)) -
                reinterpret_cast<std::uintptr_t>(block->begin);  // keeps a tag
  }
  const std::unordered_map<const Block*, std::byte*>& copies() const { return copies_; }
  void give_back() {
    for (Block* const block : reach_.blocks()) block->home->give_back(*block);
  }

 private:
  const Reach& reach_;
  std::unordered_map<const Block*, std::byte*> copies_;
};

HEDDLE_TOUCHES_ANYTHING void copy_words(Words words, std::vector<std::uintptr_t>& to) {
  for (const std::uintptr_t word : words) to.push_back(word);
}

}  // namespace

constinit thread_local bool exploring = false;

Survivors::Survivors(ScenarioMemory& memory)
    : memory_(memory),
      statics_(StaticMemory::Of::Libraries),
      begin_(static_cast<std::uintptr_t*>(__builtin_frame_address(0))) {
  exploring = true;
}

Survivors::~Survivors() { exploring = false; }

void Survivors::adopt(void* memory, std::size_t size) {
  outside_[reinterpret_cast<std::uintptr_t>(memory)] = size;
  caller_blocks::add(memory, size);
}

void Survivors::forget(void* memory) {
  outside_.erase(reinterpret_cast<std::uintptr_t>(memory));
  moved_.erase(reinterpret_cast<std::uintptr_t>(memory));
  caller_blocks::remove(memory);
}

template <class Visit>
void Survivors::each_root(Visit visit) {
  visit(frames());
  for (const std::span<std::byte> part : statics_.parts()) visit(words_of(part.data(), part.size()));
  for (const auto& [memory, size] : outside_)
    if (const caller_blocks::Hold held(memory); held) visit(words_at(memory, size));
}

// Once: what is the caller's does not change while it waits, but by what the scenario does.
void Survivors::find_callers() {
  std::size_t unlimited = std::numeric_limits<std::size_t>::max();
  find_callers_from(frames(), unlimited);
  std::size_t of_statics = static_reach_max;
  for (const std::span<std::byte> part : statics_.parts())
    find_callers_from(words_of(part.data(), part.size()), of_statics);
}

// Of so many bytes at most.
void Survivors::find_callers_from(Words words, std::size_t& left) {
  std::vector<std::uintptr_t> inside;
  copy_words(words, inside);
  find_callers_in(inside, left);
  while (!found_.empty()) {
    const std::uintptr_t block = found_.back();
    found_.pop_back();
    inside.clear();
    if (const caller_blocks::Hold held(block); held) copy_words(words_at(block, outside_[block]), inside);
    find_callers_in(inside, left);
  }
}

void Survivors::find_callers_in(Words words, std::size_t& left) {
  const caller_blocks::Block all = caller_blocks::extent();
  for (const std::uintptr_t word : words) {
    if (word % alignof(std::uintptr_t) != 0 || word - all.begin >= all.size) continue;
    const caller_blocks::Block block = caller_blocks::around(word);
    if (block.size == 0 || block.size > left) continue;
    if (!outside_.try_emplace(block.begin, block.size).second) continue;
    left -= block.size;
    found_.push_back(block.begin);
  }
}

HEDDLE_TOUCHES_ANYTHING void Survivors::find_moved_in(Words words) {
  for (const std::uintptr_t word : words) {
    auto block = moved_.upper_bound(word);
    if (block == moved_.begin()) continue;
    --block;
    if (word <= block->first + block->second && kept_.insert(block->first).second)
      found_.push_back(block->first);
  }
}

// What is moved in one execution and replaced in the next would else fill the memory.
void Survivors::give_back_unreached() {
  if (moved_.empty()) return;
  kept_.clear();
  each_root([&](Words words) { find_moved_in(words); });
  while (!found_.empty()) {
    const auto block = moved_.find(found_.back());
    found_.pop_back();
    find_moved_in(words_at(block->first, block->second));
  }
  for (auto block = moved_.begin(); block != moved_.end();) {
    if (kept_.contains(block->first)) {
      ++block;
      continue;
    }
    void* const memory = reinterpret_cast<void*>(block->first);
    block = moved_.erase(block);
    caller_blocks::remove(memory);
    std::free(memory);
  }
}

void Survivors::mark(Reach& reach) {
  if (end_ == nullptr) find_callers();
  each_root([&](Words words) { reach.from(words); });
  for (const auto& [memory, size] : moved_) reach.from(words_at(memory, size));
  reach.follow();
}

void Survivors::move_out() {
  if (!memory_.any_live()) return;
  Reach reach(memory_);
  mark(reach);
  Move move(reach);
  move.copy();
  for (const auto& [block, copy] : move.copies()) {
    moved_[reinterpret_cast<std::uintptr_t>(copy)] = block->size;
    caller_blocks::add(copy, block->size);
  }
  each_root([&](Words words) { move.redirect(words); });
  for (const auto& [memory, size] : moved_) move.redirect(words_at(memory, size));
  move.give_back();
  give_back_unreached();
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
