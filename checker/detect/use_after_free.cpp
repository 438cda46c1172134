#include "checker/detect/use_after_free.hpp"

#include "checker/detect/lifetime.hpp"

namespace heddle::checker {

void find_unordered_free(Execution& execution, const HappensBefore& order, const Machine& machine) {
  const Trace& trace = execution.trace;
  const EventIndex last = trace.size() - 1;
  if (trace[last].kind != OperationKind::Free) return;
  const auto report = [&](EventIndex use, const std::string& text) {
    execution.findings.push_back({.kind = DefectKind::UseAfterFree,
                                  .event = last,
                                  .thread = trace[last].thread,
                                  .object = trace[last].object,
                                  .related = {last, use, no_event},
                                  .text = "gives " + machine.object(trace[last].object).name +
                                          " back, and nothing orders " + text + " before that",
                                  .where = trace[last].where});
  };
  for (const ObjectIndex object : machine.objects_in(trace[last].object)) {
    const Life& life = machine.life(object);
    if (life.maker != no_thread && !has_begun(trace[last].thread, last, life, order, trace, machine))
      return report(no_event, "the beginning of " + machine.object(object).name);
    for (AccessIndex a = trace.newest(object); a != no_access; a = trace.access(a).previous) {
      const EventIndex use = trace.access(a).event;
      if (trace[use].kind == OperationKind::Free || order.before(use, last)) continue;
      return report(use, "a use of " + machine.object(object).name);
    }
  }
}

}  // namespace heddle::checker
