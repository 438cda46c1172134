// checker/machine/reach.hpp - which blocks on the heaps of a scenario words lead to.
//
// Words are taken for pointers when they look like that, as garbage collectors do: heaps of scenarios lie
// where no other numbers are. A pointer may lead into the middle of a block or right behind it, and have a
// tag in its 16 upper bits.
#pragma once

#include "checker/machine/scenario_memory.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace heddle::checker {

using Words = std::span<std::uintptr_t>;

// Of memory that may lie anywhere.
Words words_of(void* memory, std::size_t size);

class Reach {
 public:
  explicit Reach(const ScenarioMemory& memory) : memory_(memory) {}

  // The block that the word leads to, if it is not given back; or null. Of most words that is known at once.
  Block* target(std::uintptr_t word) const {
    const std::uintptr_t address = word & address_bits;
    return memory_.contains(address) ? block_around(address) : nullptr;
  }
  // What the block leads to beside its words.
  void add(const Block& holder, std::uintptr_t word) { beside_[&holder].push_back(word); }
  void from(std::uintptr_t word);
  // Of memory that may be poisoned.
  void from(Words words);
  // Where this block leads to, itself left out.
  void from(const Block& holder);
  // From there on, to the end.
  void follow();

  bool contains(const Block& block) const { return found_.contains(&block); }
  // In the order in which they were found.
  const std::vector<Block*>& blocks() const { return order_; }

 private:
  static constexpr std::uintptr_t address_bits = (std::uintptr_t{1} << 48) - 1;
  static Block* block_around(std::uintptr_t address);

  const ScenarioMemory& memory_;
  std::unordered_map<const Block*, std::vector<std::uintptr_t>> beside_;
  std::unordered_set<const Block*> found_;
  std::vector<Block*> order_;
  std::size_t followed_ = 0;
};

}  // namespace heddle::checker
