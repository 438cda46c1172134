// checker/machine/machine.hpp - runs a scenario one step at a time.
//
// The Machine turns a program into a transition system: after start() every thread of the scenario is
// parked in front of its next visible operation, and run(t) performs that operation and lets t go on to
// its next one. It never chooses a thread. Executions are repeated from the beginning; the events that
// the trace already holds are repeated first and compared with what the program does this time.
//
//     machine.start(body);
//     machine.repeat();
//     for (ThreadSet enabled; !(enabled = machine.enabled()).empty();) machine.run(enabled.least(), 0,
//     enabled);
//
// One Machine serves one exploration on one OS thread. Threads live on pooled fibers. An execution that
// ends early is abandoned: an exception unwinds the parked threads, so that destructors run, and
// operations done on the way are void.
#pragma once

#include "checker/core/causality.hpp"
#include "checker/core/execution.hpp"
#include "checker/core/operation.hpp"
#include "checker/machine/fiber.hpp"
#include "checker/machine/lineage.hpp"
#include "checker/machine/object_table.hpp"
#include "checker/machine/stack_pool.hpp"
#include "checker/memory/coherence.hpp"
#include "checker/memory/sequential_memory.hpp"
#include "checker/sync/semantics.hpp"

#include <heddle/options.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace heddle::checker {

// How often something that the standard allows at any time may happen to one thread in one execution.
struct Budget {
  unsigned most = 0;
  std::array<unsigned, threads_max> spent{};
};

class Machine {
 public:
  // `lineage` outlives the machine; machines that share one give threads and objects the same numbers.
  Machine(Execution& execution, Lineage& lineage, const Options& options);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Starts the next execution: abandons the current one and runs main up to its first operation. The
  // events that the trace holds are repeated by repeat(). `body` must outlive it.
  void start(const std::function<void()>& body);
  void abandon();

  // Threads that can take a step.
  ThreadSet enabled() const {
    ThreadSet result = parked_ - conditional_;
    for (const ThreadIndex t : conditional_)
      if (sync::enabled(pending(t), t, memory_, finished_)) result.insert(t);
    return result;
  }
  // Of these, the ones whose operation is_local().
  ThreadSet local(ThreadSet enabled) const { return enabled & local_; }
  ThreadSet unfinished() const { return parked_; }
  // What a parked thread is about to do.
  const Operation& pending(ThreadIndex thread) const {
    return threads_[thread].spinning ? threads_[thread].spin : *threads_[thread].pending;
  }

  // Repeats the events that the trace held when the execution was started.
  void repeat();
  // Performs the pending operation of an enabled thread as the next event; `enabled` is noted with it.
  // `alternative` answers a choose(). It reads what the event `source` wrote, or writes right after that in
  // coherence order; no_event stands for the initial value. Both throw ControlLost: when a repeated event
  // turns out different, or when the thread did something the checker cannot see.
  static constexpr EventIndex newest_write = no_event - 1;
  void run(ThreadIndex thread, unsigned alternative, ThreadSet enabled, EventIndex source = newest_write);

  // Looks whether a thread is in a loop that changes nothing and goes on for ever unless another
  // thread changes what it reads; its pending operation is then a Spin that waits for such a change.
  // `past` stands for all that the thread has seen. Returns false when finding out has spoilt the execution:
  // it has to be started and repeated again.
  bool recognise_spin(ThreadIndex thread, Hash past);
  // Of how many events, the thread's last, the iteration consists that it goes through in vain.
  // REQUIRES: pending(thread).kind == OperationKind::Spin.
  unsigned spin_length(ThreadIndex thread) const { return threads_[thread].spin_length; }
  // Whether there can be something to recognise.
  bool may_spin(ThreadIndex thread) const { return threads_[thread].futile > 0; }

  const Lineage& lineage() const { return lineage_; }
  const Trace& trace() const { return execution_.trace; }
  const ObjectInfo& object(ObjectIndex object) const { return objects_[object]; }
  Word value(ObjectIndex object) const { return memory_.peek(object); }
  // The order of the writes, where it is not that of the trace: under models other than sc.
  const Coherence& coherence() const { return coherence_; }
  MemoryModel model() const { return model_; }
  // Whether a step may touch one object only: in an execution graph.
  bool one_object_a_step() const { return graphs_; }
  // The value it was created with in this execution.
  Word initial_value(ObjectIndex object) const { return memory_.initial(object); }

