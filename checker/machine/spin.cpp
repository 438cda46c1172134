// checker/machine/spin.cpp - loops that only wait.
//
// `while (!flag.load()) yield();` has executions of every length, and all but finitely many of them differ
// only in how often the thread looked in vain. Such a loop is one wait for a change of what it reads.
//
// A thread that comes back to an operation it has performed before, and has changed nothing in between, may
// be in such a loop; or it may count its attempts and give up. What it is, is found out by trying: the
// thread gets the same answers again and again. If it asks the same questions attempts_max times over, it is
// taken to ask for ever. Its counters are wrong after that, so the execution is repeated, and this time the
// answer is known. It belongs to all that the thread has seen, not to the place in the code: a loop may be
// endless in one state and bounded in another.

#include "checker/machine/machine.hpp"

#include <algorithm>

namespace heddle::checker {

namespace {

constexpr unsigned attempts_max = 1'000;
constexpr unsigned iteration_max = 64;  // operations of one iteration
// What has been found out takes this much memory at most.
constexpr std::size_t endless_max = 1 << 16;

bool changes_nothing(const Event& event) {
  switch (event.kind) {
    case OperationKind::Fence:
    case OperationKind::Yield:
    case OperationKind::Sleep: return true;
    case OperationKind::ReadModifyWrite:
    case OperationKind::CompareExchange:
      if (event.read == event.written) return !event.atomic_step;
      break;
    case OperationKind::Call: return false;
    default: break;
  }
  return !event.atomic_step && access_of(event.kind, event.succeeded) == AccessKind::Read;
}

std::vector<EventIndex> newest_events(const Trace& trace, ThreadIndex thread, unsigned count) {
  std::vector<EventIndex> events(count);
  EventIndex event = trace.last_of(thread);
  for (auto place = events.rbegin(); place != events.rend(); ++place, event = trace[event].po_previous)
    *place = event;
  return events;
}

// Whether every object had the same value throughout: else looking again would be something else.
bool reads_alike(const Trace& trace, const std::vector<EventIndex>& iteration) {
  for (const EventIndex event : iteration)
    for (const Access& access : trace.accesses(event))
      for (const EventIndex other : iteration)
        for (const Access& again : trace.accesses(other))
          if (again.object == access.object && again.value != access.value) return false;
  return true;
}

// Whether it is a shorter iteration several times over: then it gives a thread the same answers as that one.
bool repeats(const Trace& trace, const std::vector<EventIndex>& iteration, unsigned shorter) {
  if (shorter == 0 || iteration.size() % shorter != 0) return false;
  for (std::size_t i = shorter; i < iteration.size(); ++i) {
    const Event& event = trace[iteration[i]];
    const Event& before = trace[iteration[i - shorter]];
    if (event.kind != before.kind || event.object != before.object || event.where != before.where ||
        event.expected != before.expected || event.read != before.read || event.succeeded != before.succeeded)
      return false;
  }
  return true;
}

}  // namespace

void Machine::note_futility(Thread& self, const Event& event) {
  self.futile = changes_nothing(event) ? self.futile + 1 : 0;
}

bool Machine::recognise_spin(ThreadIndex thread, Hash past) {
  Thread& self = threads_[thread];
  if (self.spinning || !parked_.contains(thread) || can_block(self.pending->kind)) return true;
  const Trace& trace = execution_.trace;
  EventIndex first = trace.last_of(thread);
  unsigned left = 0;  // the shortest iteration that the thread leaves when it goes on like that
  for (unsigned length = 1; length <= std::min(self.futile, iteration_max);
       ++length, first = trace[first].po_previous) {
    if (!same_label(trace[first], *self.pending)) continue;
    const std::vector<EventIndex> iteration = newest_events(trace, thread, length);
    if (repeats(trace, iteration, left)) continue;
    if (!reads_alike(trace, iteration)) continue;
    const Hash key = mixed(past + length);
    const auto known = endless_.find(key);
    if (known == endless_.end()) {
      if (endless_.size() >= endless_max) endless_.clear();
      endless_.emplace(key, never_leaves(thread, iteration));
      return false;
    }
    if (!known->second) {
      if (left == 0) left = length;
      continue;
    }
    wait_for_change(self, iteration);
    conditional_.insert(thread);
    return true;
  }
  return true;
}

bool Machine::same_label(const Event& event, const Operation& op) const {
  return event.kind == op.kind && event.object == op.object && event.expected == op.expected &&
         event.where == op.where;
}

// Gives the thread the answers of the iteration over and over.
bool Machine::never_leaves(ThreadIndex thread, const std::vector<EventIndex>& iteration) {
  probe_.emplace(Probe{iteration});
  Operation& op = *threads_[thread].pending;
  answer_probe(op);
  parked_.erase(thread);
  resume(thread);
  const bool endless = !probe_->left && parked_.contains(thread);
  probe_.reset();
  lost_.reset();
  return endless;
}

// Returns false when the probe is over: the thread has left the loop, or has shown that it does not.
bool Machine::answer_probe(Operation& op) {
  Probe& probe = *probe_;
  const Event& event = execution_.trace[probe.iteration[probe.next]];
  probe.left = probe.left || !same_label(event, op) || threads_[event.thread].step_depth > 0;
  if (probe.left || probe.answers == attempts_max * probe.iteration.size()) return false;
  ++steps_;
  ++probe.answers;
  op.result = event.read;
  op.succeeded = event.succeeded;
  probe.next = (probe.next + 1) % probe.iteration.size();
  return true;
}

// The thread does something that shows it is not in the loop any more, and that cannot be tried.
void Machine::leave_probe() {
  probe_->left = true;
  throw Abandoned();
}

void Machine::wait_for_change(Thread& self, const std::vector<EventIndex>& iteration) {
  const Trace& trace = execution_.trace;
  self.spin_length = static_cast<unsigned>(iteration.size());
  self.spin_objects.clear();
  self.spin_seen.clear();
  for (const EventIndex event : iteration) {
    for (const Access& access : trace.accesses(event)) {
      if (std::find(self.spin_objects.begin(), self.spin_objects.end(), access.object) !=
          self.spin_objects.end())
        continue;
      self.spin_objects.push_back(access.object);
      self.spin_seen.push_back(access.value);
    }
  }
  self.spin = {.kind = OperationKind::Spin,
               .object = self.spin_objects.empty() ? no_object : self.spin_objects.front(),
               .objects = self.spin_objects,
               .seen = self.spin_seen,
               .where = self.pending->where};
  self.spinning = true;
}

void Machine::repeat_spin(ThreadIndex thread) {
  ++steps_;
  event_ = next_++;
  threads_[thread].futile = 0;
}

}  // namespace heddle::checker
