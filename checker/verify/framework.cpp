// checker/verify/framework.cpp - the public functions of <heddle/framework.hpp>.

#include "checker/verify/framework.hpp"

#include "checker/machine/machine.hpp"

#include <atomic>
#include <utility>

namespace heddle {

namespace {

constinit std::atomic<EnterExploration> registered{nullptr};

}  // namespace

EnterExploration on_exploration(EnterExploration enter) noexcept { return registered.exchange(enter); }

bool in_execution() noexcept { return detail::in_model(); }

void assertion_failed(std::string message, location where) {
  detail::current_machine->note_failure(message, where);
}

void control_lost(std::string reason) {
  if (!detail::current_machine->abandoning()) detail::current_machine->lose_control(reason);
}

namespace checker {

std::unique_ptr<ExplorationScope> enter_exploration() {
  const EnterExploration enter = registered.load();
  return enter == nullptr ? nullptr : enter();
}

}  // namespace checker

}  // namespace heddle
