// tests/oracle/translate.hpp - a Program as the body of a scenario.
#pragma once

#include "tests/oracle/program.hpp"

#include <functional>

namespace heddle::oracle {

// Runs the program through Heddle's public types and records final_text() as its one outcome. The program
// must outlive the body.
std::function<void()> scenario_body(const Program& program);

}  // namespace heddle::oracle
