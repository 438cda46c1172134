// checker/verify/runner.hpp - runs executions under a strategy, with every detector watching.
//
// One Runner serves one exploration of one scenario. It keeps the trace and everything derived from it
// in step: a prefix shared with the previous execution is repeated by the machine but analysed only once.
#pragma once

#include "checker/core/causality.hpp"
#include "checker/core/execution.hpp"
#include "checker/detect/deadlock.hpp"
#include "checker/detect/happens_before.hpp"
#include "checker/detect/held_locks.hpp"
#include "checker/detect/lock_order.hpp"
#include "checker/detect/nondeterminism.hpp"
#include "checker/explore/strategy.hpp"
#include "checker/machine/fault_guard.hpp"
#include "checker/machine/machine.hpp"

#include <heddle/options.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace heddle::checker {

enum class Ending : std::uint8_t {
  Complete,  // every thread has ended
  Deadlock,
  Assumed,    // a false assume() holds a thread for ever, and nothing else can go on
  Stopped,    // by the strategy
  Undone,     // a thread with some of several mutexes was in the way of others: what they found is void
  Overtaken,  // a thread was stopped in a loop that it would leave now: another execution has it come later
  StepLimit,  // which is a defect
  Endless,    // cut where it was too long or came back to where it had been, of which nothing follows
  OutOfTime,  // in the middle
  Crashed,    // the machine is gone
};

// What is being explored and how. Everything must outlive the runners.
struct Subject {
  const std::function<void()>& body;
  const Options& options;
  FaultGuard& guard;
  Ground& ground;
};

class Runner {
 public:
  explicit Runner(const Subject& subject)
      : subject_(subject),
        machine_(execution_, subject.ground, subject.options),
        causality_(execution_.trace, explores_graphs(subject.options)),
        happens_before_(execution_.trace),
        locks_(execution_.trace) {}

  View view() const { return {execution_.trace, causality_, machine_}; }

  // Called after every step from now on.
  void after_step(std::function<void()> action) { after_step_ = std::move(action); }

  // The execution that runs then is cut.
  void stop_at(std::chrono::steady_clock::time_point time) { deadline_ = time; }

  // Runs one execution. What it found is in execution().findings, settled(). Throws ControlLost.
  Ending run(Strategy& strategy);

  Execution& execution() { return execution_; }
  const Execution& execution() const { return execution_; }
  const Causality& causality() const { return causality_; }
  // The order of the writes of a graph; null where it is that of the trace.
  const Coherence* coherence() const {
    return explores_graphs(subject_.options) ? &machine_.coherence() : nullptr;
  }
  const HappensBefore& happens_before() const { return happens_before_; }
  const HeldLocks& locks() const { return locks_; }
  const LockOrder& lock_order() const { return lock_order_; }
  const Machine& machine() const { return machine_; }
  Machine& machine() { return machine_; }

 private:
  Ending run_guarded(Strategy& strategy);
  void begin_execution();
  void begin_again();
  bool repeat();
  bool judge_loop(ThreadIndex thread);
  void truncate(EventIndex size);
  void observe();
  [[noreturn]] void contradict(const Event& earlier) const;
  void check_ends();
  Ending at_rest();
  void record_fault(const Fault& fault);

  Subject subject_;
  std::function<void()> after_step_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  Execution execution_;
  Machine machine_;
  Causality causality_;
  HappensBefore happens_before_;
  HeldLocks locks_;
  LockOrder lock_order_;
  Determinism determinism_;
};

}  // namespace heddle::checker
