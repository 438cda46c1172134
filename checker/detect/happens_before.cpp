#include "checker/detect/happens_before.hpp"

namespace heddle::checker {

namespace {

constexpr bool acquires(std::memory_order order) {
  return order != std::memory_order_relaxed && order != std::memory_order_release;
}
constexpr bool releases(std::memory_order order) {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

}  // namespace

void HappensBefore::extend() {
  for (; known_ < trace_.size(); ++known_) {
    const Event& event = trace_[known_];
    clocks_.reserve(known_ + 1, event.thread);
    messages_.reserve(known_ + 1, event.thread);
    ClockValue* clock = clocks_[known_];
    if (event.po_previous == no_event) clocks_.clear(clock);
    else clocks_.copy(clock, clocks_[event.po_previous]);
    if (event.joined_event != no_event) clocks_.join(clock, clocks_[event.joined_event]);
    clock[event.thread] = static_cast<ClockValue>(event.number);
    synchronise(known_);
  }
}

void HappensBefore::synchronise(EventIndex position) {
  const Event& event = trace_[position];
  ClockValue* clock = clocks_[position];
  ClockValue* message = messages_[position];
  // The operations of an atomic step carry no order of their own: they count as sequentially consistent.
  const std::memory_order order = event.atomic_step ? std::memory_order_seq_cst : event.order;
  for (const Access& access : trace_.accesses(position)) {
    if (access.object_kind == ObjectKind::Variable || access.last_write == no_access) continue;
    // Every kind of operation on an atomic or a mutex but a plain store reads the last write.
    const bool reads = access.object_kind == ObjectKind::Mutex
                           ? access.kind == AccessKind::Write && event.kind != OperationKind::Unlock
                           : event.kind != OperationKind::Store || event.atomic_step;
    if (!reads || !acquires(order)) continue;
    const EventIndex writer = trace_.access(access.last_write).event;
    if (trace_[writer].thread != event.thread) clocks_.join(clock, messages_[writer]);
  }
  if (event.access_count == 0 || trace_.accesses(position).front().object_kind == ObjectKind::Variable)
    return;
  if (releases(order)) clocks_.copy(message, clock);
  else clocks_.clear(message);
  if (event.kind != OperationKind::ReadModifyWrite && event.kind != OperationKind::CompareExchange) return;
  // A read-modify-write continues the release sequence of the write it reads from.
  for (const Access& access : trace_.accesses(position))
    if (access.last_write != no_access)
      clocks_.join(message, messages_[trace_.access(access.last_write).event]);
}

}  // namespace heddle::checker
