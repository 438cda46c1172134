#include "checker/machine/reach.hpp"

#include "checker/machine/sanitizer_hooks.hpp"

namespace heddle::checker {

Words words_of(void* memory, std::size_t size) {
  constexpr std::uintptr_t unit = sizeof(std::uintptr_t);
  const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(memory) + unit - 1) / unit * unit;
  const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(memory) + size) / unit * unit;
  return {reinterpret_cast<std::uintptr_t*>(begin), end > begin ? (end - begin) / unit : 0};
}

Block* Reach::block_around(std::uintptr_t address) {
  Block* const block = ScenarioMemory::block_around(reinterpret_cast<void*>(address));
  return block != nullptr && block->live ? block : nullptr;
}

void Reach::from(std::uintptr_t word) {
  Block* const block = target(word);
  if (block != nullptr && found_.insert(block).second) order_.push_back(block);
}

HEDDLE_TOUCHES_ANYTHING void Reach::from(Words words) {
  for (const std::uintptr_t word : words)
    if (target(word) != nullptr) from(word);
}

HEDDLE_TOUCHES_ANYTHING void Reach::from(const Block& holder) {
  const auto beside = beside_.find(&holder);
  const Words inside = words_of(holder.begin, holder.size);
  for (const Words words : {inside, beside == beside_.end() ? Words() : Words(beside->second)})
    for (const std::uintptr_t word : words)
      if (target(word) != &holder) from(word);
}

void Reach::follow() {
  for (; followed_ < order_.size(); ++followed_) from(*order_[followed_]);
}

}  // namespace heddle::checker
