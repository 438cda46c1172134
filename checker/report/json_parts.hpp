// checker/report/json_parts.hpp - what the JSON reports have in common. Included by them only.
#pragma once

#include <heddle/scenario.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace heddle::checker {

using Json = nlohmann::ordered_json;

// One line, without its end.
std::string line(const Json& json);
Json parameters_json(const Parameters& parameters);
// By name.
Json values_json(const std::vector<std::pair<std::string, std::string>>& values);
// The keys `grade` and `why` of an outcome of a scenario that declares some; null: not this one.
void add_grade(Json& outcome, const DeclaredOutcome* declared);

}  // namespace heddle::checker
