// checker/gtest/scope.hpp - what GoogleTest sees of an exploration.
//
// While a scenario is explored, its failed assertions are recorded in the execution instead of the test; at
// the end the test's properties are. The only file that takes GoogleTest's failures away from it.
#pragma once

#include <heddle/framework.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace heddle::checker {

std::unique_ptr<ExplorationScope> enter_googletest();

// GoogleTest's message, which may have many lines, as a sentence of one:
// "Expected equality of these values: count.load() = 1, 2".
std::string one_line(std::string_view message);

// What distinguishes the exploration that found `token` from the others of the running test: "" for the
// first, "_2" for the second. The names of its properties end in it.
std::string suffix_of(const std::string& token);

}  // namespace heddle::checker