  // The thread that is running, or no_thread while the machine itself is in control.
  ThreadIndex running() const { return running_; }
  // The event being performed, or no_event before the first.
  EventIndex current_event() const { return event_; }
  // Grows with every step of every execution: stands still when a thread does not come back.
  std::uint64_t steps() const { return steps_; }
  // What some execution went on without, although the standard allows it: "executions in which ..."; or
  // empty.
  const std::string& left_out() const { return left_out_; }
  void leave_out(std::string what) {
    if (left_out_.empty()) left_out_ = std::move(what);
  }
  // Reports the tracked memory that nobody has given back. REQUIRES: every thread has ended.
  void report_leaks();
  // The stack of the running thread. REQUIRES: running() != no_thread.
  const Stack& running_stack() const { return threads_[running_].fiber->stack(); }
  // After control was torn away from the running thread (a signal): its fiber is lost, and the machine
  // is good for nothing but to be destroyed.
  void tear_down() noexcept;
  // The thread that was running then.
  ThreadIndex torn_thread() const { return torn_thread_; }

  // ---- the front end's side: called on the running thread -----------------------------------------
  void perform(Operation& op);
  ThreadIndex spawn(std::unique_ptr<detail::Task> task);
  void dropped_joinable(ThreadIndex thread) noexcept;
  void begin_step();
  void end_step();
  void created(detail::Object& object, Word initial, std::string_view name);
  void destroyed(detail::Object& object) noexcept;
  // The object's number; an object from outside the exploration joins it here.
  ObjectIndex index_of(detail::Object& object, Word outside) {
    return object.machine_ == serial_ ? object.index_ : join(object, outside);
  }
  [[noreturn]] void fail(std::string message, location where);
  // The same for an assertion after which the thread goes on.
  void note_failure(std::string message, location where);
  [[noreturn]] void lose_control(std::string message);
  OutcomeLog& outcomes() { return execution_.outcomes; }
  // Time-outs of timed waits, and spurious wake-ups and failures.
  Budget& timeouts() { return timeouts_; }
  Budget& spurious() { return spurious_; }
  // Whether the running thread may once more. A limit of time-outs that is reached is remembered.
  bool can_spend(const Budget& budget, bool timed);
  void spend(Budget& budget) { ++budget.spent[running_]; }
  // The running thread's virtual clock: it moves on when the thread sleeps.
  std::chrono::nanoseconds clock() const { return threads_[running_].clock; }
  void advance_clock(std::chrono::nanoseconds time) {
    threads_[running_].clock += std::max(time, time.zero());
  }
  Word unique_word() { return Word{++threads_[running_].unique_words} << 8 | (running_ + 1u); }
  // The queue of those who wait for an atomic object to change.
  ObjectIndex waiters_of(ObjectIndex atomic);
  // Objects that atomic_ref refers to, by address; and the object that stands for their list.
  ObjectIndex references();
  detail::Object* reference(const void* address);
  detail::Object* add_reference(const void* address, Word value);
  // Tracked memory.
  void allocated(void* memory, std::size_t size, std::size_t alignment, void (*destroy)(void*),
                 location where);
  // The object that stands for the tracked memory at this address, or no_object.
  ObjectIndex memory_at(const void* address) const;
  // The objects that live there, first the one that stands for the memory itself.
  std::vector<ObjectIndex> objects_in(ObjectIndex memory) const;
  bool abandoning() const { return abandoning_; }
  // Never returns to a thread that cannot be unwound; its stack is not used again.
  [[noreturn]] void leave_running_thread();

 private:
  struct Thread {
    Fiber* fiber = nullptr;
    std::unique_ptr<detail::Task> task;
    Operation* pending = nullptr;
    unsigned children = 0;
    unsigned objects = 0;
    unsigned step_depth = 0;  // of AtomicStep
    bool step_begun = false;
    unsigned abandonments = 0;  // how often it was told to unwind
    std::chrono::nanoseconds clock{};
    std::uint32_t unique_words = 0;
    unsigned futile = 0;  // how many of its events, up to the last one, changed nothing
    bool spinning = false;
    Operation spin;  // then: what it waits for before the pending operation
    unsigned spin_length = 0;
    std::vector<ObjectIndex> spin_objects;
    std::vector<Word> spin_seen;
  };
  // The answers of a futile iteration, given again and again to find out whether the thread ever leaves it.
  struct Probe {
    std::vector<EventIndex> iteration;
    std::size_t next = 0;
    unsigned answers = 0;
    bool left = false;
  };
  struct External {
    ObjectIndex object;
    Word initial;
  };

