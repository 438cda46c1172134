// checker/core/natural_order.hpp - 2 before 10.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle::checker {

// Orders integers by value and everything else as text; integers come first.
bool natural_less(std::string_view a, std::string_view b);
// Lexicographic over the pairs, values in natural order.
bool natural_less(const std::vector<std::pair<std::string, std::string>>& a,
                  const std::vector<std::pair<std::string, std::string>>& b);

}  // namespace heddle::checker
