// checker/core/format.hpp - words and numbers as text. Never an address.
#pragma once

#include <heddle/detail/word.hpp>
#include <heddle/location.hpp>

#include <string>
#include <utility>
#include <vector>

namespace heddle::checker {

// "42", "true", "'a'", "1.5"; "null" or "non-null" for pointers; "" for values without a printed form.
std::string to_text(detail::Word, detail::WordFormat);

// "r1=0 r2=1".
std::string values_text(const std::vector<std::pair<std::string, std::string>>& values);

// " (counter.cpp:21)"; empty when the place is unknown.
std::string place_text(location where);

}  // namespace heddle::checker
