#include "checker/verify/path.hpp"

#include "checker/core/hash.hpp"

namespace heddle::checker {

Path path_of(const Trace& trace, EventIndex events) {
  Path path;
  for (EventIndex event = 0; event < events; ++event) {
    if (trace[event].kind == OperationKind::Choose) path.alternatives.push_back(trace[event].alternative);
    else if (!is_local(trace[event].kind)) path.threads.push_back(trace[event].thread);
  }
  return path;
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

Schedule schedule_of(const Path& path, const Lineage& lineage, std::string name, std::uint32_t check) {
  Schedule schedule{.name = std::move(name), .threads = {}, .alternatives = {}, .check = check};
  for (const ThreadIndex thread : path.threads) schedule.threads.push_back(lineage.path(thread));
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
