#include "checker/detect/deadlock.hpp"

#include <algorithm>
#include <array>

namespace heddle::checker {

WaitFor wait_of(const Machine& machine, const Trace& trace, const HeldLocks& locks, ThreadIndex thread) {
  const Operation& op = machine.pending(thread);
  if (op.kind == OperationKind::Join) return {thread, op.joined, no_object, no_event, op.where};
  ObjectIndex mutex = op.object;
  for (const ObjectIndex each : op.objects)
    if (!sync::can_lock(machine.value(each))) mutex = each;
  const ThreadIndex holder = sync::holder(machine.value(mutex));
  EventIndex taken = no_event;
  if (trace.events_of(holder) > 0)
    for (std::uint32_t held = locks.after(trace.last_of(holder)); held != HeldLocks::nothing;
         held = locks.at(held).next)
      if (locks.at(held).mutex == mutex) taken = locks.at(held).taken;
  return {thread, holder, mutex, taken, op.where};
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
    while (position[at] != threads_max && !seen.contains(at)) {
      seen.insert(at);
      path.push_back(all[position[at]]);
      at = path.back().for_thread;
    }
    if (position[at] == threads_max) continue;
    const auto begin =
        std::find_if(path.begin(), path.end(), [&](const WaitFor& w) { return w.thread == at; });
    path.erase(path.begin(), begin);
    std::rotate(path.begin(),
                std::min_element(path.begin(), path.end(),
                                 [](const WaitFor& a, const WaitFor& b) { return a.thread < b.thread; }),
                path.end());
    return path;
  }
  return all;
}

Finding deadlock_finding(const Machine& machine, const Trace& trace, const std::vector<WaitFor>& cycle) {
  Finding finding{.kind = DefectKind::Deadlock,
                  .event = trace.size() == 0 ? no_event : trace.size() - 1,
                  .thread = cycle.front().thread,
                  .object = no_object};
  for (const WaitFor& wait : cycle) {
    if (finding.object == no_object) finding.object = wait.mutex;
    if (!finding.text.empty()) finding.text += "; ";
    finding.text += machine.lineage().name(wait.thread) + " waits for ";
    finding.text += wait.mutex == no_object ? machine.lineage().name(wait.for_thread) + " to end"
                                            : machine.object(wait.mutex).name + ", held by " +
                                                  machine.lineage().name(wait.for_thread);
  }
  return finding;
}

}  // namespace heddle::checker
