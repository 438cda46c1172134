#include "checker/detect/deadlock.hpp"

#include <algorithm>
#include <array>

namespace heddle::checker {

namespace {

// The object of a blocked operation that does not let it run.
ObjectIndex obstacle(const Machine& machine, const Operation& op, ThreadIndex thread) {
  const sync::Call call = sync::call_of(op, thread);
  for (const ObjectIndex object : sync::objects_of(op)) {
    if (op.kind == OperationKind::Spin) return object;
    const sync::Rule& rule = sync::rule_of(op.kind, machine.object(object).kind);
    if (!rule.is_enabled(machine.value(object), call)) return object;
  }
  return op.object;
}

}  // namespace

WaitFor wait_of(const Machine& machine, const Trace& trace, const HeldLocks& locks, ThreadIndex thread) {
  const Operation& op = machine.pending(thread);
  WaitFor wait{thread, op.kind, no_thread, no_object, no_event, op.where};
  if (op.kind == OperationKind::Join) {
    wait.for_thread = op.joined;
    return wait;
  }
  wait.object = obstacle(machine, op, thread);
  if (wait.object == no_object) return wait;
  const ThreadSet holders = sync::holders(machine.object(wait.object).kind, machine.value(wait.object));
  if (op.kind == OperationKind::Spin || holders.empty()) return wait;
  wait.for_thread = holders.least();
  if (trace.events_of(wait.for_thread) == 0) return wait;
  for (std::uint32_t held = locks.after(trace.last_of(wait.for_thread)); held != HeldLocks::nothing;
       held = locks.at(held).next)
    if (locks.at(held).mutex == wait.object) wait.taken = locks.at(held).taken;
  return wait;
}

std::string wanted_text(const Machine& machine, const WaitFor& wait) {
  if (wait.operation == OperationKind::Join) return machine.lineage().name(wait.for_thread) + " to end";
  if (wait.object == no_object) return "nothing that anybody could do";
  const ObjectInfo& object = machine.object(wait.object);
  if (wait.operation == OperationKind::Spin) return object.name + " to change";
  if (wait.for_thread != no_thread)
    return object.name + (object.kind == ObjectKind::Once ? ", called by " : ", held by ") +
           machine.lineage().name(wait.for_thread);
  switch (object.kind) {
    case ObjectKind::Waiters: return "a notification of " + object.name;
    case ObjectKind::Semaphore: return object.name + ", which nobody releases";
    case ObjectKind::Latch: return object.name + " to be counted down";
    case ObjectKind::Barrier: return "the others to arrive at " + object.name;
    case ObjectKind::Future: return object.name + " to become ready";
    default: return object.name;
  }
}

std::vector<WaitFor> waits_for(const Machine& machine, const Trace& trace, const HeldLocks& locks) {
  std::vector<WaitFor> all;
  std::array<std::size_t, threads_max> position;
  position.fill(threads_max);
  for (const ThreadIndex thread : machine.unfinished()) {
    position[thread] = all.size();
    all.push_back(wait_of(machine, trace, locks, thread));
  }
  // Each thread waits for one other, so walking on either leaves the set or ends in a cycle.
  for (const WaitFor& start : all) {
    std::vector<WaitFor> path;
    ThreadSet seen;
    ThreadIndex at = start.thread;
    while (at != no_thread && position[at] != threads_max && !seen.contains(at)) {
      seen.insert(at);
      path.push_back(all[position[at]]);
      at = path.back().for_thread;
    }
    if (at == no_thread || position[at] == threads_max) continue;
    const auto begin =
        std::find_if(path.begin(), path.end(), [&](const WaitFor& w) { return w.thread == at; });
    path.erase(path.begin(), begin);
    std::rotate(path.begin(),
                std::min_element(path.begin(), path.end(),
                                 [](const WaitFor& a, const WaitFor& b) { return a.thread < b.thread; }),
                path.end());
    return path;
  }
  // Who waits for another one of them waits only because that one does.
  std::erase_if(all, [&](const WaitFor& wait) {
    return wait.for_thread != no_thread && position[wait.for_thread] != threads_max;
  });
  return all;
}

bool is_cycle(const std::vector<WaitFor>& waits) {
  return std::all_of(waits.begin(), waits.end(), [&](const WaitFor& wait) {
    const WaitFor& next = &wait == &waits.back() ? waits.front() : *(&wait + 1);
    return wait.for_thread == next.thread;
  });
}

Finding deadlock_finding(const Machine& machine, const Trace& trace, const std::vector<WaitFor>& waits) {
  Finding finding{.kind = DefectKind::Deadlock,
                  .event = trace.size() == 0 ? no_event : trace.size() - 1,
                  .thread = waits.front().thread,
                  .object = no_object,
                  .at_rest = true};
  for (const WaitFor& wait : waits) {
    if (finding.object == no_object) finding.object = wait.object;
    if (!finding.text.empty()) finding.text += "; ";
    finding.text += machine.lineage().name(wait.thread) + " waits for " + wanted_text(machine, wait);
  }
  return finding;
}

}  // namespace heddle::checker
