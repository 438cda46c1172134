// checker/frontend/atomic_wait.cpp - waiting for an atomic object to change.

#include "checker/frontend/step.hpp"
#include "checker/sync/waiters.hpp"

#include <optional>

namespace heddle::detail {

namespace {

// Gives the notification that the thread took from `queue` to somebody else who could have had it, if there
// is anybody.
void pass_on(checker::ObjectIndex waiters, Word queue, location where) {
  checker::Machine& machine = *current_machine;
  if (!checker::sync::has_heir(queue, machine.running())) return;
  Operation op{.kind = OperationKind::PassOn, .object = waiters, .expected = queue, .where = where};
  machine.perform(op);
}

// The write that the step just performed has read of the object.
checker::AccessIndex source_of(checker::ObjectIndex object) {
  const checker::Trace& trace = current_machine->trace();
  for (const checker::Access& access : trace.accesses(current_machine->current_event()))
    if (access.object == object) return access.last_write;
  return checker::no_access;
}

// In an execution graph beginning to wait and looking whether there is a reason to are two steps, as where
// this is built on a futex: who joins the waiters after a notification sees what it tells of
// (checker/memory/rc11.hpp). Who then finds a new value has not waited, and leaves no notification unused.
bool begin_to_wait(checker::ObjectIndex waiters, checker::ObjectIndex watched, Word old,
                   std::memory_order order, location where) {
  checker::Machine& machine = *current_machine;
  Operation join{
      .kind = OperationKind::Wait, .order = std::memory_order_relaxed, .object = waiters, .where = where};
  Operation look{.kind = OperationKind::Load,
                 .order = order,
                 .last_look = machine.one_object_a_step(),
                 .object = watched,
                 .where = where};
  if (!machine.one_object_a_step()) {
    const AtomicStep step;
    machine.perform(look);
    if (look.result == old) machine.perform(join);
    return look.result == old;
  }
  machine.perform(join);
  machine.perform(look);
  if (look.result == old) return true;
  Operation leave{.kind = OperationKind::WakeUpOrTimeOut, .object = waiters, .where = where};
  machine.perform(leave);
  if (!leave.succeeded) return false;
  pass_on(waiters, leave.result, where);
  return false;
}

}  // namespace

bool begin_to_wait(Object& waiters, Object& watched, Word old, std::memory_order order, location where) {
  checker::Machine& machine = *current_machine;
  return begin_to_wait(machine.index_of(waiters, checker::sync::nobody_waits), machine.index_of(watched, 0),
                       old, order, where);
}

// [atomics.wait]/4: only who has seen a write older than one that happens before the notification is eligible
// to be woken by it. Who has been woken and finds the very write that it saw before was not: the notification
// is for somebody else.
void wait_for_change(Object& object, Word outside, Word old, std::memory_order order, location where) {
  checker::Machine& machine = *current_machine;
  const checker::ObjectIndex watched = machine.index_of(object, outside);
  const checker::ObjectIndex waiters = machine.waiters_of(watched);
  std::optional<Word> woken;  // the queue then
  checker::AccessIndex seen = checker::no_access;
  for (;;) {
    if (machine.one_object_a_step() && load(object, outside, order, false, where) != old) return;
    if (!begin_to_wait(waiters, watched, old, order, where)) return;
    const checker::AccessIndex source = source_of(watched);
    if (woken && source == seen) pass_on(waiters, *woken, where);
    seen = source;
    Operation op{.kind = OperationKind::WakeUp, .object = waiters, .where = where};
    machine.perform(op);
    woken = op.result;
  }
}

void notify_changed(Object& object, Word outside, bool all, location where) {
  checker::Machine& machine = *current_machine;
  Operation op{.kind = all ? OperationKind::NotifyAll : OperationKind::NotifyOne,
               .object = machine.waiters_of(machine.index_of(object, outside)),
               .where = where};
  take_step(op);
}

}  // namespace heddle::detail
