// tests/oracle/lives_judge.hpp - what may go wrong with the objects of a program, by the standard's clauses.
//
// The judge goes through every interleaving and asks of each operation which earlier ones synchronise with
// it, by the letter of its clause: it knows no clocks, no messages and no table. Then
// - two conflicting accesses that nothing orders are a data race ([intro.races]/21), and to initialise an
//   object is to write it, an atomic one as well ([atomics.types.operations]);
// - what does not happen between the beginning of an object's life and its end is outside it ([basic.life]/11
//   says that "before" and "after" mean happens-before).
#pragma once

#include "tests/oracle/lives_program.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace heddle::lives {

enum Fault : std::uint8_t { Race = 1, OutsideLife = 2, Leak = 4, EndBeforeBeginning = 8 };
using Faults = std::uint8_t;

struct Judgement {
  // One of them each: what is told first hides the rest, and the memory of what has ended may not stay as it
  // was.
  std::set<Faults> interleavings_with;
  Faults any = 0;
  bool confused = false;  // whether somebody uses a pointer to a deleted node, where another node lies now
  std::set<std::string> outcomes;  // of the interleavings without a fault: what each thread has seen
  std::uint64_t interleavings = 0;
};

// Nothing when there are more interleavings than that.
std::optional<Judgement> judge(const Program& program, std::uint64_t interleavings_max);

}  // namespace heddle::lives
