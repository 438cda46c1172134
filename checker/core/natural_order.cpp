#include "checker/core/natural_order.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace heddle::checker {

namespace {

std::optional<long long> integer(std::string_view text) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  const auto x = integer(a);
  const auto y = integer(b);
  if (x && y) return *x < *y;
  if (x || y) return x.has_value();
  return a < b;
}

bool natural_less(const std::vector<std::pair<std::string, std::string>>& a,
                  const std::vector<std::pair<std::string, std::string>>& b) {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        if (x.first != y.first) return x.first < y.first;
        return natural_less(std::string_view(x.second), std::string_view(y.second));
      });
}

}  // namespace heddle::checker
