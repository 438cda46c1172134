// checker/machine/wide_values.hpp - the values that do not fit a word, each with the word that stands for it.
//
// The word is a hash of the bytes, so that it is the same in every execution and in every process, whoever
// writes the value first. Two values with the same hash are noticed: then the word says nothing.
#pragma once

#include <heddle/detail/word.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace heddle::checker {

class WideValues {
 public:
  // Nothing, if the word stands for another value already.
  std::optional<detail::Word> word_of(std::string_view bytes);
  // Empty for a word that stands for nothing.
  std::string_view bytes_of(detail::Word word) const;

 private:
  std::unordered_map<detail::Word, std::string> values_;
};

}  // namespace heddle::checker
