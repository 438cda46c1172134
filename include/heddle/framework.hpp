// heddle/framework.hpp - for the adapter of a test framework: its assertions become findings.
//
//     class Scope : public heddle::ExplorationScope { ... };   // diverts the framework's failures
//     heddle::on_exploration([] -> std::unique_ptr<heddle::ExplorationScope> {
//       return std::make_unique<Scope>();
//     });
//
// A test does not need this header: <heddle/gtest.hpp> is such an adapter. The core knows nothing of any
// framework; it lets an adapter be present while it explores, and takes what failed in an execution.
#pragma once

#include <heddle/location.hpp>
#include <heddle/result.hpp>

#include <memory>
#include <string>

namespace heddle {

// Lives as long as one exploration or replay, on the OS thread that runs it. Not while a scope is made or
// destroyed, but in between executions run: then in_execution() holds for the code of the scenario.
class ExplorationScope {
 public:
  virtual ~ExplorationScope() = default;
  // The exploration has ended with this result; not called when an exception ended it.
  virtual void explored(const Result&) {}
};

using EnterExploration = std::unique_ptr<ExplorationScope> (*)();

// From now on every check(), outcomes() and replay() of the program calls `enter` first and keeps what it
// returns until its end. Null: no scope. Returns the function that was there before. Thread-safe.
EnterExploration on_exploration(EnterExploration enter) noexcept;

// Whether the caller is code of a scenario that is being explored.
bool in_execution() noexcept;

// Records that an assertion failed in the running execution: an `assertion` defect. The calling thread goes
// on, unlike after require(). Parts of an execution that are only repeated or unwound record nothing.
// Performs no visible operation and throws nothing but std::bad_alloc. `where.file` must live until the
// exploration ends. REQUIRES: in_execution().
void assertion_failed(std::string message, location where);

// Ends the exploration with Verdict::ControlLost for this reason, a sentence that says what to do: the
// scenario has asked the framework for something that an execution cannot have. Throws, so that the calling
// thread is unwound; returns only where the thread is being unwound already. REQUIRES: in_execution().
void control_lost(std::string reason);

}  // namespace heddle
