// tests/graphs/known_programs.hpp - programs on which the search was wrong once, and locks that threads spin
// on, with what the oracle finds.
#pragma once

#include "tests/graphs/axioms.hpp"
#include "tests/graphs/program.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace heddle::graphs {

struct Numbers {
  std::uint64_t graphs = 0;  // deadlocked ones included
  std::uint64_t deadlocked = 0;
  bool operator==(const Numbers&) const = default;
};

struct Known {
  const char* name;
  Program program;
  std::array<Numbers, models.size()> numbers;  // by model
};

std::vector<Known> known_programs();

}  // namespace heddle::graphs
