#include "checker/detect/aba.hpp"

namespace heddle::checker {

std::vector<Aba> find_aba(const Trace& trace, EventIndex events) {
  std::vector<Aba> found;
  for (EventIndex exchange = 0; exchange < events; ++exchange) {
    const Event& event = trace[exchange];
    if (event.kind != OperationKind::CompareExchange || !event.succeeded || event.atomic_step) continue;
    Aba aba{exchange, no_event, no_event};
    // Back to what the thread itself has seen of the object last.
    for (AccessIndex a = trace.accesses(exchange).front().previous; a != no_access;
         a = trace.access(a).previous) {
      const Access& access = trace.access(a);
      if (trace[access.event].thread == event.thread) {
        if (access.value == event.expected && aba.changed != no_event && aba.restored != no_event)
          found.push_back(aba);
        break;
      }
      if (access.kind != AccessKind::Write) continue;
      if (aba.restored == no_event) aba.restored = access.event;
      if (access.value != event.expected) aba.changed = access.event;
    }
  }
  return found;
}

}  // namespace heddle::checker