  void begin_thread(ThreadIndex thread);
  void resume(ThreadIndex thread);
  void run_thread();
  ObjectIndex join(detail::Object& object, Word outside);
  bool goes_on_in_step(Thread& self, Operation& op);
  void refuse(const Operation& op, ThreadIndex thread);
  void park(Operation& op);
  bool repeat_event(Operation& op, ThreadIndex thread);
  void repeat_spin(ThreadIndex thread);
  std::string divergence(const Operation& op, ThreadIndex thread) const;
  void record_event(Operation& op, ThreadIndex thread, unsigned alternative, ThreadSet enabled,
                    EventIndex source);
  void apply_from(Operation& op, ThreadIndex thread, EventIndex source);
  bool repeat_graph_event(Operation& op, ThreadIndex thread);
  void go_on(ThreadIndex thread);
  void apply(Operation& op, ThreadIndex thread);
  bool is_freed(ObjectIndex object) const { return object < freed_.size() && freed_[object] != no_event; }
  ObjectIndex memory_of(ObjectIndex object) const;
  void note_freed(const Operation& op, ThreadIndex thread);
  void note_futility(Thread& self, const Event& event);
  bool same_label(const Event& event, const Operation& op) const;
  bool never_leaves(ThreadIndex thread, const std::vector<EventIndex>& iteration);
  void wait_for_change(Thread& self, const std::vector<EventIndex>& iteration);
  bool answer_probe(Operation& op);
  void leave_probe();
  void refuse_os_threads(ThreadIndex thread) const;
  void report(Finding finding);
  void abandon_operation(const Operation& op);

  Execution& execution_;
  MemoryModel model_;
  bool graphs_;  // steps may read something else than the newest write
  SequentialMemory memory_;
  Coherence coherence_;
  Lineage& lineage_;
  ObjectTable objects_;
  StackPool stacks_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> idle_;
  std::vector<Thread> threads_;
  const std::function<void()>* body_ = nullptr;
  std::vector<External> externals_;

  struct Allocation {
    std::unique_ptr<detail::Object> object;  // stands for the memory
    void* memory;
    std::size_t size;
    std::size_t alignment;
    void (*destroy)(void*);
    location where;
    ThreadIndex thread;
  };
  void release_memory();

  std::vector<Allocation> allocations_;  // of this execution
  std::vector<const void*> addresses_;   // of the objects of this execution, while there are allocations
  std::vector<EventIndex> freed_;        // by object: where it was given back
  std::unordered_map<const void*, std::unique_ptr<detail::Object>> references_;
  ObjectIndex reference_list_ = no_object;

  Budget timeouts_;
  Budget spurious_;
  std::string left_out_;
  std::vector<ObjectIndex> waiters_;  // by atomic object; of this execution

  ThreadSet parked_;
  ThreadSet conditional_;  // parked with an operation that can block
  ThreadSet local_;
  ThreadSet finished_;
  ThreadIndex running_ = no_thread;
  unsigned nesting_ = 0;  // fibers between the machine and the running thread, that one included
  EventIndex event_ = no_event;
  EventIndex next_ = 0;  // index of the next event
  EventIndex kept_ = 0;  // events to repeat
  std::uint64_t steps_ = 0;
  bool abandoning_ = false;
  bool torn_ = false;
  ThreadIndex torn_thread_ = no_thread;
  bool alone_;  // the process had one OS thread when the machine was made
  std::optional<Probe> probe_;
  std::unordered_map<Hash, bool> endless_;  // what probing has shown
  std::optional<std::string> lost_;
  std::optional<std::string> nondeterminism_;
  std::uint32_t serial_;
};

// Unwinds a thread of an execution that is not going on. Not a std::exception, so that scenarios do not
// catch it by accident.
struct Abandoned {};

// Makes a machine the current one of this OS thread for a scope.
class CurrentMachine {
 public:
  explicit CurrentMachine(Machine& machine) : previous_(std::exchange(detail::current_machine, &machine)) {}
  ~CurrentMachine() { detail::current_machine = previous_; }
  CurrentMachine(const CurrentMachine&) = delete;
  CurrentMachine& operator=(const CurrentMachine&) = delete;

 private:
  Machine* previous_;
};

// "T1, T2 and main".
std::string names(const Machine&, ThreadSet);
// "T2 lock m": a step for messages.
std::string describe(const Machine&, ThreadIndex, OperationKind, ObjectIndex);

}  // namespace heddle::checker
