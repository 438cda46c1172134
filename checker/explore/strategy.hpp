// checker/explore/strategy.hpp - decides which thread runs next.
//
// A Strategy is asked once per step and answers with one of the enabled threads. It never runs a thread
// and never touches the scenario's memory: the Machine does both. That split is why replay is just
// another Strategy. Everything nondeterministic is a Decision; two executions with equal decisions are
// equal.
#pragma once

#include "checker/core/causality.hpp"
#include "checker/core/trace.hpp"
#include "checker/machine/machine.hpp"

#include <optional>

namespace heddle::checker {

// What a strategy may look at.
struct View {
  const Trace& trace;
  const Causality& causality;
  const Machine& machine;
};

struct Decision {
  ThreadIndex thread;        // no_thread: abandon this execution
  unsigned alternative = 0;  // answers a choose()
  // Whose write the step reads, or comes after in coherence order; no_event: the initial value.
  EventIndex source = Machine::newest_write;

  static constexpr Decision stop() { return {no_thread}; }
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  // How many events of the trace the next execution begins with. Asked before each execution.
  virtual EventIndex prefix() const { return 0; }
  // REQUIRES: enabled is not empty. Equal histories of calls give equal answers.
  virtual Decision next(ThreadSet enabled) = 0;
  // The decision was carried out: it is the last event of the trace. Returns false to abandon the execution.
  virtual bool executed() { return true; }
  // The execution is over: no thread is enabled, next() said stop, or a limit cut it. Returns false when
  // there is nothing left to explore.
  virtual bool end_of_execution() = 0;

  // Whether exploring until end_of_execution() returns false covers every behaviour.
  virtual bool exhaustive() const = 0;
  // Whether threads that were stopped in a loop go on once something they have read is different. Without
  // that nothing is lost where every way to come to the loop is explored.
  virtual bool lets_loops_go_on() const { return true; }
  // Whether the execution that just ended had been explored before, at a lower bound.
  virtual bool repeated() const { return false; }
  // Whether it showed nothing new and was finished only for what it reveals to the search.
  virtual bool wasted() const { return false; }
  // Identity of the class of the execution that just ended; nothing: that of its Mazurkiewicz trace.
  virtual std::optional<Hash> class_of_execution() const { return std::nullopt; }
  // Share of the search tree that has been explored, as far as it is known; 0 when there is no tree.
  virtual double explored_share() const { return 0; }
};

}  // namespace heddle::checker
