// tests/oracle/loops_judge.hpp - every state that a program with loops can be in.
//
// The states are finite although the executions are not, since what a loop without a bound remembers is.
#pragma once

#include "tests/oracle/loops_program.hpp"
#include "tests/oracle/states.hpp"

#include <cstddef>
#include <optional>

namespace heddle::loops {

// With final_text() as outcomes. Nothing when there are more states than that.
std::optional<oracle::Reached> judge(const Program& program, std::size_t states_max);

}  // namespace heddle::loops
