#include "checker/machine/machine.hpp"

#include "checker/core/format.hpp"

#include <cxxabi.h>
#include <sys/single_threaded.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <utility>

namespace heddle::detail {

constinit thread_local checker::Machine* current_machine = nullptr;

}  // namespace heddle::detail

namespace heddle::checker {

namespace {

// Unwinds a thread of an execution that is not going on. Not a std::exception, so that scenarios do not
// catch it by accident.
struct Abandoned {};
// Ends a thread whose expectation failed.
struct ThreadFailed {};

constexpr unsigned abandonments_max = 100;

std::uint32_t next_serial() {
  static std::atomic<std::uint32_t> serial{0};
  return ++serial;
}

std::string exception_name() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) return "an exception";
  int status = 0;
  char* demangled = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  std::string name = status == 0 ? demangled : type->name();
  std::free(demangled);
  return name;
}

}  // namespace

Machine::Machine(Execution& execution, Lineage& lineage, std::size_t stack_bytes)
    : execution_(execution),
      memory_(execution.trace),
      lineage_(lineage),
      stacks_(stack_bytes),
      threads_(threads_max),
      alone_(__libc_single_threaded != 0),
      serial_(next_serial()) {}

Machine::~Machine() {
  if (!torn_) abandon();
}

void Machine::start(const std::function<void()>& body) {
  abandon();
  parked_ = conditional_ = local_ = finished_ = ThreadSet();
  event_ = no_event;
  next_ = 0;
  kept_ = execution_.trace.size();
  memory_.record(kept_ == 0);
  for (const External& external : externals_)
    memory_.define(external.object, objects_[external.object].kind, external.initial);
  body_ = &body;
  begin_thread(main_thread);
  if (lost_) throw ControlLost(*lost_);
  refuse_os_threads(main_thread);
}

void Machine::abandon() {
  if (parked_.empty()) return;
  const CurrentMachine current(*this);
  abandoning_ = true;
  // Children first: they refer to what their parents own.
  for (unsigned t = threads_max; t-- > 0;) {
    if (!parked_.contains(static_cast<ThreadIndex>(t))) continue;
    parked_.erase(static_cast<ThreadIndex>(t));
    resume(static_cast<ThreadIndex>(t));
  }
  abandoning_ = false;
}

void Machine::tear_down() noexcept {
  torn_ = true;
  torn_thread_ = std::exchange(running_, no_thread);
}

void Machine::begin_thread(ThreadIndex thread) {
  if (idle_.empty()) {
    fibers_.push_back(std::make_unique<Fiber>(stacks_.acquire()));
    idle_.push_back(fibers_.back().get());
  }
  Thread& state = threads_[thread];
  state.fiber = idle_.back();
  idle_.pop_back();
  state.children = state.objects = state.step_depth = state.abandonments = 0;
  state.step_begun = false;
  state.fiber->assign([](void* machine) { static_cast<Machine*>(machine)->run_thread(); }, this);
  execution_.trace.started(thread, event_);
  resume(thread);
}

void Machine::resume(ThreadIndex thread) {
  const ThreadIndex resumer = std::exchange(running_, thread);
  Fiber* fiber = threads_[thread].fiber;
  ++nesting_;
  fiber->resume();
  --nesting_;
  running_ = resumer;
  if (fiber->idle()) {
    finished_.insert(thread);
    idle_.push_back(fiber);
  }
}

void Machine::run_thread() {
  const ThreadIndex self = running_;
  try {
    const std::unique_ptr<detail::Task> task = std::move(threads_[self].task);
    if (self == main_thread) (*body_)();
    else task->run();
  } catch (const Abandoned&) {
  } catch (const ThreadFailed&) {
  } catch (const std::exception& error) {
    report({.kind = DefectKind::Exception, .text = exception_name() + ": " + error.what()});
  } catch (...) {
    report({.kind = DefectKind::Exception, .text = exception_name()});
  }
}

void Machine::repeat() {
  while (next_ < kept_) {
    const ThreadIndex thread = execution_.trace[next_].thread;
    if (!parked_.contains(thread)) {
      event_ = next_;
      throw Nondeterminism(divergence({.kind = OperationKind::Yield}, no_thread));
    }
    Operation& op = *threads_[thread].pending;
    if (!repeat_event(op, thread)) throw Nondeterminism(divergence(op, thread));
    go_on(thread);
  }
  memory_.record(true);
}

void Machine::run(ThreadIndex thread, unsigned alternative, ThreadSet enabled) {
  ++steps_;
  event_ = next_++;
  record_event(*threads_[thread].pending, thread, alternative, enabled);
  go_on(thread);
}

// Lets a thread whose operation has been performed run to its next one.
void Machine::go_on(ThreadIndex thread) {
  parked_.erase(thread);
  conditional_.erase(thread);
  local_.erase(thread);
  resume(thread);
  if (lost_) throw ControlLost(*lost_);
  if (nondeterminism_) throw Nondeterminism(*nondeterminism_);
  refuse_os_threads(thread);
}

