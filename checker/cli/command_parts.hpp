// checker/cli/command_parts.hpp - what several commands do.
#pragma once

#include <heddle/scenario.hpp>

#include <string>
#include <vector>

namespace heddle::checker {

void print(const std::string& text);

// The scenario of that name. Throws UsageError with the nearest one.
const Scenario& scenario_named(const std::string& name);
// Its parameters with these settings, k=v. Throws UsageError.
Parameters parameters_of(const Scenario& scenario, const std::vector<std::string>& settings);

// Where the scenarios were compiled or, on another machine, where they are installed with the program.
std::string directory_of_sources();

// From now on the first Ctrl-C makes interrupted() true, the second one ends the program.
void catch_interrupts();
bool interrupted();

}  // namespace heddle::checker
