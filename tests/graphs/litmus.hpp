// tests/graphs/litmus.hpp - small programs of which the verdict, or the number of execution graphs, is known.
#pragma once

#include "tests/graphs/axioms.hpp"
#include "tests/graphs/program.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace heddle::graphs {

enum class Allowed : std::uint8_t { Never, OnlyByRc11, ByTsoAndRc11 };

// Under the community's name: shape, then orders (rlx, rel, acq, sc), or "mfence" for seq_cst fences.
struct Litmus {
  std::string name;
  Program program;
  std::string outcome;  // final_text() of the one in question
  Allowed allowed = Allowed::Never;

  bool allows(Model model) const;
};
std::vector<Litmus> litmus_tests();

struct Counted {
  std::string name;
  Program program;
  std::array<std::uint64_t, models.size()> graphs{};  // by model, deadlocked ones included
  std::uint64_t deadlocked = 0;
};
std::vector<Counted> counted_programs();

}  // namespace heddle::graphs
