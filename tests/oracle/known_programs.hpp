// tests/oracle/known_programs.hpp - programs on which a search was wrong once, or of which the classes are
// known.
#pragma once

#include "tests/oracle/program.hpp"

#include <cstdint>
#include <vector>

namespace heddle::oracle {

struct Known {
  const char* name;
  Program program;
  std::uint64_t classes;
  std::uint64_t deadlocked;
};

std::vector<Known> known_programs();

}  // namespace heddle::oracle
