// checker/core/execution.hpp - what the current execution has produced so far.
#pragma once

#include "checker/core/finding.hpp"
#include "checker/core/outcome_log.hpp"
#include "checker/core/trace.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace heddle::checker {

struct Execution {
  Trace trace;
  std::vector<Finding> findings;  // in the order of their events
  OutcomeLog outcomes;

  // Forgets the events from `size` on with what was found there. Outcomes are recorded afresh by every
  // execution, repeated prefix included.
  void truncate(EventIndex size) {
    trace.truncate(size);
    while (!findings.empty() && findings.back().event != no_event && findings.back().event >= size)
      findings.pop_back();
    if (size == 0) findings.clear();
    outcomes.clear();
  }
};

// The scenario did something that makes its executions unrepeatable or that the checker cannot see. The
// message is a sentence and says what to do.
struct ControlLost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Two executions with the same past went on differently.
struct Nondeterminism : ControlLost {
  // The same steps in the same order, or only the same past of the thread.
  enum class Between : std::uint8_t { Repetitions, Interleavings };
  explicit Nondeterminism(const std::string& difference, Between between = Between::Repetitions)
      : ControlLost(difference + (between == Between::Repetitions ? same_order : other_order)) {}
  // As said, with what to do about it.
  struct Explained {
    std::string text;
  };
  explicit Nondeterminism(const Explained& explained) : ControlLost(explained.text) {}

  static constexpr const char* same_order =
      ": the scenario is not deterministic. It must depend on nothing but its parameters and "
      "heddle::choose(): no clock, no random numbers, no state kept between executions, as in a variable "
      "outside of its body.";
  static constexpr const char* other_order =
      ", and nothing that the checker sees explains that: the scenario is not deterministic. Probably threads "
      "share plain data: make it a heddle::var or heddle::atomic, and a std::shared_ptr whose count is asked "
      "for a heddle::shared_ptr. Nor must it depend on anything but its parameters and heddle::choose(): no "
      "clock, no random numbers, no state kept between executions.";
};

}  // namespace heddle::checker
