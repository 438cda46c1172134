// checker/core/format.hpp - words and numbers as text. Never an address.
#pragma once

#include <heddle/detail/word.hpp>
#include <heddle/location.hpp>

#include <string>

namespace heddle::checker {

// "42", "true", "'a'", "1.5"; "null" or "non-null" for pointers; "" for values without a printed form.
std::string to_text(detail::Word, detail::WordFormat);

// " (counter.cpp:21)"; empty when the place is unknown.
std::string place_text(location where);

}  // namespace heddle::checker
