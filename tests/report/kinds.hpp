// tests/report/kinds.hpp - one small scenario for each kind of report that the catalogue does not show.
#pragma once

#include <heddle/scenario.hpp>

#include <string>
#include <vector>

namespace heddle::test {

// The scenario "kind/NAME". Throws std::out_of_range for an unknown one. They are not registered.
const Scenario& kind(const std::string& name);

}  // namespace heddle::test
