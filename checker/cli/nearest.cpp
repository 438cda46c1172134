#include "checker/cli/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace heddle::checker {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string nearest_scenario(std::string_view name) {
  std::string nearest;
  std::size_t least = ~std::size_t{0};
  for (const Scenario& scenario : scenarios()) {
    // The part after the group counts as well: "unlocked" is meant to be counter/unlocked.
    const std::string_view full = scenario.name;
    const std::size_t d = std::min(distance(name, full), distance(name, full.substr(full.find('/') + 1)) + 1);
    if (d < least) {
      least = d;
      nearest = scenario.name;
    }
  }
  return least <= name.size() / 2 ? nearest : std::string();
}

}  // namespace heddle::checker
