#include "checker/machine/misuse.hpp"

#include "checker/machine/machine.hpp"
#include "checker/sync/waiters.hpp"

namespace heddle::checker {

namespace {

// ", which nobody holds", ", which T1 holds".
std::string holder_text(ObjectIndex object, const Machine& machine) {
  const ThreadSet holders = sync::holders(machine.object(object).kind, machine.value(object));
  if (holders.empty()) return ", which nobody holds";
  return ", which " + names(machine, holders) + (holders.size() == 1 ? " holds" : " hold");
}

std::string name(ObjectIndex object, const Machine& machine) { return machine.object(object).name; }

}  // namespace

std::string misuse_text(const Operation& op, const Machine& machine) {
  const std::string object = name(op.object, machine);
  switch (op.kind) {
    case OperationKind::Unlock: return "unlocks " + object + holder_text(op.object, machine);
    case OperationKind::UnlockShared: return "gives back its share of " + object + ", which it does not have";
    case OperationKind::Wait:
      return "waits on " + object + " with " + name(op.objects.back(), machine) + ", which it does not hold";
    case OperationKind::Release: return "releases " + object + " beyond its maximum";
    case OperationKind::CountDown: return "counts " + object + " down below zero";
    default: return "arrives at " + object + " when nobody is expected any more in this phase";
  }
}

Refusal refusal(const Operation& op, ThreadIndex thread, const Machine& machine) {
  const auto kind = [&](ObjectIndex object) { return machine.object(object).kind; };
  switch (op.kind) {
    case OperationKind::Lock:
    case OperationKind::LockAll:
    case OperationKind::LockShared:
    case OperationKind::TryLock:
    case OperationKind::TryLockShared:
      for (const ObjectIndex mutex : sync::objects_of(op))
        if (kind(mutex) != ObjectKind::RecursiveMutex &&
            sync::holders(kind(mutex), machine.value(mutex)).contains(thread))
          return {mutex, "locks " + name(mutex, machine) + ", which it already holds"};
      return {};
    case OperationKind::Join: return {no_object, op.joined == thread ? "joins itself" : ""};
    case OperationKind::BeginOnce:
      if (!sync::holders(ObjectKind::Once, machine.value(op.object)).contains(thread)) return {};
      return {op.object,
              "calls once again, within the call, what " + name(op.object, machine) + " stands for"};
    case OperationKind::Wait:
      for (const ThreadIndex other : machine.unfinished()) {
        const Operation& waiting = machine.pending(other);
        const bool wakes =
            waiting.kind == OperationKind::WakeUp || waiting.kind == OperationKind::WakeUpOrTimeOut;
        if (!wakes || waiting.object != op.object || op.objects.empty() || waiting.objects.empty() ||
            waiting.objects.back() == op.objects.back())
          continue;
        return {op.object, "waits on " + name(op.object, machine) + " with " +
                               name(op.objects.back(), machine) + " while " + machine.lineage().name(other) +
                               " waits with " + name(waiting.objects.back(), machine)};
      }
      return {};
    default: return {};
  }
}

std::string destruction_text(ObjectIndex object, const Machine& machine) {
  const ObjectInfo& info = machine.object(object);
  const Word word = machine.value(object);
  const ThreadSet holders = sync::holders(info.kind, word);
  if (!holders.empty())
    return "destroys " + info.name + " while " + names(machine, holders) +
           (holders.size() == 1 ? " holds it" : " hold it");
  ThreadSet waiting;
  for (const ThreadIndex thread : machine.unfinished()) {
    const Operation& op = machine.pending(thread);
    if (!can_block(op.kind)) continue;
    for (const ObjectIndex each : sync::objects_of(op))
      if (each == object) waiting.insert(thread);
  }
  if (info.kind == ObjectKind::Waiters) {
    // A thread that has been notified may return after the destruction ([thread.condition.condvar]/5).
    for (const ThreadIndex thread : waiting)
      if (sync::has_notification(word, thread)) waiting.erase(thread);
  }
  if (waiting.empty()) return {};
  return "destroys " + info.name + " while " + names(machine, waiting) +
         (waiting.size() == 1 ? " waits for it" : " wait for it");
}

}  // namespace heddle::checker
