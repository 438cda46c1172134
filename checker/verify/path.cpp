#include "checker/verify/path.hpp"

#include "checker/core/hash.hpp"

namespace heddle::checker {

namespace {

void add(Path& path, const Event& event, std::uint32_t age) {
  if (event.kind == OperationKind::Choose) {
    path.alternatives.push_back(event.alternative);
  } else if (!is_local(event.kind)) {
    path.threads.push_back(event.thread);
    path.ages.push_back(age);
  }
}

}  // namespace

Path path_of(const Trace& trace, EventIndex events) {
  Path path;
  for (EventIndex event = 0; event < events; ++event) add(path, trace[event], trace[event].age);
  return path;
}

Path path_of(const Trace& trace, const Coherence& coherence, const std::vector<EventIndex>& order) {
  Path path;
  std::vector<bool> done(trace.size(), false);
  for (const EventIndex event : order) {
    std::uint32_t age = 0;
    for (const EventIndex newer : newer_writes(trace, coherence, event)) age += done[newer] ? 1 : 0;
    add(path, trace[event], age);
    done[event] = true;
  }
  return path;
}

std::vector<EventIndex> newer_writes(const Trace& trace, const Coherence& coherence, EventIndex event) {
  std::vector<EventIndex> newer;
  if (trace[event].access_count == 0) return newer;
  const Access& access = trace.access(trace[event].first_access);
  for (AccessIndex w = coherence.newest(access.object); w != access.last_write && w != no_access;
       w = coherence.older(w)) {
    if (trace.access(w).event == event) break;
    newer.push_back(trace.access(w).event);
  }
  return newer;
}

unsigned preemptions(const Trace& trace, EventIndex events) {
  unsigned count = 0;
  ThreadIndex last = no_thread;
  for (EventIndex e = 0; e < events; ++e) {
    const Event& event = trace[e];
    if (is_local(event.kind)) continue;
    if (last != no_thread && last != event.thread && event.enabled.contains(last)) ++count;
    last = event.thread;
  }
  return count;
}

Schedule schedule_of(const Path& path, const Machine& machine, std::string name, std::uint32_t check) {
  Schedule schedule{.name = std::move(name), .threads = {}, .alternatives = {}, .check = check};
  schedule.model = machine.model();
  schedule.ages = path.ages;
  for (const ThreadIndex thread : path.threads) schedule.threads.push_back(machine.lineage().path(thread));
  schedule.alternatives.assign(path.alternatives.begin(), path.alternatives.end());
  return schedule;
}

std::uint32_t check_sum(const Machine& machine, const Trace& trace, std::size_t steps) {
  Hash hash = 0;
  for (EventIndex e = 0; e < trace.size() && steps > 0; ++e) {
    const Event& event = trace[e];
    if (is_local(event.kind)) continue;
    --steps;
    hash = with_text(hash, machine.lineage().path(event.thread));
    hash = with_text(hash, to_string(event.kind));
    if (event.object != no_object) hash = with_text(hash, machine.object(event.object).name);
  }
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

}  // namespace heddle::checker
