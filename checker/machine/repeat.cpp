// checker/machine/repeat.cpp - executions that begin with what an earlier one has done.

#include "checker/core/format.hpp"
#include "checker/machine/machine.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace heddle::checker {

void Machine::start_again() {
  std::vector<unsigned> rounds;
  for (const Thread& each : threads_) rounds.push_back(each.rounds == 0 ? 0 : each.rounds - 1);
  start(*body_);
  rounds_ = std::move(rounds);
}

void Machine::repeat() {
  while (next_ < kept_) {
    const ThreadIndex thread = execution_.trace[next_].thread;
    if (!parked_.contains(thread)) {
      event_ = next_;
      throw Nondeterminism(divergence({.kind = OperationKind::Yield}, no_thread));
    }
    std::optional<Hash> around;
    if (!wanted_.empty()) {
      note_wanted_state(thread);
      around = around_before(thread);
    }
    Operation& op = *threads_[thread].pending;
    if (!repeat_event(op, thread)) throw Nondeterminism(divergence(op, thread));
    go_on(thread);
    if (around) note_remains(thread, *around);
  }
  wanted_.clear();
  for (ThreadIndex thread = 0; thread < rounds_.size(); ++thread) threads_[thread].rounds = rounds_[thread];
  rounds_.clear();
  memory_.record(true);
}

// Performs the next event again. Returns false when it is not the same.
bool Machine::repeat_event(Operation& op, ThreadIndex thread) {
  ++steps_;
  event_ = next_++;
  note_passed(threads_[thread], op);
  ++threads_[thread].performed;
  const Event& event = execution_.trace[event_];
  if (event.kind != op.kind || event.object != op.object || event.thread != thread ||
      event.joined != op.joined || event.alternatives != op.alternatives ||
      (op.kind == OperationKind::Store && event.written != op.operand))
    return false;
  if (op.kind == OperationKind::Choose) op.result = event.alternative;
  if (graphs_ && op.object != no_object) return repeat_graph_event(op, thread);
  if (can_block(op.kind) && !sync::enabled(op, thread, memory_, finished_)) return false;
  sync::perform(op, thread, memory_);
  if (!allocations_.empty()) note_freed(op, thread);
  if (op.object != no_object && memory_.peek(op.object) != event.written) return false;
  return event.read == op.result && event.succeeded == op.succeeded;
}

// What the next event was, and what it is now.
std::string Machine::divergence(const Operation& op, ThreadIndex thread) const {
  const Event& event = execution_.trace[event_];
  std::string text = "an earlier execution performed " +
                     describe(*this, event.thread, event.kind, event.object) + place_text(event.where) +
                     " where this one ";
  if (thread == no_thread) return text + "has no such thread";
  text += "performs " + describe(*this, thread, op.kind, op.object) + place_text(op.where);
  if (thread == event.thread && op.kind == event.kind && op.object == event.object)
    text += " with another value";
  return text;
}

}  // namespace heddle::checker