void Machine::refuse_os_threads(ThreadIndex thread) const {
  if (!alone_ || __libc_single_threaded != 0) return;
  std::string message = lineage_.name(thread) + " started an OS thread ";
  if (event_ == no_event) message += "before its first visible operation";
  else
    message += "after " +
               describe(*this, thread, execution_.trace[event_].kind, execution_.trace[event_].object) +
               place_text(execution_.trace[event_].where);
  throw ControlLost(message +
                    ", which the checker cannot schedule. Use heddle::thread instead of std::thread or "
                    "std::async.");
}

void Machine::record_event(Operation& op, ThreadIndex thread, unsigned alternative, ThreadSet enabled) {
  Trace& trace = execution_.trace;
  Event& event = trace.append(thread);
  event.kind = op.kind;
  event.object = op.object;
  event.compound = op.compound;
  if (op.kind == OperationKind::Unlock) op.expected = sync::held_by(thread);
  event.expected = op.expected;
  event.atomic_step = op.atomic_step;
  event.joined = op.joined;
  event.alternatives = op.alternatives;
  event.alternative = static_cast<std::uint8_t>(alternative);
  event.where = op.where;
  event.enabled = enabled;
  if (op.kind == OperationKind::Choose) op.result = alternative;
  if (op.kind == OperationKind::Join) event.joined_event = trace.last_of(op.joined);
  if (op.kind == OperationKind::Unlock && sync::holder(memory_.peek(op.object)) != thread) {
    const ThreadIndex owner = sync::holder(memory_.peek(op.object));
    memory_.read(op.object);
    op.succeeded = false;
    report({.kind = DefectKind::MutexMisuse,
            .event = event_,
            .thread = thread,
            .object = op.object,
            .text = owner == no_thread ? "unlocks " + objects_[op.object].name + ", which nobody holds"
                                       : "unlocks " + objects_[op.object].name + ", which " +
                                             lineage_.name(owner) + " holds",
            .where = op.where});
  } else {
    sync::perform(op, thread, memory_);
  }
  event.succeeded = op.succeeded;
  event.order = op.succeeded ? op.order : op.failure_order;
  event.read = op.result;
  event.written = op.object == no_object ? 0 : memory_.peek(op.object);
}

// Performs the next event again. Returns false when it is not the same.
bool Machine::repeat_event(Operation& op, ThreadIndex thread) {
  ++steps_;
  event_ = next_++;
  const Event& event = execution_.trace[event_];
  if (event.kind != op.kind || event.object != op.object || event.thread != thread ||
      event.joined != op.joined || event.alternatives != op.alternatives ||
      (op.kind == OperationKind::Store && event.written != op.operand))
    return false;
  if (can_block(op.kind) && !sync::enabled(op, memory_, finished_)) return false;
  if (op.kind == OperationKind::Choose) op.result = event.alternative;
  const bool misused = op.kind == OperationKind::Unlock && memory_.peek(op.object) != sync::held_by(thread);
  if (!misused) sync::perform(op, thread, memory_);
  return event.read == op.result;
}

// What the next event was, and what it is now.
std::string Machine::divergence(const Operation& op, ThreadIndex thread) const {
  const Event& event = execution_.trace[event_];
  std::string text = "an earlier execution performed " +
                     describe(*this, event.thread, event.kind, event.object) + place_text(event.where) +
                     " where this one ";
  if (thread == no_thread) return text + "has no such thread";
  text += "performs " + describe(*this, thread, op.kind, op.object) + place_text(op.where);
  if (thread == event.thread && op.kind == event.kind && op.object == event.object)
    text += " with another value";
  return text;
}

void Machine::perform(Operation& op) {
  if (abandoning_) return abandon_operation(op);
  Thread& self = threads_[running_];
  if (self.step_depth > 0 && goes_on_in_step(self, op)) return;
  // The next event to repeat is this thread's as well: no need to leave it. Not while its parent is in the
  // middle of starting it.
  if (next_ < kept_ && nesting_ == 1 && execution_.trace[next_].thread == running_) {
    if (!repeat_event(op, running_)) {
      nondeterminism_ = divergence(op, running_);
      throw Abandoned();
    }
    return;
  }
  if (op.kind == OperationKind::Lock) refuse_relock(op.object, op.where);
  for (const ObjectIndex mutex : op.objects) refuse_relock(mutex, op.where);
  park(op);
}

// Within an AtomicStep: performs the operation as a part of the step that has begun, if there is one and it
// need not wait. An operation that can block begins no step: what it touches has to be known while it waits.
bool Machine::goes_on_in_step(Thread& self, Operation& op) {
  if (self.step_begun) {
    if (!is_local(op.kind) && sync::enabled(op, memory_, finished_)) {
      sync::perform(op, running_, memory_);
      return true;
    }
    if (op.object != no_object) memory_.read(op.object);  // it ended the step by being taken
  }
  self.step_begun = op.atomic_step = !can_block(op.kind);
  return false;
}

