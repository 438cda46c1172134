// checker/frontend/wide_value.cpp - values that do not fit a word, for the public types.

#include "checker/machine/machine.hpp"

#include <algorithm>
#include <string_view>

namespace heddle::detail {

Word intern(const void* bytes, std::size_t size) {
  const checker::InChecker in_checker;
  checker::Machine& machine = *current_machine;
  const auto word = machine.wide_values().word_of({static_cast<const char*>(bytes), size});
  if (!word && !machine.abandoning())
    machine.lose_control("two values of more than 8 bytes have the same hash, and cannot be told apart.");
  return word.value_or(0);
}

// An operation that was abandoned answers with a word that stands for nothing.
void recall(Word word, void* bytes, std::size_t size) {
  const std::string_view value = current_machine->wide_values().bytes_of(word);
  std::copy_n(value.begin(), std::min(value.size(), size), static_cast<char*>(bytes));
}

}  // namespace heddle::detail
