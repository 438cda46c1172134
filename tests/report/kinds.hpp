// tests/report/kinds.hpp - one small scenario for each kind of report that the catalogue does not show.
#pragma once

#include <heddle/scenario.hpp>

#include <string>

namespace heddle::test {

// A fresh scenario "kind/NAME", not registered. Throws std::out_of_range for an unknown one.
Scenario kind(const std::string& name);

}  // namespace heddle::test
