#include "checker/detect/lost_update.hpp"

namespace heddle::checker {

namespace {

// The write is based on its thread's last look at the object, if that was a read; it has lost `lost`, the
// write before it, if the read did not see that.
void find_lost(Execution& execution, AccessIndex index, AccessIndex lost, EventIndex established) {
  const Trace& trace = execution.trace;
  const Access& write = trace.access(index);
  const Event& event = trace[write.event];
  if (event.kind != OperationKind::Store || event.atomic_step || lost == no_access) return;
  if (trace[trace.access(lost).event].thread == event.thread) return;
  AccessIndex own = write.previous;
  while (own != no_access && trace[trace.access(own).event].thread != event.thread)
    own = trace.access(own).previous;
  if (own == no_access) return;
  const Access& read = trace.access(own);
  if (read.last_write == lost || read.kind != AccessKind::Read) return;
  execution.findings.push_back({.kind = DefectKind::LostUpdate,
                                .event = established,
                                .thread = event.thread,
                                .object = write.object,
                                .related = {read.event, trace.access(lost).event, write.event},
                                .compound = event.compound && read.event == event.po_previous});
}

}  // namespace

void find_lost_update(Execution& execution, const Coherence* coherence) {
  const Trace& trace = execution.trace;
  const EventIndex last = trace.size() - 1;
  const Event& event = trace[last];
  if (event.kind == OperationKind::Store)
    find_lost(execution, event.first_access, trace.access(event.first_access).last_write, last);
  if (coherence == nullptr || event.access_count == 0) return;
  if (trace.access(event.first_access).kind != AccessKind::Write) return;
  const AccessIndex newer = coherence->newer(event.first_access);
  if (newer != no_access) find_lost(execution, newer, event.first_access, last);
}

}  // namespace heddle::checker
