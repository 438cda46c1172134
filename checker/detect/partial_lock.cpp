#include "checker/detect/partial_lock.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace heddle::checker {

namespace {

using Mutexes = std::vector<ObjectIndex>;

bool contains(const Mutexes& mutexes, ObjectIndex mutex) {
  return std::find(mutexes.begin(), mutexes.end(), mutex) != mutexes.end();
}

// The events of the thread's step that is not over, if it is in the middle of one.
std::vector<EventIndex> begun_step(const Machine& machine, const Trace& trace, ThreadIndex thread) {
  std::vector<EventIndex> locks;
  if (!machine.pending(thread).continues) return locks;
  for (EventIndex lock = trace.last_of(thread);; lock = trace[lock].po_previous) {
    locks.push_back(lock);
    if (!trace[lock].continues) return locks;
  }
}

bool made_a_try_fail(const Trace& trace, EventIndex lock) {
  const AccessIndex taken = trace[lock].first_access;
  for (AccessIndex a = trace.newest(trace[lock].object); a != taken; a = trace.access(a).previous)
    if (trace.access(a).last_write == taken) return true;
  return false;
}

// Whether the thread's operation could have this object if `given_back` were free.
bool could_have(const Machine& machine, ThreadIndex thread, ObjectIndex object, const Mutexes& given_back) {
  const Operation& op = machine.pending(thread);
  const sync::Rule& rule = sync::rule_of(op.kind, machine.object(object).kind);
  return contains(given_back, object) || rule.is_enabled(machine.value(object), sync::call_of(op, thread));
}

}  // namespace

bool is_undone(const Machine& machine, const Trace& trace) {
  Mutexes given_back;
  for (const ThreadIndex thread : machine.unfinished()) {
    for (const EventIndex lock : begun_step(machine, trace, thread)) {
      if (made_a_try_fail(trace, lock)) return true;
      given_back.push_back(trace[lock].object);
    }
  }
  if (given_back.empty()) return false;
  Mutexes taken;  // by each in turn
  for (const ThreadIndex thread : machine.unfinished()) {
    const Operation& op = machine.pending(thread);
    if (op.object == no_object || op.kind == OperationKind::Spin) continue;
    const auto is_free = [&](ObjectIndex object) { return could_have(machine, thread, object, given_back); };
    const std::span<const ObjectIndex> wanted = op.together.empty() ? std::span(&op.object, 1) : op.together;
    if (std::all_of(wanted.begin(), wanted.end(), is_free)) return true;
    if (op.together.empty()) continue;
    std::size_t could_take = 0;
    while (is_free(wanted[could_take]) && !contains(taken, wanted[could_take]))
      taken.push_back(wanted[could_take++]);
    if (could_take != begun_step(machine, trace, thread).size()) return true;
  }
  return false;
}

}  // namespace heddle::checker
