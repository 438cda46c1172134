// checker/verify/framework.hpp - lets the adapter of a test framework be present in an exploration.
#pragma once

#include <heddle/framework.hpp>

#include <memory>

namespace heddle::checker {

// The scope of the adapter that is registered; null without one.
std::unique_ptr<ExplorationScope> enter_exploration();

// Runs `explore` within that scope.
template <class Explore>
Result in_scope(Explore explore) {
  const std::unique_ptr<ExplorationScope> scope = enter_exploration();
  Result result = explore();
  if (scope) scope->explored(result);
  return result;
}

}  // namespace heddle::checker
