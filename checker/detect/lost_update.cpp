#include "checker/detect/lost_update.hpp"

namespace heddle::checker {

void find_lost_update(Execution& execution, EventIndex store) {
  const Trace& trace = execution.trace;
  const Event& event = trace[store];
  if (event.atomic_step) return;
  const Access& write = trace.accesses(store).front();
  if (write.last_write == no_access) return;
  const Access& lost = trace.access(write.last_write);
  if (trace[lost.event].thread == event.thread) return;
  // Only a read older than the lost write will do: find the thread's newest access of the object.
  AccessIndex own = write.previous;
  while (own != no_access && (trace[trace.access(own).event].thread != event.thread ||
                              trace[trace.access(own).event].kind == OperationKind::Spin))
    own = trace.access(own).previous;
  if (own == no_access) return;
  const Access& read = trace.access(own);
  if (read.event > lost.event || read.kind != AccessKind::Read) return;
  execution.findings.push_back({.kind = DefectKind::LostUpdate,
                                .event = store,
                                .thread = event.thread,
                                .object = write.object,
                                .related = {read.event, lost.event, store},
                                .compound = event.compound && read.event == event.po_previous});
}

}  // namespace heddle::checker
