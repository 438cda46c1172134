// checker/cli/nearest.hpp - what a mistyped name was probably meant to be.
#pragma once

#include <heddle/scenario.hpp>

#include <string>
#include <string_view>

namespace heddle::checker {

// Levenshtein distance.
std::size_t distance(std::string_view a, std::string_view b);

// The registered scenario with the nearest name; empty when none is near.
std::string nearest_scenario(std::string_view name);

}  // namespace heddle::checker
