// tests/graphs/translate.hpp - a Program as the body of a scenario.
#pragma once

#include "tests/graphs/program.hpp"

#include <functional>

namespace heddle::graphs {

// Runs the program through Heddle's public types and records final_text() as its one outcome. Main reads the
// variables when it has joined all threads, so it sees the last write to each. The program must outlive the
// body.
std::function<void()> scenario_body(const Program& program);

}  // namespace heddle::graphs
