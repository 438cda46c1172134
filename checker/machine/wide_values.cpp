#include "checker/machine/wide_values.hpp"

#include "checker/core/hash.hpp"

namespace heddle::checker {

std::optional<detail::Word> WideValues::word_of(std::string_view bytes) {
  const detail::Word word = with_text(bytes.size(), bytes);
  const auto [entry, added] = values_.try_emplace(word, bytes);
  if (entry->second != bytes) return std::nullopt;
  return word;
}

std::string_view WideValues::bytes_of(detail::Word word) const {
  const auto entry = values_.find(word);
  return entry == values_.end() ? std::string_view() : entry->second;
}

}  // namespace heddle::checker
