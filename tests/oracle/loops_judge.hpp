// tests/oracle/loops_judge.hpp - every state that a program with loops can be in.
//
// The states are finite although the executions are not, since what a loop without a bound remembers is.
#pragma once

#include "tests/oracle/loops_program.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>

namespace heddle::loops {

struct Behaviour {
  std::set<std::string> outcomes;  // final_text() of the states in which every thread has ended
  bool hangs = false;              // a state can be reached from which none of those can be
  std::size_t states = 0;
};

// Nothing when there are more states than that.
std::optional<Behaviour> behaviour(const Program& program, std::size_t states_max);

}  // namespace heddle::loops
