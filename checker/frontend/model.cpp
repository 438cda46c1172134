// checker/frontend/model.cpp - the public types' operations, as Operations of the current machine.

#include "checker/core/format.hpp"
#include "checker/frontend/step.hpp"
#include "checker/machine/machine.hpp"
#include "checker/sync/barrier.hpp"
#include "checker/sync/once.hpp"
#include "checker/sync/waiters.hpp"

#include <heddle/detail/native.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

namespace heddle::detail {

constinit thread_local NativeRun* native_run = nullptr;

Word load(Object& object, Word outside, std::memory_order order, bool compound, location where) {
  Operation op{.kind = OperationKind::Load,
               .order = order,
               .compound = compound,
               .object = current_machine->index_of(object, outside),
               .where = where};
  take_step(op);
  return op.result;
}

void store(Object& object, Word outside, Word value, std::memory_order order, bool compound, location where) {
  Operation op{.kind = OperationKind::Store,
               .order = order,
               .compound = compound,
               .object = current_machine->index_of(object, outside),
               .operand = value,
               .where = where};
  take_step(op);
}

Word read_modify_write(Object& object, Word outside, Word operand, Modify modify, std::memory_order order,
                       location where) {
  Operation op{.kind = OperationKind::ReadModifyWrite,
               .order = order,
               .object = current_machine->index_of(object, outside),
               .operand = operand,
               .modify = modify,
               .where = where};
  take_step(op);
  return op.result;
}

bool compare_exchange(Object& object, Word outside, Word& expected, Word desired, std::memory_order success,
                      std::memory_order failure, location where) {
  Operation op{.kind = OperationKind::CompareExchange,
               .order = success,
               .failure_order = failure,
               .object = current_machine->index_of(object, outside),
               .operand = desired,
               .expected = expected,
               .where = where};
  take_step(op);
  expected = op.result;
  return op.succeeded;
}

void fence(std::memory_order order, location where) {
  Operation op{.kind = OperationKind::Fence, .order = order, .where = where};
  take_step(op);
}

// Which thread is the first to refer to an object decides on the identity that it gets: so looking it up is
// an operation on an object of its own, and making it a write to that. In an execution graph, where only
// writes have an order, each is one.
Object* refer(const void* address, Word value) {
  if (!in_model()) return nullptr;
  checker::Machine& machine = *current_machine;
  if (machine.one_object_a_step()) {
    Operation note{.kind = OperationKind::ReadModifyWrite,
                   .order = std::memory_order_relaxed,
                   .object = machine.references(),
                   .operand = 1,
                   .modify = [](Word references, Word one) noexcept { return references + one; },
                   .where = {}};
    machine.perform(note);
    Object* const known = machine.reference(address);
    return known != nullptr ? known : machine.add_reference(address, value);
  }
  const AtomicStep step;
  Operation look{.kind = OperationKind::Load,
                 .order = std::memory_order_relaxed,
                 .object = machine.references(),
                 .where = {}};
  machine.perform(look);
  if (Object* known = machine.reference(address)) return known;
  Operation note{.kind = OperationKind::Store,
                 .order = std::memory_order_relaxed,
                 .object = machine.references(),
                 .operand = look.result + 1,
                 .where = {}};
  machine.perform(note);
  return machine.add_reference(address, value);
}

Word newest(Object& object) {
  checker::Machine& machine = *current_machine;
  return machine.value(machine.index_of(object, 0));
}

bool is_known(const Object& object) { return current_machine->knows(object); }

void restore_later(Object& object, std::function<void()> restore) {
  if (restore == nullptr && !current_machine->abandoning())
    current_machine->lose_control(
        "a variable of a type that cannot be copied is declared outside the scenario's body: its value cannot "
        "be given back to it.");
  current_machine->restore_later(object, std::move(restore));
}

namespace {

// As one of several steps.
Operation perform_on(Object& object, OperationKind kind, location where, Word operand = 0,
                     Word expected = 0) {
  Operation op = operation_on(object, kind, where, operand, expected);
  current_machine->perform(op);
  return op;
}

// With the mutex second, if there is one.
Operation perform_on_queue(Object& waiters, Object* mutex, OperationKind kind, bool limited, location where) {
  checker::Machine& machine = *current_machine;
  std::array<checker::ObjectIndex, 2> objects{machine.index_of(waiters, 1), checker::no_object};
  if (mutex != nullptr) objects[1] = machine.index_of(*mutex, 0);
  Operation op{.kind = kind, .limited = limited, .object = objects[0], .where = where};
  if (mutex != nullptr) op.objects = objects;
  machine.perform(op);
  op.objects = {};
  return op;
}

// A wait that took a notification may also have ended by itself, and the notification have been for another
// thread. The mutex keeps others from leaving the queue until that is decided; without one it stays open.
bool leaves_notification(Object& waiters, Object* mutex, const Operation& taken) {
  if (!checker::sync::has_heir(taken.result, current_machine->running())) return false;
  if (mutex == nullptr) {
    current_machine->leave_out(
        "executions in which a wait ends by itself and leaves its notification to another thread");
    return false;
  }
  if (choose(2, taken.where) == 0) return false;
  perform_on(waiters, OperationKind::PassOn, taken.where, 0, taken.result);
  return true;
}

}  // namespace

void lock(Object& object, location where) { step_on(object, OperationKind::Lock, where); }

void lock_all(std::span<Object* const> objects, location where) {
  checker::Machine& machine = *current_machine;
  std::vector<checker::ObjectIndex> mutexes;
  for (Object* object : objects) mutexes.push_back(machine.index_of(*object, 0));
  if (machine.one_object_a_step()) {  // one after the other, as what others may not get in between
    Operation op{.kind = OperationKind::Lock, .together = mutexes, .where = where};
    for (const checker::ObjectIndex mutex : mutexes) {
      op.object = mutex;
      machine.perform(op);
      op.continues = true;
    }
    return;
  }
  Operation op{.kind = OperationKind::LockAll, .object = mutexes.front(), .objects = mutexes, .where = where};
  machine.perform(op);
}

bool try_lock(Object& object, location where) {
  return !fails_spuriously(where) && step_on(object, OperationKind::TryLock, where).succeeded;
}

void unlock(Object& object, location where) { step_on(object, OperationKind::Unlock, where); }

void lock_shared(Object& object, location where) { step_on(object, OperationKind::LockShared, where); }

bool try_lock_shared(Object& object, location where) {
  return !fails_spuriously(where) && step_on(object, OperationKind::TryLockShared, where).succeeded;
}

void unlock_shared(Object& object, location where) { step_on(object, OperationKind::UnlockShared, where); }

// In an execution graph waiting and unlocking are two steps, and so are waking up and locking. Nobody can
// tell: whoever notifies in between notifies a thread that waits already, or has woken up and not got the
// mutex yet.
bool wait(Object& waiters, Object* mutex, location where) {
  if (mutex != nullptr && current_machine->one_object_a_step()) {
    perform_on_queue(waiters, nullptr, OperationKind::Wait, false, where);
    return perform_on(*mutex, OperationKind::Unlock, where).succeeded;
  }
  return perform_on_queue(waiters, mutex, OperationKind::Wait, false, where).succeeded;
}

bool wake_up(Object& waiters, Object* mutex, bool timed, location where) {
  checker::Budget& budget = timed ? current_machine->timeouts() : current_machine->spurious();
  const bool may_return = current_machine->can_spend(budget, timed);
  Object* const locked_later = current_machine->one_object_a_step() ? std::exchange(mutex, nullptr) : nullptr;
  const Operation op =
      perform_on_queue(waiters, mutex, may_return ? OperationKind::WakeUpOrTimeOut : OperationKind::WakeUp,
                       timed && !may_return, where);
  const bool ends_by_itself = !op.succeeded || (may_return && leaves_notification(waiters, mutex, op));
  if (ends_by_itself) current_machine->spend(budget);
  if (locked_later != nullptr) perform_on(*locked_later, OperationKind::Lock, where);
  return !ends_by_itself;
}

void notify(Object& waiters, bool all, location where) {
  step_on(waiters, all ? OperationKind::NotifyAll : OperationKind::NotifyOne, where);
}

void acquire(Object& object, location where) { step_on(object, OperationKind::Acquire, where); }

bool try_acquire(Object& object, location where) {
  return !fails_spuriously(where) && step_on(object, OperationKind::TryAcquire, where).succeeded;
}

void release(Object& object, Word update, Word most, location where) {
  step_on(object, OperationKind::Release, where, update, most);
}

void count_down(Object& object, Word update, location where) {
  step_on(object, OperationKind::CountDown, where, 0, update);
}

Word peek(Object& object, location where) { return step_on(object, OperationKind::Load, where).result; }

void await(Object& object, Word phase, location where) {
  step_on(object, OperationKind::Await, where, 0, phase);
}

Arrival arrive(Object& object, bool drop, std::memory_order order, location where) {
  Operation op{.kind = drop ? OperationKind::ArriveAndDrop : OperationKind::Arrive,
               .order = order,
               .object = current_machine->index_of(object, 0),
               .where = where};
  take_step(op);
  return {checker::sync::phase(op.result), op.succeeded && checker::sync::to_arrive(op.result) == 1};
}

void complete_phase(Object& object, location where) { step_on(object, OperationKind::CompletePhase, where); }

bool give_result(Object& object, bool ready, location where) {
  return step_on(object, OperationKind::Set, where, ready ? checker::sync::done : checker::sync::stored,
                 checker::sync::not_begun)
      .succeeded;
}

void make_ready(Object& object, location where) {
  step_on(object, OperationKind::Set, where, checker::sync::done, checker::sync::stored);
}

bool is_ready(Object& object, location where) { return peek(object, where) == checker::sync::done; }

bool begin_once(Object& object, location where) {
  return step_on(object, OperationKind::BeginOnce, where).succeeded;
}

void end_once(Object& object, bool done, location where) {
  step_on(object, OperationKind::EndOnce, where, done ? checker::sync::done : checker::sync::not_begun);
}

namespace {

// Of a thread that neither a machine nor a native run knows.
struct AtExit {
  std::vector<std::unique_ptr<Task>> tasks;
  ~AtExit() {
    for (const auto& task : tasks) task->run();
  }
};

}  // namespace

void at_thread_exit(std::unique_ptr<Task> task) {
  if (in_model()) return current_machine->at_thread_exit(std::move(task));
  if (native_run != nullptr) return native_run->at_thread_exit(std::move(task));
  thread_local AtExit at_exit;
  at_exit.tasks.push_back(std::move(task));
}

std::uint32_t spawn(std::unique_ptr<Task> task) { return current_machine->spawn(std::move(task)); }

void join(std::uint32_t thread, location where) {
  Operation op{
      .kind = OperationKind::Join, .joined = static_cast<checker::ThreadIndex>(thread), .where = where};
  take_step(op);
}

void dropped_joinable(std::uint32_t thread) noexcept {
  current_machine->dropped_joinable(static_cast<checker::ThreadIndex>(thread));
}

std::size_t choose(std::size_t alternatives, location where) {
  if (alternatives < 1 || alternatives > 255)
    current_machine->lose_control("choose(" + std::to_string(alternatives) +
                                  "): the number of alternatives must be from 1 to 255.");
  Operation op{
      .kind = OperationKind::Choose, .alternatives = static_cast<std::uint8_t>(alternatives), .where = where};
  take_step(op);
  return op.result;
}

void assume(bool condition, location where) {
  if (condition) return;
  Operation op{.kind = OperationKind::Assume, .where = where};
  take_step(op);
}

void yield(location where) {
  Operation op{.kind = OperationKind::Yield, .where = where};
  take_step(op);
}

void* allocate(std::size_t size, std::size_t alignment, void (*destroy)(void*), location where) {
  void* const memory = ::operator new (size, std::align_val_t{alignment});
  if (in_model()) current_machine->allocated(memory, size, alignment, destroy, where);
  return memory;
}

void deallocate(void* memory, std::size_t alignment, location where) {
  if (!in_model()) return ::operator delete (memory, std::align_val_t{alignment});
  checker::Machine& machine = *current_machine;
  const checker::ObjectIndex freed = machine.memory_at(memory);
  if (freed == checker::no_object) return;
  Operation op{.kind = OperationKind::Free, .object = freed, .where = where};
  // In an execution graph it is ordered by nothing, and judged by what happens before it.
  std::vector<checker::ObjectIndex> objects;
  if (!machine.one_object_a_step()) op.objects = objects = machine.objects_in(freed);
  machine.perform(op);
}

void call(Object& history, location where) { step_on(history, OperationKind::Call, where); }

void return_from(Object& history, location where) { step_on(history, OperationKind::Return, where); }

std::chrono::nanoseconds now() { return current_machine->clock(); }

std::chrono::nanoseconds read_clock() {
  current_machine->note_clock_read();
  return now();
}

void time_out(std::chrono::nanoseconds deadline) { current_machine->advance_clock(deadline); }

void sleep(std::chrono::nanoseconds deadline, location where) {
  Operation op{.kind = OperationKind::Sleep, .where = where};
  current_machine->perform(op);
  current_machine->advance_clock(deadline);
}

std::uint32_t current_thread() { return current_machine->running(); }

Word unique_word() { return current_machine->unique_word(); }

bool fails_spuriously(location where) {
  checker::Machine& machine = *current_machine;
  if (!machine.can_spend(machine.spurious(), false) || choose(2, where) == 0) return false;
  machine.spend(machine.spurious());
  return true;
}

AtomicStep::AtomicStep() { current_machine->begin_step(); }

AtomicStep::~AtomicStep() { current_machine->end_step(); }

void record_outcome(std::string_view name, Word value, WordFormat format) {
  const checker::InChecker in_checker;
  checker::Machine& machine = *current_machine;
  machine.outcomes().record(name, value, format, {machine.running(), machine.current_event()});
}

void record_outcome(std::string_view name, std::string_view text) {
  const checker::InChecker in_checker;
  checker::Machine& machine = *current_machine;
  machine.outcomes().record(name, text, {machine.running(), machine.current_event()});
}

std::string pointer_text(Word pointer) {
  return in_model() ? current_machine->pointer_text(pointer) : checker::to_text(pointer, WordFormat::Pointer);
}

void expectation_failed(std::string message, location where) {
  if (in_model()) current_machine->fail(message, where);
  if (native_run != nullptr) native_run->fail(std::move(message), where);
  std::fprintf(stderr, "%s:%d: %s\n", where.file, where.line, message.c_str());
  std::abort();
}

}  // namespace heddle::detail
