#include "checker/detect/use_after_free.hpp"

namespace heddle::checker {

void find_unordered_free(Execution& execution, const HappensBefore& order, const Machine& machine) {
  const Trace& trace = execution.trace;
  const EventIndex last = trace.size() - 1;
  if (trace[last].kind != OperationKind::Free) return;
  for (const ObjectIndex object : machine.objects_in(trace[last].object)) {
    for (AccessIndex a = trace.newest(object); a != no_access; a = trace.access(a).previous) {
      const EventIndex use = trace.access(a).event;
      if (trace[use].kind == OperationKind::Free || order.before(use, last)) continue;
      execution.findings.push_back({.kind = DefectKind::UseAfterFree,
                                    .event = last,
                                    .thread = trace[last].thread,
                                    .object = trace[last].object,
                                    .related = {last, use, no_event},
                                    .text = "gives " + machine.object(trace[last].object).name +
                                            " back, and nothing orders a use of " +
                                            machine.object(object).name + " before that",
                                    .where = trace[last].where});
      return;
    }
  }
}

}  // namespace heddle::checker
