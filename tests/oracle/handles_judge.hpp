// tests/oracle/handles_judge.hpp - what can come out of a program with owners and results, by [util.smartptr]
// and [futures].
//
// An operation on a slot, a lock() and an end of an owner are one step each, as the standard has them; so are
// making a future ready and finding it ready. The end of an object is a step of its own, after that of its
// last owner.
#pragma once

#include "tests/oracle/handles_program.hpp"
#include "tests/oracle/states.hpp"

namespace heddle::handles {

// Of an execution: what each thread has seen, then the counter and how many objects have gone.
std::string final_text(const std::vector<std::string>& seen, int counter, int gone);

// Nothing when there are more states than that.
std::optional<oracle::Reached> judge(const Program& program, std::size_t states_max);

}  // namespace heddle::handles
