#include "checker/verify/runner.hpp"

#include "checker/core/format.hpp"
#include "checker/detect/data_race.hpp"
#include "checker/detect/lifetime.hpp"
#include "checker/detect/livelock.hpp"
#include "checker/detect/lost_update.hpp"
#include "checker/detect/lost_wakeup.hpp"
#include "checker/detect/partial_lock.hpp"
#include "checker/detect/use_after_free.hpp"

#include <exception>

namespace heddle::checker {

namespace {

// At the clock, within an execution.
constexpr std::uint64_t steps_between_looks = 256;

}  // namespace

Ending Runner::run(Strategy& strategy) {
  const CurrentMachine current(machine_);
  machine_.let_loops_go_on(strategy.lets_loops_go_on());
  Ending ending = Ending::Crashed;
  // An exception must not leave the guarded call: its frame is what a fault lands in.
  std::exception_ptr error;
  const std::optional<Fault> fault = subject_.guard.run(machine_, [&] {
    try {
      ending = run_guarded(strategy);
    } catch (...) {
      error = std::current_exception();
    }
  });
  if (error) std::rethrow_exception(error);
  if (!fault) return ending;
  record_fault(*fault);
  return Ending::Crashed;
}

Ending Runner::run_guarded(Strategy& strategy) {
  Trace& trace = execution_.trace;
  truncate(strategy.prefix());
  begin_execution();
  for (;;) {
    const ThreadSet enabled = machine_.enabled();
    if (enabled.empty()) return at_rest();
    if (trace.size() >= subject_.options.steps || machine_.circle()) {
      if (std::optional<Finding> finding = endless_finding(trace, machine_)) {
        execution_.findings.push_back(std::move(*finding));
        return Ending::StepLimit;
      }
      machine_.leave_out(endless_text(trace, machine_));
      return Ending::Endless;
    }
    if (deadline_ && machine_.steps() % steps_between_looks == 0 &&
        std::chrono::steady_clock::now() >= *deadline_)
      return Ending::OutOfTime;
    const Decision decision = strategy.next(enabled);
    if (decision.thread == no_thread) return is_undone(machine_, trace) ? Ending::Undone : Ending::Stopped;
    if (machine_.is_head(decision.thread))
      machine_.note_state(decision.thread,
                          causality_.past_of(decision.thread, trace.last_of(decision.thread)));
    machine_.run(decision.thread, decision.alternative, enabled, decision.source);
    observe();
    if (!judge_loop(decision.thread)) begin_again();
    const bool go_on = strategy.executed();
    if (after_step_) after_step_();
    if (!go_on) return Ending::Stopped;
  }
}

// Repeats the events of the trace.
void Runner::begin_execution() {
  execution_.outcomes.clear();
  machine_.start(subject_.body);
  if (!repeat()) begin_again();
}

// The same once more, where a loop can only be judged after that.
void Runner::begin_again() {
  do {
    execution_.outcomes.clear();
    machine_.start_again();
  } while (!repeat());
}

// Returns false when a loop cannot be judged yet.
bool Runner::repeat() {
  machine_.repeat();
  machine_.take_ended();  // these have been looked at
  bool judged = true;
  for (const ThreadIndex thread : machine_.unfinished()) judged = judged && judge_loop(thread);
  return judged;
}

// Returns false when the execution has to begin again for that.
bool Runner::judge_loop(ThreadIndex thread) {
  return !machine_.may_be_back(thread) || machine_.judge_loop(thread, causality_);
}

void Runner::truncate(EventIndex size) {
  execution_.truncate(size);
  causality_.truncate(size);
  happens_before_.truncate(size);
  locks_.truncate(size);
}

void Runner::observe() {
  causality_.extend();
  happens_before_.extend();
  locks_.extend();
  const std::vector<ObjectIndex> ended = machine_.take_ended();
  find_use_outside_life(execution_, happens_before_, machine_);
  for (const ObjectIndex object : ended) find_unordered_end(execution_, happens_before_, machine_, object);
  find_data_races(execution_, happens_before_);
  find_unordered_free(execution_, happens_before_, machine_);
  find_lost_update(execution_, coherence());
  lock_order_.observe(execution_.trace, locks_);
  // At last, so that what leaves the behaviour undefined is known. Only of a rehearsal the addresses are not
  // those of every execution.
  if (const Event* earlier = machine_.has_memory_of_system()
                                 ? nullptr
                                 : determinism_.contradiction(execution_.trace, causality_))
    contradict(*earlier);
}

void Runner::contradict(const Event& earlier) const {
  const Event& event = execution_.trace.back();
  const std::string difference =
      "an earlier execution performed " + describe(machine_, earlier.thread, earlier.kind, earlier.object) +
      place_text(earlier.where) + " where this one performs " +
      describe(machine_, event.thread, event.kind, event.object) + place_text(event.where);
  const void* const address = event.object == no_object ? nullptr : machine_.life(event.object).address;
  const bool same_place = earlier.object != no_object && earlier.object != event.object &&
                          address != nullptr && machine_.life(earlier.object).address == address;
  if (same_place)
    throw Nondeterminism(Nondeterminism::Explained{
        difference +
        ": the one lies where the other was, and nothing orders that use after the beginning of "
        "the one or before the end of the other. A pointer has outlived its object."});
  throw Nondeterminism(difference, Nondeterminism::Between::Interleavings);
}

// Threads that were there in an earlier execution and are not now have nothing that could be compared.
void Runner::check_ends() {
  for (ThreadIndex thread = 0; thread < machine_.lineage().threads(); ++thread) {
    if (thread != main_thread && execution_.trace.events_of(thread) == 0) continue;
    const Event* earlier = determinism_.contradicted_end(execution_.trace, causality_, thread);
    if (earlier == nullptr) continue;
    throw Nondeterminism("an earlier execution performed " +
                             describe(machine_, earlier->thread, earlier->kind, earlier->object) +
                             place_text(earlier->where) + " where " + machine_.lineage().name(thread) +
                             " ends in this one",
                         Nondeterminism::Between::Interleavings);
  }
}

Ending Runner::at_rest() {
  const ThreadSet waiting = machine_.unfinished();
  if (waiting.empty()) {
    check_ends();
    machine_.report_leaks();
    return Ending::Complete;
  }
  for (const ThreadIndex thread : waiting)
    if (machine_.pending(thread).kind == OperationKind::Assume || machine_.pending(thread).limited)
      return Ending::Assumed;
  if (is_undone(machine_, execution_.trace)) return Ending::Undone;
  for (const ThreadIndex thread : waiting) {
    const Operation& op = machine_.pending(thread);
    if (op.kind != OperationKind::Spin) continue;
    // A loop that reads nothing of Heddle's may wait for what others have written meanwhile, unseen.
    if (op.objects.empty() || machine_.would_leave_loop(thread)) return Ending::Overtaken;
    // Of the executions that differ only in when it has looked in vain, the one that has it look last counts.
    if (!machine_.one_object_a_step() && !machine_.lets_loops_go_on() &&
        machine_.looked_before_newest(thread))
      return Ending::Overtaken;
  }
  for (const Finding& finding : execution_.findings)
    if (finding.kind == DefectKind::MutexMisuse) return Ending::Deadlock;  // and that is why
  const std::vector<WaitFor> waits = waits_for(machine_, execution_.trace, locks_);
  std::optional<Finding> finding;
  if (!is_cycle(waits)) finding = spinning_finding(machine_, execution_.trace);
  if (!finding && !is_cycle(waits)) finding = lost_wakeup_finding(machine_, execution_.trace);
  execution_.findings.push_back(finding ? *finding : deadlock_finding(machine_, execution_.trace, waits));
  return Ending::Deadlock;
}

void Runner::record_fault(const Fault& fault) {
  const EventIndex event = machine_.current_event();
  if (execution_.trace.size() > 0) observe();
  const location where = event == no_event ? location{} : execution_.trace[event].where;
  const std::string limit = std::to_string(subject_.options.unresponsive.count()) + " ms";
  Finding finding{
      .kind = DefectKind::Crash, .event = event, .thread = machine_.torn_thread(), .where = where};
  switch (fault.kind) {
    case Fault::Kind::Signal: finding.text = signal_name(fault.signal); break;
    case Fault::Kind::Terminate:
      finding.text = "std::terminate, for example by an exception that leaves a noexcept function";
      break;
    case Fault::Kind::Exit: finding.text = "it called exit()"; break;
    case Fault::Kind::StackOverflow:
      finding.text = "stack overflow: the thread's stack of " +
                     std::to_string(subject_.options.stack_bytes / 1024) + " KiB is used up";
      break;
    case Fault::Kind::Spinning:
      finding.kind = DefectKind::Livelock;
      finding.text = "computed for " + limit + " without reaching a visible operation";
      break;
    case Fault::Kind::Sleeping: {
      throw ControlLost(
          machine_.lineage().name(finding.thread) + " has been asleep for " + limit +
          " in something the checker cannot see, " +
          (event == no_event ? "before its first visible operation"
                             : "after " +
                                   describe(machine_, finding.thread, execution_.trace[event].kind,
                                            execution_.trace[event].object) +
                                   place_text(where)) +
          ". Use Heddle's types: heddle::mutex instead of std::mutex, no sleeping, no input or output "
          "that waits.");
    }
  }
  execution_.findings.push_back(std::move(finding));
}

}  // namespace heddle::checker