void Machine::refuse_relock(ObjectIndex mutex, location where) {
  if (memory_.peek(mutex) != sync::held_by(running_)) return;
  report({.kind = DefectKind::MutexMisuse,
          .object = mutex,
          .text = "locks " + objects_[mutex].name + ", which it already holds",
          .where = where});
}

void Machine::park(Operation& op) {
  const ThreadIndex self = running_;
  threads_[self].pending = &op;
  parked_.insert(self);
  if (can_block(op.kind)) conditional_.insert(self);
  if (is_local(op.kind)) local_.insert(self);
  threads_[self].fiber->suspend();
  if (abandoning_) abandon_operation(op);
}

// Begins to unwind the thread, or does nothing where an exception would end the program: during unwinding,
// and for what destructors do.
void Machine::abandon_operation(const Operation& op) {
  Thread& self = threads_[running_];
  if (++self.abandonments > abandonments_max) {
    leave_running_thread();  // it swallows every exception and goes on
  }
  if (op.kind != OperationKind::Unlock && std::uncaught_exceptions() == 0) throw Abandoned();
}

void Machine::leave_running_thread() {
  for (;;) threads_[running_].fiber->suspend();
}

ThreadIndex Machine::spawn(std::unique_ptr<detail::Task> task) {
  if (abandoning_) return main_thread;
  Thread& parent = threads_[running_];
  const ThreadIndex child = lineage_.child(running_, parent.children++);
  if (child == no_thread)
    lose_control("the scenario starts more than 63 threads; the checker handles at most 63.");
  threads_[child].task = std::move(task);
  begin_thread(child);
  return child;
}

void Machine::dropped_joinable(ThreadIndex thread) noexcept {
  if (abandoning_) return;
  if (std::uncaught_exceptions() == 0) {
    report({.kind = DefectKind::Crash,
            .text = "std::terminate, because the thread object of " + lineage_.name(thread) +
                    " was destroyed without being joined"});
  }
  Operation op{.kind = OperationKind::Join, .joined = thread};
  try {
    perform(op);
  } catch (const Abandoned&) {  // thrown again by the next operation
  }
}

void Machine::begin_step() { ++threads_[running_].step_depth; }

void Machine::end_step() {
  Thread& self = threads_[running_];
  if (--self.step_depth == 0) self.step_begun = false;
}

void Machine::created(detail::Object& object, Word initial, std::string_view name) {
  if (abandoning_) return;
  const unsigned nth = threads_[running_].objects++;
  object.machine_ = serial_;
  object.index_ = lineage_.object(running_, nth);
  if (!objects_.known(object.index_, object.kind_, name)) {
    const std::string lineage =
        (running_ == main_thread ? "" : lineage_.path(running_) + ".") + std::to_string(nth + 1);
    objects_.define(object.index_, object.kind_, name, lineage);
  }
  objects_.revive(object.index_, object.format_);
  memory_.define(object.index_, object.kind_, initial);
}

void Machine::destroyed(detail::Object& object) noexcept {
  if (abandoning_ || object.machine_ != serial_) return;
  objects_.destroy(object.index_);
  if (object.kind_ == ObjectKind::Mutex && memory_.peek(object.index_) != sync::mutex_free) {
    report({.kind = DefectKind::MutexMisuse,
            .object = object.index_,
            .text = "destroys " + objects_[object.index_].name + " while " +
                    lineage_.name(sync::holder(memory_.peek(object.index_))) + " holds it"});
  }
}

ObjectIndex Machine::join(detail::Object& object, Word outside) {
  if (abandoning_) return object.index_;
  object.machine_ = serial_;
  object.index_ = lineage_.external_object();
  objects_.define(object.index_, object.kind_, object.name_,
                  "outside." + std::to_string(externals_.size() + 1));
  objects_.revive(object.index_, object.format_);
  memory_.define(object.index_, object.kind_, outside);
  externals_.push_back({object.index_, outside});
  return object.index_;
}

void Machine::fail(std::string message, location where) {
  if (!abandoning_) report({.kind = DefectKind::Assertion, .text = std::move(message), .where = where});
  throw ThreadFailed();
}

void Machine::lose_control(std::string message) {
  lost_ = std::move(message);
  throw Abandoned();
}

// Adds what happened on the running thread, unless this part of the execution is being repeated.
void Machine::report(Finding finding) {
  if (abandoning_ || (event_ != no_event && event_ < kept_)) return;
  if (event_ == no_event && kept_ > 0) return;
  finding.event = event_;
  finding.thread = running_ == no_thread ? finding.thread : running_;
  execution_.findings.push_back(std::move(finding));
}

std::string describe(const Machine& machine, ThreadIndex thread, OperationKind kind, ObjectIndex object) {
  std::string text = machine.lineage().name(thread) + " " + std::string(to_string(kind));
  if (object != no_object) text += " " + machine.object(object).name;
  return text;
}

}  // namespace heddle::checker
