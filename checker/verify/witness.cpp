#include "checker/verify/witness.hpp"

#include "checker/core/format.hpp"
#include "checker/detect/aba.hpp"
#include "checker/explore/replay.hpp"
#include "checker/verify/findings.hpp"

#include <algorithm>

namespace heddle::checker {

namespace {

constexpr std::string_view unordered =
    "Nothing orders the two: no common lock, no release and acquire, no start or join of a thread.";

bool shown(const Event& event) {
  return event.kind != OperationKind::Join && event.kind != OperationKind::Spin;
}

bool reads(const Event& event) {
  return event.kind == OperationKind::Load || event.kind == OperationKind::ReadModifyWrite ||
         event.kind == OperationKind::CompareExchange;
}

}  // namespace

Telling::Telling(const Subject& subject, const Schedule& schedule)
    : runner_(std::make_unique<Runner>(subject)), options_(subject.options) {
  runner_->after_step([this] { note_waits(); });
  Replay replay(runner_->view(), schedule);
  ending_ = runner_->run(replay);
  settle(runner_->execution(), findings_);
  if (ending_ == Ending::Deadlock)
    deadlock_ = waits_for(runner_->machine(), runner_->execution().trace, runner_->locks());
}

void Telling::note_waits() {
  const Machine& machine = runner_->machine();
  const ThreadSet stuck = machine.unfinished() - machine.enabled();
  for (const ThreadIndex thread : stuck - waiting_) {
    const OperationKind kind = machine.pending(thread).kind;
    if (kind == OperationKind::Join || kind == OperationKind::Assume) continue;
    const Trace& trace = runner_->execution().trace;
    const WaitFor wait = wait_of(machine, trace, runner_->locks(), thread);
    std::string because = wait.for_thread == no_thread ? wanted_text(machine, wait)
                                                       : machine.object(wait.object).name + " is held by " +
                                                             this->thread(wait.for_thread);
    waits_.push_back({trace.size() - 1, thread, std::move(because)});
  }
  waiting_ = stuck;
}

const Finding* Telling::find(Hash wanted) const {
  const auto found = std::find_if(findings_.begin(), findings_.end(),
                                  [&](const Finding& f) { return identity(f) == wanted; });
  return found == findings_.end() ? nullptr : &*found;
}

EventIndex Telling::events_until(EventIndex event) const {
  return event == no_event ? 0 : std::min(event + 1, runner_->execution().trace.size());
}

// The number under which an event is shown, from 1.
std::uint32_t Telling::number(EventIndex event) const {
  std::uint32_t count = 0;
  for (EventIndex e = 0; e <= event; ++e) count += shown(runner_->execution().trace[e]) ? 1 : 0;
  return count;
}

std::string Telling::place(EventIndex event) const {
  return " at step " + std::to_string(number(event)) + place_text(runner_->execution().trace[event].where);
}

std::string Telling::text_of(Word value, ObjectIndex object) const {
  const Machine& machine = runner_->machine();
  const WordFormat format = machine.object(object).format;
  return format == WordFormat::Pointer ? machine.pointer_text(value) : to_text(value, format);
}

std::string Telling::value_of(const Event& event) const {
  if (event.kind == OperationKind::Choose)
    return std::to_string(event.alternative) + " of 0.." + std::to_string(event.alternatives - 1);
  switch (event.kind) {
    case OperationKind::TryLock:
    case OperationKind::TryLockShared:
    case OperationKind::TryAcquire: return event.succeeded ? "taken" : "busy";
    case OperationKind::WakeUpOrTimeOut: return event.succeeded ? "" : "by itself";
    case OperationKind::NotifyOne:
    case OperationKind::NotifyAll: return event.succeeded ? "" : "for nobody";
    default: break;
  }
  if (event.object == no_object) return {};
  const std::string read = text_of(event.read, event.object);
  if (read.empty()) return {};
  switch (event.kind) {
    case OperationKind::Load: return read;
    case OperationKind::Store:
    case OperationKind::ReadModifyWrite: return read + " -> " + text_of(event.written, event.object);
    case OperationKind::CompareExchange:
      return event.succeeded ? read + " -> " + text_of(event.written, event.object)
                             : "failed: " + read + ", expected " + text_of(event.expected, event.object);
    default: return {};
  }
}

Step Telling::step(EventIndex position, std::uint32_t index) const {
  const Event& event = runner_->execution().trace[position];
  Step step;
  step.index = index;
  step.thread = thread(event.thread);
  step.operation = to_string(event.kind);
  if (event.object != no_object) step.object = runner_->machine().object(event.object).name;
  if (event.kind == OperationKind::LockAll) {
    const auto accesses = runner_->execution().trace.accesses(position);
    for (const Access& access : accesses.subspan(1))
      step.object += ", " + runner_->machine().object(access.object).name;
  }
  step.value = value_of(event);
  if (event.where.known()) {
    step.file = event.where.file;
    step.line = event.where.line;
  }
  if (reads(event) && event.access_count > 0) {
    const Access& access = runner_->execution().trace.accesses(position).front();
    step.reads_from =
        access.last_write == no_access
            ? Step::initially
            : std::int64_t{number(runner_->execution().trace.access(access.last_write).event)} - 1;
  }
  step.order = order_of(event);
  relate(position, step);
  if (event.age > 0) {
    step.stale = true;
    step.overlooked = std::int64_t{number(overlooked(position))} - 1;
  }
  for (const Waiting& wait : waits_) {
    if (wait.after != position) continue;
    step.waits.push_back({thread(wait.thread), wait.because});
  }
  return step;
}

Schedule Telling::schedule(EventIndex events, const std::string& name) const {
  const Trace& trace = runner_->execution().trace;
  const Path path = path_of(trace, events);
  Schedule schedule =
      schedule_of(path, runner_->machine(), name, check_sum(runner_->machine(), trace, path.threads.size()));
  const Options usual;
  if (ending_ == Ending::StepLimit && options_.steps != usual.steps) schedule.steps_limit = options_.steps;
  if (options_.spurious != usual.spurious) schedule.spurious = options_.spurious;
  if (options_.timeouts != usual.timeouts) schedule.timeouts = options_.timeouts;
  return schedule;
}

Witness Telling::witness(EventIndex events, const std::string& name) const {
  const Trace& trace = runner_->execution().trace;
  Witness witness;
  witness.token = schedule(events, name).token();
  witness.preemptions = preemptions(trace, events);
  for (ThreadIndex t = 0; t < runner_->machine().lineage().threads(); ++t)
    witness.threads.push_back(thread(t));
  ThreadIndex last = no_thread;
  std::uint32_t index = 0;
  for (EventIndex e = 0; e < events; ++e) {
    const Event& event = trace[e];
    if (!shown(event)) {
      // What begins to wait here is told with the step before.
      if (!witness.steps.empty())
        for (const Wait& wait : step(e, 0).waits) witness.steps.back().waits.push_back(wait);
      continue;
    }
    witness.steps.push_back(step(e, index++));
    if (is_local(event.kind)) continue;
    witness.steps.back().preempted =
        last != no_thread && last != event.thread && event.enabled.contains(last);
    last = event.thread;
  }
  return witness;
}

std::string Telling::object_name(const Finding& finding) const {
  return finding.object == no_object ? std::string() : runner_->machine().object(finding.object).name;
}

std::string Telling::message(const Finding& finding) const {
  const Trace& trace = runner_->execution().trace;
  const std::string object = object_name(finding);
  const auto actor = [&](EventIndex event) { return thread(trace[event].thread); };
  switch (finding.kind) {
    case DefectKind::LostUpdate:
      return "lost update on " + object + ": " + actor(finding.related[2]) + " overwrote what " +
             actor(finding.related[1]) + " had written";
    case DefectKind::DataRace:
      if (finding.related[0] == no_event)
        return "data race on " + object + ": " + finding.text + " makes it and " + actor(finding.related[1]) +
               " uses it, and nothing orders them";
      return "data race on " + object + ": " + actor(finding.related[0]) + " and " +
             actor(finding.related[1]) + " access it and nothing orders them";
    case DefectKind::StaleRead: {
      const EventIndex read = finding.related[0];
      const EventIndex newer = overlooked(read);
      return "stale read of " + object + ": " + actor(read) + " read " + read_value(read) + ", although " +
             actor(newer) + " had written " + written_value(newer);
    }
    case DefectKind::Deadlock: return "deadlock: " + finding.text;
    case DefectKind::LostWakeup:
      return "lost wake-up: " + thread(finding.thread) + " waits for a notification of " + object +
             " that had gone before it came";
    case DefectKind::Assertion:
      return "expectation failed in " + thread(finding.thread) + place_text(finding.where) + ": " +
             finding.text;
    case DefectKind::Exception: return "exception left " + thread(finding.thread) + ": " + finding.text;
    case DefectKind::Crash: return thread(finding.thread) + " crashed: " + finding.text;
    case DefectKind::MutexMisuse:
      return thread(finding.thread) + " " + finding.text + place_text(finding.where);
    case DefectKind::Leak:
      if (finding.advisory) return "leak: " + finding.text;
      [[fallthrough]];
    case DefectKind::UseAfterFree:
      return thread(finding.thread) + " " + finding.text + place_text(finding.where);
    case DefectKind::Livelock:
      return ending_ == Ending::StepLimit || ending_ == Ending::Deadlock
                 ? "livelock: " + finding.text
                 : "endless loop: " + thread(finding.thread) + " " + finding.text;
    case DefectKind::StepLimit: return "step limit: " + finding.text;
    case DefectKind::Nondeterminism:
    case DefectKind::LockOrder: return finding.text;
  }
  return finding.text;
}

// "holding guard", or "holding no lock".
std::string Telling::held_after(EventIndex event) const {
  const HeldLocks& locks = runner_->locks();
  std::string names;
  for (std::uint32_t held = locks.after(event); held != HeldLocks::nothing; held = locks.at(held).next)
    names += (names.empty() ? "" : ", ") + runner_->machine().object(locks.at(held).mutex).name;
  return names.empty() ? "holding no lock" : "holding " + names;
}

// The last event of the finding's thread, up to the finding, that is shown as a step.
EventIndex Telling::last_shown(const Finding& finding) const {
  const Trace& trace = runner_->execution().trace;
  for (EventIndex event = events_until(finding.event); event-- > 0;)
    if (trace[event].thread == finding.thread && shown(trace[event])) return event;
  return no_event;
}

std::string Telling::last_operation(const Finding& finding) const {
  const EventIndex event = last_shown(finding);
  if (event == no_event) return thread(finding.thread) + " had not come to a visible operation.";
  const Event& last = runner_->execution().trace[event];
  std::string operation(to_string(last.kind));
  if (last.object != no_object) operation += " " + runner_->machine().object(last.object).name;
  return "The last visible operation of " + thread(finding.thread) + " was " + operation + place(event) + ".";
}

// The end of a life is no step: it is told by the step before it.
std::vector<std::string> Telling::use_after_free_reasons(const Finding& finding) const {
  const auto [end, use, none] = finding.related;
  if (finding.object == no_object) return {last_operation(finding)};
  const Trace& trace = runner_->execution().trace;
  std::string ended;
  if (runner_->machine().object(finding.object).kind == ObjectKind::Memory) {
    ended = thread(trace[end].thread) + " gave the memory back" + place(end) + ".";
  } else {
    ended =
        thread(runner_->machine().life(finding.object).ender) + " ended the life of " + object_name(finding);
    ended += end == no_event ? "."
                             : ", after " + std::string(to_string(trace[end].kind)) +
                                   (trace[end].object == no_object
                                        ? ""
                                        : " " + runner_->machine().object(trace[end].object).name) +
                                   place(end) + ".";
  }
  if (use == no_event) {
    const ThreadIndex maker = runner_->machine().life(finding.object).maker;
    if (maker == no_thread) return {ended, std::string(unordered)};
    return {thread(maker) + " made " + object_name(finding) + ".", ended, std::string(unordered)};
  }
  const std::string used = thread(trace[use].thread) + " used " +
                           runner_->machine().object(trace[use].object).name + place(use) + ".";
  if (end == no_event || use > end)
    return {ended, thread(finding.thread) + " " + finding.text + place(use) + "."};
  return {used, ended, std::string(unordered)};
}

std::vector<std::string> Telling::because(const Finding& finding) const {
  const Trace& trace = runner_->execution().trace;
  std::vector<std::string> reasons;
  switch (finding.kind) {
    case DefectKind::LostUpdate: {
      const auto [read, lost, write] = finding.related;
      const std::string reader = thread(trace[read].thread);
      const std::string writer = thread(trace[lost].thread);
      const std::string object = object_name(finding);
      reasons.push_back(reader + " read " + object + " = " + value_of(trace[read]) + place(read) + ".");
      reasons.push_back(writer + " then wrote " + object + " " + value_of(trace[lost]) + place(lost) + ".");
      reasons.push_back(reader + " wrote " + object + " " + value_of(trace[write]) + place(write) +
                        ", still based on what it had read: the write of " + writer + " is lost.");
      if (!finding.text.empty())
        reasons.push_back("So the expectation" + place_text(finding.where) + " failed in " +
                          thread(finding.thread) + ": " + finding.text + ".");
      break;
    }
    case DefectKind::DataRace:
      if (finding.related[0] == no_event)
        reasons.push_back(finding.text + " makes " + object_name(finding) +
                          ": to give it its first value is a write, of an atomic object as well.");
      for (const EventIndex access : {finding.related[0], finding.related[1]})
        if (access != no_event)
          reasons.push_back(thread(trace[access].thread) +
                            (trace[access].kind == OperationKind::Load ? " reads " : " writes ") +
                            object_name(finding) + place(access) + ", " + held_after(access) + ".");
      reasons.emplace_back(unordered);
      break;
    case DefectKind::StaleRead:
      reasons = stale_read_reasons(finding.related[0]);
      reasons.push_back("So the expectation" + place_text(finding.where) + " failed in " +
                        thread(finding.thread) + ": " + finding.text + ".");
      break;
    case DefectKind::UseAfterFree: reasons = use_after_free_reasons(finding); break;
    case DefectKind::LostWakeup: {
      const auto [notification, wait, none] = finding.related;
      reasons.push_back(thread(trace[notification].thread) + " notified " + object_name(finding) +
                        place(notification) + " when nobody waited: that reached nobody.");
      reasons.push_back(thread(finding.thread) + " began to wait" + place(wait) +
                        ", and nobody is left to notify it again.");
      break;
    }
    case DefectKind::Deadlock:
      for (const WaitFor& wait : deadlock_) {
        std::string reason = thread(wait.thread) + " waits" + place_text(wait.where) + " for ";
        if (wait.for_thread == no_thread || wait.object == no_object) {
          reason += wanted_text(runner_->machine(), wait) + ".";
        } else {
          reason +=
              runner_->machine().object(wait.object).name + ", which " + thread(wait.for_thread) + " took";
          reason += wait.taken == no_event ? "." : place(wait.taken) + ".";
        }
        reasons.push_back(std::move(reason));
      }
      break;
    default: reasons.push_back(last_operation(finding));
  }
  for (const Aba& aba : find_aba(trace, events_until(finding.event)))
    reasons.push_back(thread(trace[aba.exchange].thread) + "'s compare-exchange of " +
                      runner_->machine().object(trace[aba.exchange].object).name + place(aba.exchange) +
                      " found the value it had seen before, but " + thread(trace[aba.changed].thread) +
                      " had changed it" + place(aba.changed) + " and " + thread(trace[aba.restored].thread) +
                      " had brought it back" + place(aba.restored) + ": ABA.");
  return reasons;
}

}  // namespace heddle::checker
