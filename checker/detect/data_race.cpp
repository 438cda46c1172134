#include "checker/detect/data_race.hpp"

#include <algorithm>

namespace heddle::checker {

void find_data_races(Execution& execution, const HappensBefore& order) {
  const Trace& trace = execution.trace;
  const EventIndex last = trace.size() - 1;
  // A later access to what was given back is use after free.
  if (trace[last].kind == OperationKind::Free) return;
  for (const Access& access : trace.accesses(last)) {
    if (access.object_kind != ObjectKind::Variable) continue;
    for (AccessIndex a = access.kind == AccessKind::Write ? access.previous : access.last_write;
         a != no_access; a = trace.access(a).previous) {
      const Access& earlier = trace.access(a);
      if (trace[earlier.event].kind == OperationKind::Free) break;
      if (!order.before(earlier.event, last)) {
        const bool known = std::any_of(
            execution.findings.begin(), execution.findings.end(),
            [&](const Finding& f) { return f.kind == DefectKind::DataRace && f.object == access.object; });
        if (!known)
          execution.findings.push_back({.kind = DefectKind::DataRace,
                                        .event = last,
                                        .thread = trace[last].thread,
                                        .object = access.object,
                                        .related = {earlier.event, last, no_event}});
        break;
      }
      if (earlier.kind == AccessKind::Write) break;
    }
  }
}

}  // namespace heddle::checker
