// checker/core/format.hpp - words and numbers as text. Never an address.
#pragma once

#include <heddle/detail/word.hpp>

#include <string>

namespace heddle::checker {

// "42", "true", "'a'", "1.5"; "null" or "non-null" for pointers; "" for values without a printed form.
std::string to_text(detail::Word, detail::WordFormat);

}  // namespace heddle::checker
