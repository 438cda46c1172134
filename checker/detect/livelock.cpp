#include "checker/detect/livelock.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

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

// "T1 and T2 repeat the same 4 operations".
std::string repetition_text(const Machine& machine, ThreadSet threads, EventIndex period) {
  return names(machine, threads) + (threads.size() == 1 ? " repeats " : " repeat ") +
         (period == 1 ? "one operation" : "the same " + std::to_string(period) + " operations");
}

// What an execution that does not end has come to: the circle that it goes round, or half of it if that is
// not known.
struct Tail {
  Tail(const Trace& trace, const Machine& machine)
      : period(machine.circle() ? trace.size() - *machine.circle() : period_of(trace)) {
    std::unordered_map<Hash, unsigned> visits;
    std::array<EventIndex, threads_max> waited{};
    std::array<EventIndex, threads_max> steps{};
    for (EventIndex event = 0; event < trace.size(); ++event) {
      const Event& e = trace[event];
      const Hash place = mixed((Hash{e.object} << 32) + (static_cast<Hash>(e.where.line) << 16) +
                               (static_cast<Hash>(e.kind) << 8) + e.thread);
      loops = loops || ++visits[place] >= visits_of_loop;
      for (ThreadIndex thread = 0; thread < threads_max; ++thread) {
        const bool waits = e.enabled.contains(thread) && e.thread != thread;
        waited[thread] = waits ? waited[thread] + 1 : 0;
        if (waited[thread] >= trace.size() / patience) kept_waiting.insert(thread);
      }
      if (event < trace.size() - (period == 0 ? trace.size() / 2 : period)) continue;
      ++steps[e.thread];
      only_way = only_way && e.enabled == ThreadSet::of(e.thread) && e.age == 0;
    }
    const EventIndex most = *std::max_element(steps.begin(), steps.end());
    for (ThreadIndex thread = 0; thread < threads_max; ++thread)
      if (steps[thread] >= std::max<EventIndex>(1, most / patience)) goes_round.insert(thread);
  }

  EventIndex period;
  ThreadSet goes_round;    // have the most of its steps
  ThreadSet kept_waiting;  // could have run for a long time, and were not chosen
  bool only_way = true;    // there was no other thread to choose, and nothing newer to read
  bool loops = false;      // a thread has come to the same place many times

 private:
  static constexpr EventIndex patience = 4;  // parts of the execution
  static constexpr unsigned visits_of_loop = 8;
};

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

std::optional<Finding> endless_finding(const Trace& trace, const Machine& machine) {
  const EventIndex last = trace.size() - 1;
  const Tail tail(trace, machine);
  Finding finding{
      .kind = DefectKind::StepLimit, .event = last, .thread = trace[last].thread, .where = trace[last].where};
  if (tail.period == 0) {
    if (tail.loops && (!tail.kept_waiting.empty() || machine.comes_round())) return std::nullopt;
    finding.text =
        "the execution is longer than " + std::to_string(trace.size()) + " steps, the limit set by --steps";
    return finding;
  }
  if (!tail.only_way) return std::nullopt;
  finding.kind = DefectKind::Livelock;
  finding.text =
      repetition_text(machine, tail.goes_round, tail.period) + " for ever, and nobody else can run";
  return finding;
}

std::string endless_text(const Trace& trace, const Machine& machine) {
  const Tail tail(trace, machine);
  std::string text = "executions in which ";
  text += tail.period == 0 ? names(machine, tail.goes_round) +
                                 (tail.goes_round.size() == 1 ? " goes" : " go") + " round a loop"
                           : repetition_text(machine, tail.goes_round, tail.period);
  if (const ThreadSet others = tail.kept_waiting - tail.goes_round; !others.empty())
    text += " while " + names(machine, others) + " could run";
  return text +
         " (a loop that waits for others, and each time does something that they can see or keeps count: "
         "let it wait for a lock or a condition variable, or bound its attempts)";
}

}  // namespace heddle::checker
