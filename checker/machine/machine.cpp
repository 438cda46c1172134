#include "checker/machine/machine.hpp"

#include "checker/core/format.hpp"
#include "checker/core/memory_order.hpp"
#include "checker/machine/misuse.hpp"
#include "checker/sync/waiters.hpp"

#include <cxxabi.h>
#include <sys/single_threaded.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <utility>

namespace heddle::detail {

constinit thread_local checker::Machine* current_machine = nullptr;

Object::Object(ObjectKind kind, std::string_view name, Word initial, WordFormat format)
    : kind_(kind), format_(format) {
  if (in_model()) current_machine->created(*this, initial, name);
  else name_ = name;
}

Object::~Object() {
  if (in_model()) current_machine->destroyed(*this);
}

}  // namespace heddle::detail

namespace heddle::checker {

namespace {

// Ends a thread whose expectation failed.
struct ThreadFailed : detail::Unwinding {};

constexpr unsigned abandonments_max = 100;

// What destructors do: nothing may be thrown there, and nothing is lost when it is not done.
bool cleans_up(OperationKind kind) {
  switch (kind) {
    case OperationKind::Unlock:
    case OperationKind::UnlockShared:
    case OperationKind::NotifyOne:
    case OperationKind::NotifyAll:
    case OperationKind::PassOn:
    case OperationKind::Release:
    case OperationKind::Set:
    case OperationKind::EndOnce:
    case OperationKind::Free: return true;
    default: return false;
  }
}

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

Machine::Machine(Execution& execution, Ground& ground, const Options& options)
    : execution_(execution),
      model_(options.model),
      graphs_(explores_graphs(options)),
      memory_(execution.trace),
      lineage_(ground.lineage),
      storage_(ground.storage),
      survivors_(ground.survivors),
      threads_(threads_max),
      timeouts_{.most = options.timeouts},
      spurious_{.most = options.spurious},
      alone_(__libc_single_threaded != 0),
      loops_(ground.loops),
      serial_(next_serial()) {}

Machine::~Machine() {
  clear_away();
  storage_.leave(*this);
}

void Machine::start(const std::function<void()>& body) {
  storage_.hand_over_to(*this);
  clear_away();
  storage_.clear();
  parked_ = conditional_ = local_ = finished_ = going_round_ = ThreadSet();
  event_ = no_event;
  next_ = 0;
  rounds_.clear();
  been_.clear();
  circle_.reset();
  kept_ = execution_.trace.size();
  memory_.record(kept_ == 0);
  coherence_.truncate(execution_.trace.accesses());
  timeouts_.spent.fill(0);
  spurious_.spent.fill(0);
  waiters_.clear();
  lives_.clear();
  references_.clear();
  at_process_exit_.clear();
  process_ends_ = false;
  if (reference_list_ != no_object) memory_.define(reference_list_, ObjectKind::Atomic, 0);
  body_ = &body;
  begin_thread(main_thread);
  if (lost_) throw ControlLost(*lost_);
  refuse_os_threads(main_thread);
}

void Machine::clear_away() {
  abandon();
  restore_externals();
  survivors_.move_out();
}

void Machine::abandon() {
  if (torn_ || (parked_.empty() && allocations_.empty())) return;
  const CurrentMachine current(*this);
  abandoning_ = true;
  // Children first: they refer to what their parents own.
  for (unsigned t = threads_max; t-- > 0;) {
    if (!parked_.contains(static_cast<ThreadIndex>(t))) continue;
    parked_.erase(static_cast<ThreadIndex>(t));
    resume(static_cast<ThreadIndex>(t));
  }
  release_memory();
  abandoning_ = false;
}

void Machine::tear_down() noexcept {
  torn_ = true;
  torn_thread_ = std::exchange(running_, no_thread);
}

void Machine::begin_thread(ThreadIndex thread) {
  Thread& state = threads_[thread];
  state.fiber = &storage_.fiber(thread);
  state.children = state.objects = state.step_depth = state.abandonments = 0;
  state.step_begun = state.stopped = false;
  state.passed.fill(0);
  state.rounds = 0;
  state.remains = LoopMemo::Remains::Unknown;
  state.unique_words = state.performed = 0;
  state.clock = running_ == no_thread ? std::chrono::nanoseconds{} : threads_[running_].clock;
  state.fiber->clear_stack();
  state.fiber->assign([](void* machine) { static_cast<Machine*>(machine)->run_thread(); }, this);
  execution_.trace.started(thread, event_);
  resume(thread);
}

void Machine::resume(ThreadIndex thread) {
  const ThreadIndex resumer = std::exchange(running_, thread);
  const InChecker checker;
  Fiber* fiber = threads_[thread].fiber;
  ++nesting_;
  fiber->resume();
  --nesting_;
  scenario_heap = nullptr;
  running_ = resumer;
  if (fiber->idle()) finished_.insert(thread);
}

void Machine::run_thread() {
  const ThreadIndex self = running_;
  scenario_heap = &storage_.heap(self);
  std::vector<std::unique_ptr<detail::Task>> at_exit;
  threads_[self].at_exit = &at_exit;
  try {
    std::unique_ptr<detail::Task> task = std::move(threads_[self].task);
    if (self == main_thread) (*body_)();
    else task->run();
    task.reset();
    for (const auto& late : at_exit) late->run();
    if (self == main_thread) end_process();
  } catch (const detail::Unwinding&) {
  } catch (const std::exception& error) {
    const InChecker checker;
    report({.kind = DefectKind::Exception, .text = exception_name() + ": " + error.what()});
  } catch (...) {
    const InChecker checker;
    report({.kind = DefectKind::Exception, .text = exception_name()});
  }
  scenario_heap = nullptr;
}

// In the reverse order, with those that are only registered here.
void Machine::end_process() {
  while (!at_process_exit_.empty()) {
    const std::unique_ptr<detail::Task> last = std::move(at_process_exit_.back());
    at_process_exit_.pop_back();
    last->run();
  }
  process_ends_ = true;
}

void Machine::at_process_exit(std::unique_ptr<detail::Task> task) {
  if (!process_ends_) at_process_exit_.push_back(std::move(task));
}

void Machine::run(ThreadIndex thread, unsigned alternative, ThreadSet enabled, EventIndex source) {
  ++steps_;
  event_ = next_++;
  Thread& self = threads_[thread];
  self.stopped = false;
  note_attempt(*self.pending);
  record_event(*self.pending, thread, alternative, enabled, source);
  note_passed(self, *self.pending);
  ++self.performed;
  const bool asked = will_be_asked(self);
  const Hash around = asked ? state_around(thread) : 0;
  go_on(thread);
  self.remains = asked ? remains_of(thread, around) : LoopMemo::Remains::Unknown;
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

void Machine::record_event(Operation& op, ThreadIndex thread, unsigned alternative, ThreadSet enabled,
                           EventIndex source) {
  Trace& trace = execution_.trace;
  Event& event = trace.append(thread);
  event.kind = op.kind;
  event.object = op.object;
  event.compound = op.compound;
  event.continues = op.continues;
  event.expected = op.expected;
  event.atomic_step = op.atomic_step;
  event.joined = op.joined;
  event.alternatives = op.alternatives;
  event.alternative = static_cast<std::uint8_t>(alternative);
  event.where = op.where;
  event.enabled = enabled;
  event.age = 0;
  if (op.kind == OperationKind::Choose) op.result = alternative;
  if (op.kind == OperationKind::Join) event.joined_event = trace.last_of(op.joined);
  if (graphs_ && op.object != no_object) {
    apply_from(op, thread, source);
  } else {
    apply(op, thread);
    event.written = op.object == no_object ? 0 : memory_.peek(op.object);
  }
  event.succeeded = op.succeeded;
  event.order = op.succeeded ? op.order : op.failure_order;
  event.read = op.result;
}

// Performs an operation as part of the current event.
void Machine::apply(Operation& op, ThreadIndex thread) {
  if (op.kind == OperationKind::Wait) {
    refuse(op, thread);
    if (sync::waiters(memory_.peek(op.object)) >= sync::waiters_max)
      lost_ = "more than " + std::to_string(sync::waiters_max) + " threads wait on " +
              objects_[op.object].name + "; the checker handles at most that many.";
  }
  sync::perform(op, thread, memory_);
  if (!allocations_.empty()) note_freed(op, thread);
  if (op.succeeded || !sync::must_succeed(op)) return;
  report({.kind = DefectKind::MutexMisuse,
          .event = event_,
          .thread = thread,
          .object = op.object,
          .text = misuse_text(op, *this),
          .where = op.where});
}

void Machine::perform(Operation& op, const void* remembered) {
  const InChecker checker;
  carry_out(op, remembered);
}

// In a frame of its own, of which nothing is left.
[[gnu::noinline]] void Machine::carry_out(Operation& op, const void* remembered) {
  if (abandoning_) return abandon_operation(op);
  Thread& self = threads_[running_];
  self.remembered = remembered;
  if (self.step_depth > 0 && goes_on_in_step(self, op)) return;
  // The next event to repeat is this thread's as well: no need to leave it. Not while its parent is in the
  // middle of starting it.
  if (next_ < kept_ && nesting_ == 1 && execution_.trace[next_].thread == running_ &&
      (wanted_.empty() || !is_wanted(running_))) {
    if (!repeat_event(op, running_)) {
      nondeterminism_ = divergence(op, running_);
      throw Abandoned();
    }
    return;
  }
  // With whom others wait is known when the wait begins, not when the thread comes to it.
  if (can_be_refused(op.kind) && op.kind != OperationKind::Wait) refuse(op, running_);
  park(op);
}

// Within an AtomicStep: performs the operation as a part of the step that has begun, if there is one and it
// need not wait. An operation that can block begins no step: what it touches has to be known while it waits.
bool Machine::goes_on_in_step(Thread& self, Operation& op) {
  if (self.step_begun) {
    if (!is_local(op.kind) && sync::enabled(op, running_, memory_, finished_)) {
      apply(op, running_);
      if (event_ >= kept_) execution_.trace.back().order = both(execution_.trace.back().order, op.order);
      return true;
    }
    for (const ObjectIndex object : sync::objects_of(op)) memory_.read(object);  // they ended the step
  }
  self.step_begun = op.atomic_step = !can_block(op.kind);
  return false;
}

// What would wait for itself for ever is misuse, and so is what breaks a precondition without failing.
void Machine::refuse(const Operation& op, ThreadIndex thread) {
  Refusal refused = refusal(op, thread, *this);
  if (refused.text.empty()) return;
  report({.kind = DefectKind::MutexMisuse,
          .thread = thread,
          .object = refused.object,
          .text = std::move(refused.text),
          .where = op.where});
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
  if (!cleans_up(op.kind) && std::uncaught_exceptions() == 0) throw Abandoned();
}

void Machine::leave_running_thread() {
  for (;;) threads_[running_].fiber->suspend();
}

ThreadIndex Machine::spawn(std::unique_ptr<detail::Task> task) {
  const InChecker checker;
  if (abandoning_) return main_thread;
  Thread& parent = threads_[running_];
  const Start start{running_, parent.performed, parent.children};
  const ThreadIndex child = lineage_.child(running_, parent.children++);
  if (child == no_thread)
    lose_control("the scenario starts more than 62 threads; the checker handles at most 62.");
  threads_[child].start = start;
  threads_[child].task = std::move(task);
  begin_thread(child);
  return child;
}

void Machine::dropped_joinable(ThreadIndex thread) noexcept {
  const InChecker checker;
  if (abandoning_) return;
  if (std::uncaught_exceptions() == 0) {
    report({.kind = DefectKind::Crash,
            .text = "std::terminate, because the thread object of " + lineage_.name(thread) +
                    " was destroyed without being joined"});
  }
  Operation op{.kind = OperationKind::Join, .joined = thread};
  detail::in_destructor([&] { perform(op); });
}

void Machine::begin_step() { ++threads_[running_].step_depth; }

void Machine::end_step() {
  Thread& self = threads_[running_];
  if (--self.step_depth == 0) self.step_begun = false;
}

bool Machine::can_spend(const Budget& budget, bool timed) {
  const InChecker checker;
  if (abandoning_) return false;
  if (budget.spent[running_] < budget.most) return true;
  if (timed)
    leave_out("executions in which a thread times out more than " + std::to_string(budget.most) +
              (budget.most == 1 ? " time" : " times"));
  return false;
}

// What the scenario has composed lies in its own heap.
void Machine::fail(const std::string& message, location where) {
  const InChecker checker;
  if (!abandoning_) report({.kind = DefectKind::Assertion, .text = message, .where = where});
  throw ThreadFailed();
}

void Machine::note_failure(const std::string& message, location where) {
  const InChecker checker;
  report({.kind = DefectKind::Assertion, .text = message, .where = where});
}

void Machine::lose_control(const std::string& message) {
  const InChecker checker;
  lost_ = message;
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

}  // namespace heddle::checker
