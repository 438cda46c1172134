#include "checker/detect/lifetime.hpp"

#include <algorithm>

namespace heddle::checker {

namespace {

// Objects that stand for something else than one of the scenario's, or whose life a count decides on.
bool is_judged(ObjectKind kind) {
  return kind != ObjectKind::Future && kind != ObjectKind::History && kind != ObjectKind::Memory;
}

bool may_come_after_end(const Event& event, ObjectKind kind) {
  return kind == ObjectKind::Waiters &&
         (event.kind == OperationKind::WakeUp || event.kind == OperationKind::WakeUpOrTimeOut ||
          event.kind == OperationKind::PassOn);
}

bool is_found(const Execution& execution, DefectKind kind, ObjectIndex object) {
  return std::any_of(execution.findings.begin(), execution.findings.end(),
                     [&](const Finding& f) { return f.kind == kind && f.object == object; });
}

// A mutex that is destroyed while somebody holds it or waits for it is told as that.
bool is_end_found(const Execution& execution, ObjectIndex object) {
  return is_found(execution, DefectKind::UseAfterFree, object) ||
         is_found(execution, DefectKind::MutexMisuse, object);
}

// Whether the thread, or one that it descends from, was started by the maker after the life began.
bool descends_from_maker(ThreadIndex thread, const Life& life, const Machine& machine) {
  for (; thread != main_thread; thread = machine.start_of(thread).parent) {
    const Machine::Start& start = machine.start_of(thread);
    if (start.parent == life.maker)
      return start.steps > life.steps || (start.steps == life.steps && start.nth >= life.children);
  }
  return false;
}

}  // namespace

bool has_begun(ThreadIndex thread, EventIndex event, const Life& life, const HappensBefore& order,
               const Trace& trace, const Machine& machine) {
  if (thread == life.maker || descends_from_maker(thread, life, machine)) return true;
  if (event == no_event) return false;
  if (order.known(event, life.maker) > life.steps) return true;
  for (ThreadIndex other = 0; other < machine.lineage().threads(); ++other)
    if (other != thread && order.known(event, other) > 0 && descends_from_maker(other, life, machine))
      return true;
  // It may have been the last that a thread did.
  for (EventIndex join = 0; join < trace.size(); ++join) {
    if (trace[join].kind != OperationKind::Join || !order.before(join, event)) continue;
    const ThreadIndex joined = trace[join].joined;
    if (joined == life.maker || descends_from_maker(joined, life, machine)) return true;
  }
  return false;
}

void find_use_outside_life(Execution& execution, const HappensBefore& order, const Machine& machine) {
  const Trace& trace = execution.trace;
  const EventIndex last = trace.size() - 1;
  const Event& event = trace[last];
  if (event.kind == OperationKind::Free) return;
  for (const Access& access : trace.accesses(last)) {
    const ObjectIndex object = machine.owner_of(access.object);
    const Life& life = machine.life(object);
    if (life.maker == no_thread || !is_judged(access.object_kind)) continue;
    if (life.ended && life.end != last) {  // or else it has ended after this event
      if (may_come_after_end(event, access.object_kind) || is_end_found(execution, object)) continue;
      execution.findings.push_back({.kind = DefectKind::UseAfterFree,
                                    .event = last,
                                    .thread = event.thread,
                                    .object = object,
                                    .related = {life.end, last, no_event},
                                    .text = "uses " + machine.object(object).name + " after " +
                                            machine.lineage().name(life.ender) + " has ended its life",
                                    .where = event.where});
    } else if (object == access.object && !has_begun(event.thread, last, life, order, trace, machine) &&
               !is_found(execution, DefectKind::DataRace, object)) {
      execution.findings.push_back({.kind = DefectKind::DataRace,
                                    .event = last,
                                    .thread = event.thread,
                                    .object = object,
                                    .related = {no_event, last, no_event},
                                    .text = machine.lineage().name(life.maker)});
    }
  }
}

void find_unordered_end(Execution& execution, const HappensBefore& order, const Machine& machine,
                        ObjectIndex object) {
  const Trace& trace = execution.trace;
  const Life& life = machine.life(object);
  if (life.counted || !is_judged(machine.object(object).kind)) return;
  if (!has_begun(life.ender, trace.last_of(life.ender), life, order, trace, machine) &&
      !is_end_found(execution, object)) {
    execution.findings.push_back({.kind = DefectKind::UseAfterFree,
                                  .event = life.end,
                                  .thread = life.ender,
                                  .object = object,
                                  .related = {life.end, no_event, no_event},
                                  .text = "ends the life of " + machine.object(object).name +
                                          ", and nothing orders its beginning before that"});
    return;
  }
  if (life.end == no_event) return;
  for (const ObjectIndex each : {object, machine.waiters_known_of(object)}) {
    if (each == no_object) continue;
    for (AccessIndex a = trace.newest(each); a != no_access; a = trace.access(a).previous) {
      const EventIndex use = trace.access(a).event;
      if (trace[use].thread == life.ender || order.before(use, life.end) ||
          may_come_after_end(trace[use], trace.access(a).object_kind))
        continue;
      if (is_end_found(execution, object)) return;
      execution.findings.push_back({.kind = DefectKind::UseAfterFree,
                                    .event = trace.size() - 1,
                                    .thread = life.ender,
                                    .object = object,
                                    .related = {life.end, use, no_event},
                                    .text = "ends the life of " + machine.object(object).name +
                                            ", and nothing orders a use of it before that",
                                    .where = trace[life.end].where});
      return;
    }
  }
}

}  // namespace heddle::checker
