#include "checker/detect/livelock.hpp"

#include <algorithm>

namespace heddle::checker {

namespace {

constexpr EventIndex period_max = 256;
constexpr EventIndex repetitions = 3;

bool same_step(const Event& a, const Event& b) {
  return a.thread == b.thread && a.kind == b.kind && a.object == b.object && a.read == b.read &&
         a.written == b.written && a.succeeded == b.succeeded && a.where == b.where;
}

// Length of the cycle that the trace ends with, or 0.
EventIndex period_of(const Trace& trace) {
  const EventIndex size = trace.size();
  for (EventIndex period = 1; period <= period_max && period * repetitions <= size; ++period) {
    EventIndex same = 0;
    while (same < period * (repetitions - 1) &&
           same_step(trace[size - 1 - same], trace[size - 1 - same - period]))
      ++same;
    if (same == period * (repetitions - 1)) return period;
  }
  return 0;
}

}  // namespace

std::optional<Finding> spinning_finding(const Machine& machine, const Trace& trace) {
  ThreadSet spinning;
  for (const ThreadIndex thread : machine.unfinished())
    if (machine.pending(thread).kind == OperationKind::Spin) spinning.insert(thread);
  if (spinning.empty()) return std::nullopt;
  const Operation& op = machine.pending(spinning.least());
  Finding finding{.kind = DefectKind::Livelock,
                  .event = trace.size() - 1,
                  .thread = spinning.least(),
                  .object = op.object,
                  .at_rest = true,
                  .text = {},
                  .where = op.where};
  for (const ThreadIndex thread : spinning) {
    const Operation& spin = machine.pending(thread);
    if (!finding.text.empty()) finding.text += "; ";
    finding.text += machine.lineage().name(thread) + " waits in a loop for ";
    for (std::size_t i = 0; i < spin.objects.size(); ++i)
      finding.text += (i == 0                         ? ""
                       : i + 1 == spin.objects.size() ? " or "
                                                      : ", ") +
                      machine.object(spin.objects[i]).name;
    finding.text += spin.objects.empty() ? "nothing" : " to change";
  }
  finding.text += ", and nobody is left to do that";
  return finding;
}

Finding endless_finding(const Trace& trace, const Machine& machine, ThreadSet enabled) {
  const EventIndex last = trace.size() - 1;
  Finding finding{
      .kind = DefectKind::StepLimit, .event = last, .thread = trace[last].thread, .where = trace[last].where};
  const EventIndex period = period_of(trace);
  const std::string steps = std::to_string(trace.size()) + " steps";
  if (period == 0) {
    finding.text = "the execution is longer than " + steps + ", the limit set by --steps";
    return finding;
  }
  ThreadSet cycle;
  for (EventIndex event = trace.size() - period; event < trace.size(); ++event)
    cycle.insert(trace[event].thread);
  const std::string repeats =
      names(machine, cycle) + (cycle.size() == 1 ? " repeats " : " repeat ") +
      (period == 1 ? "one operation" : "the same " + std::to_string(period) + " operations");
  if ((enabled - cycle).empty()) {
    finding.kind = DefectKind::Livelock;
    finding.text = repeats + " for ever and nobody else can run";
  } else {
    finding.text = repeats + " for ever while " + names(machine, enabled - cycle) +
                   " could run: a loop that waits for another thread. Let it wait for a lock, or bound its "
                   "attempts and heddle::assume() that they suffice";
  }
  return finding;
}

}  // namespace heddle::checker
