// tests/cli/tool.hpp - the real `heddle`, and what its tests ask of its output.
#pragma once

#include "tests/cli/subprocess.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace heddle::test {

using Json = nlohmann::ordered_json;

Finished heddle(std::vector<std::string> arguments);
Finished heddle(Launch launch);

// The objects of an output of one object per line. Throws when a line is not JSON.
std::vector<Json> json_lines(const std::string& text);
// Runs heddle with --json and returns the only object.
Json heddle_json(std::vector<std::string> arguments);

std::vector<std::string> lines(const std::string& text);
// The names that `heddle list` tells.
std::vector<std::string> scenario_names();
// The words that begin with "h1:", in order.
std::vector<std::string> tokens_in(const std::string& text);
// A fresh, empty directory, removed when the tests end.
std::string fresh_directory(const std::string& name);

}  // namespace heddle::test
