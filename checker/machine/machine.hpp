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
// One Machine serves one exploration on one OS thread. Threads live on fibers, and allocate from heaps, whose
// addresses are the same in every execution. An execution that
// ends early is abandoned: an exception unwinds the parked threads, so that destructors run, and
// operations done on the way are void.
#pragma once

#include "checker/core/causality.hpp"
#include "checker/core/execution.hpp"
#include "checker/core/operation.hpp"
#include "checker/machine/lent_memory.hpp"
#include "checker/machine/lineage.hpp"
#include "checker/machine/lives.hpp"
#include "checker/machine/loops.hpp"
#include "checker/machine/object_table.hpp"
#include "checker/machine/scenario_memory.hpp"
#include "checker/machine/snapshot.hpp"
#include "checker/machine/survivors.hpp"
#include "checker/machine/wide_values.hpp"
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

// What the machines of an exploration share: they give threads and objects the same numbers and what is
// allocated the same addresses, and know the same of loops. Only one of them has an execution at a time.
struct Ground {
  explicit Ground(const Options& options) : storage(options.stack_bytes), survivors(storage) {}

  Lineage lineage;
  ScenarioMemory storage;
  Survivors survivors;
  LoopMemo loops;
};

class Machine {
 public:
  // `ground` outlives the machine.
  Machine(Execution& execution, Ground& ground, const Options& options);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Starts the next execution: abandons the current one and runs main up to its first operation. The
  // events that the trace holds are repeated by repeat(). `body` must outlive it.
  void start(const std::function<void()>& body);
  // The same execution from its beginning: threads that go round and round are known for that.
  void start_again();
  void abandon();
  // The next executions are rehearsals: loops are not judged. With the memory of the system what a program
  // makes when it is first needed outlives the execution that needs it, but its addresses are those of no
  // other one.
  enum class Memory : std::uint8_t { OfTheThreads, OfTheSystem };
  void rehearse(Memory memory) {
    rehearses_ = true;
    memory_of_system_ = memory == Memory::OfTheSystem;
  }
  void end_rehearsal() {
    clear_away();
    lent_.end([&](void* memory, std::size_t size) { survivors_.adopt(memory, size); });
    rehearses_ = memory_of_system_ = false;
  }
  bool has_memory_of_system() const { return memory_of_system_; }
  // The same, and objects from outside have their values there again.
  void clear_away();

  // Threads that can take a step.
  ThreadSet enabled() const {
    ThreadSet result = parked_ - conditional_;
    for (const ThreadIndex t : conditional_) {
      const Thread& each = threads_[t];
      if (each.stopped && !(loops_go_on_ && would_leave_loop(t))) continue;
      if (!can_block(each.pending->kind) || sync::enabled(*each.pending, t, memory_, finished_))
        result.insert(t);
    }
    return result;
  }
  // Of these, the ones whose operation is_local().
  ThreadSet local(ThreadSet enabled) const { return enabled & local_; }
  ThreadSet unfinished() const { return parked_; }
  // What a parked thread is about to do; of one that was stopped in a loop, what it waits for.
  const Operation& pending(ThreadIndex thread) const {
    return threads_[thread].stopped ? threads_[thread].spin : *threads_[thread].pending;
  }

  // Repeats the events that the trace held when the execution was started.
  void repeat();
  // Performs the pending operation of an enabled thread as the next event; `enabled` is noted with it.
  // `alternative` answers a choose(). It reads what the event `source` wrote, or writes right after that in
  // coherence order; no_event stands for the initial value. Both throw ControlLost: when a repeated event
  // turns out different, or when the thread did something the checker cannot see.
  static constexpr EventIndex newest_write = no_event - 1;
  void run(ThreadIndex thread, unsigned alternative, ThreadSet enabled, EventIndex source = newest_write);

  // Whether the thread has come to an operation that it has performed before, as far as is known.
  bool may_be_back(ThreadIndex thread) const;
  // Looks whether the iteration of a loop that has brought it there was futile (loops.hpp); then the thread
  // is stopped, and its pending operation is a Spin. Returns false when that cannot be told yet: the
  // execution has to be started and repeated again. `causality` covers the trace.
  bool judge_loop(ThreadIndex thread, const Causality& causality);
  // Whether threads that were stopped go on once something that they have read is different.
  void let_loops_go_on(bool yes) { loops_go_on_ = yes; }
  // Whether the thread has read something that is different now, or was while it looked: the same iteration
  // would not come about again. REQUIRES: pending(thread) is a Spin.
  bool would_leave_loop(ThreadIndex thread) const {
    const Thread& self = threads_[thread];
    return self.spin_straddles || sync::enabled(self.spin, thread, memory_, finished_);
  }
  // Whether its iteration writes nothing, and has read something that was written again later, the same or
  // not. Only looks move then if it comes later. REQUIRES: pending(thread) is a Spin, and reads are of the
  // newest write.
  bool looked_before_newest(ThreadIndex thread) const;
  bool lets_loops_go_on() const { return loops_go_on_; }
  // Of how many events, the thread's last, the iteration consists that it goes through in vain.
  // REQUIRES: pending(thread).kind == OperationKind::Spin.
  unsigned spin_length(ThreadIndex thread) const { return threads_[thread].spin_length; }
  // The event from which on the scenario has come back to where it was as a whole, by steps that others can
  // tell.
  std::optional<EventIndex> circle() const { return circle_; }
  // Threads that have come back to the same place many times: others should get a turn.
  ThreadSet going_round() const { return going_round_; }
  // Whether a thread has come back to where it was by its last operation.
  bool comes_round() const {
    return std::any_of(threads_.begin(), threads_.end(), [](const Thread& each) { return each.rounds > 0; });
  }
  // Whether the thread is at a place where a loop has been in vain; its state there is of interest, before
  // the operation is performed. `past` stands for what it has seen.
  bool is_head(ThreadIndex thread) const;
  void note_state(ThreadIndex thread, Hash past);

  const Lineage& lineage() const { return lineage_; }
  const Trace& trace() const { return execution_.trace; }
  const ObjectInfo& object(ObjectIndex object) const { return objects_[object]; }
  Word value(ObjectIndex object) const { return memory_.peek(object); }
  // The order of the writes, where it is not that of the trace: under models other than sc.
  const Coherence& coherence() const { return coherence_; }
  MemoryModel model() const { return model_; }
  // Where a thread was started: after so many steps and earlier children of its parent.
  struct Start {
    ThreadIndex parent = no_thread;
    std::uint32_t steps = 0;
    std::uint32_t nth = 0;
  };
  const Start& start_of(ThreadIndex thread) const { return threads_[thread].start; }
  const Life& life(ObjectIndex object) const { return lives_[object]; }
  // Objects whose life has ended since this was asked.
  std::vector<ObjectIndex> take_ended() { return lives_.take_ended(); }
  // The atomic object whose waiters these are, or the object itself; and the other way round, or no_object.
  ObjectIndex owner_of(ObjectIndex object) const {
    return object < owners_.size() && owners_[object] != no_object ? owners_[object] : object;
  }
  ObjectIndex waiters_known_of(ObjectIndex atomic) const {
    return atomic < waiters_.size() ? waiters_[atomic] : no_object;
  }
  // The plural of each kind of object that there has been in any execution, and how many.
  std::vector<std::pair<std::string, unsigned>> watched() const;
  // How to print the value of an object that is a pointer: "node#T1.2" for T1's second block, with what is
  // left behind it, "&next" for the object of that name elsewhere; "null", "non-null".
  std::string pointer_text(Word pointer) const;
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
  void forget_left_out() { left_out_.clear(); }
  void leave_out(const std::string& what) {
    const InChecker checker;
    if (left_out_.empty()) left_out_ = what;
  }
  // Reports the tracked memory that nobody has given back, and other memory that nothing leads to any more.
  // REQUIRES: every thread has ended.
  void report_leaks();
  // The stack of the running thread. REQUIRES: running() != no_thread.
  const Stack& running_stack() const { return threads_[running_].fiber->stack(); }
  // After control was torn away from the running thread (a signal): its fiber is lost, and the machine
  // is good for nothing but to be destroyed.
  void tear_down() noexcept;
  // The thread that was running then.
  ThreadIndex torn_thread() const { return torn_thread_; }

  // ---- the front end's side: called on the running thread -----------------------------------------
  // `remembered`: where in the stack of the thread that begins which the scenario remembers while it waits,
  // apart from the operation; null: all of it.
  void perform(Operation& op, const void* remembered = nullptr);
  ThreadIndex spawn(std::unique_ptr<detail::Task> task);
  void dropped_joinable(ThreadIndex thread) noexcept;
  void begin_step();
  void end_step();
  void created(detail::Object& object, Word initial, std::string_view name);
  void destroyed(detail::Object& object) noexcept;
  // The object's number; an object from outside the exploration joins it here.
  ObjectIndex index_of(detail::Object& object, Word outside) {
    return knows(object) ? object.index_ : join(object, outside);
  }
  // Whether the object is of this execution, or has joined it. What lies where one has ended may look like
  // it.
  bool knows(const detail::Object& object) const {
    return object.machine_ == serial_ && lives_.is_at(object.index_, &object);
  }
  // What gives an object from outside the value back that it has there, at the end of each execution.
  void restore_later(detail::Object& object, const std::function<void()>& restore);
  [[noreturn]] void fail(const std::string& message, location where);
  // The same for an assertion after which the thread goes on.
  void note_failure(const std::string& message, location where);
  [[noreturn]] void lose_control(const std::string& message);
  OutcomeLog& outcomes() { return execution_.outcomes; }
  // Time-outs of timed waits, and spurious wake-ups and failures.
  Budget& timeouts() { return timeouts_; }
  Budget& spurious() { return spurious_; }
  // Whether the running thread may once more. A limit of time-outs that is reached is remembered.
  bool can_spend(const Budget& budget, bool timed);
  void spend(Budget& budget) { ++budget.spent[running_]; }
  // The running thread's virtual clock: it moves on when the thread sleeps or its time runs out.
  std::chrono::nanoseconds clock() const { return threads_[running_].clock; }
  // From now on where the clock stands makes a difference.
  void note_clock_read() { clock_read_ = true; }
  void advance_clock(std::chrono::nanoseconds until) {
    threads_[running_].clock = std::max(threads_[running_].clock, until);
  }
  void at_thread_exit(std::unique_ptr<detail::Task> task) {
    threads_[running_].at_exit->push_back(std::move(task));
  }
  // What the process does when main has returned, unless that is over: the last first.
  void at_process_exit(std::unique_ptr<detail::Task> task);
  // What stands for the initialisation of the variable of static storage duration with this guard.
  detail::Object& guard_of(const void* guard);
  Word unique_word() { return Word{++threads_[running_].unique_words} << 8 | (running_ + 1u); }
  // What words of values that do not fit one stand for.
  WideValues& wide_values() { return wide_values_; }
  // The queue of those who wait for an atomic object to change.
  ObjectIndex waiters_of(ObjectIndex atomic);
  // Objects that atomic_ref refers to, by address; and the object that stands for their list.
  ObjectIndex references();
  detail::Object* reference(const void* address);
  detail::Object* add_reference(const void* address, Word value);
  // `operator new` of the running thread, whose heap this is.
  void* allocate(Heap& heap, std::size_t size, std::size_t alignment) {
    return memory_of_system_ ? lent_.allocate(size, alignment, running_)
                             : heap.allocate(size, alignment, event_);
  }
  // `operator delete` of what lies in the heap `home`; `heap` is that of the thread that does it, or null.
  // Giving back twice, or what was not allocated, is a defect.
  void give_back(Heap& home, void* memory, Heap* heap) noexcept;
  // The same, by the running thread, of what is no scenario's. Returns whether it is kept for a while.
  bool give_back_of_system(void* memory) noexcept;
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
    std::vector<std::unique_ptr<detail::Task>>* at_exit = nullptr;
    Operation* pending = nullptr;
    Start start;
    const void* remembered = nullptr;  // perform()'s
    unsigned children = 0;
    unsigned objects = 0;
    unsigned step_depth = 0;  // of AtomicStep
    bool step_begun = false;
    unsigned abandonments = 0;  // how often it was told to unwind
    std::chrono::nanoseconds clock{};
    std::uint32_t unique_words = 0;
    std::uint32_t performed = 0;  // operations, in this execution
    // Operations that it has performed, by a hash of their places.
    std::array<std::uint64_t, 4> passed{};
    unsigned rounds = 0;  // how often in a row it came back to where it had been
    LoopMemo::Remains remains = LoopMemo::Remains::Unknown;  // of its last operation
    bool stopped = false;                                    // in a loop
    Operation spin;                                          // then: what it waits for
    unsigned spin_length = 0;
    bool spin_straddles = false;  // others have written in the middle of it what it read
    std::vector<ObjectIndex> spin_objects;
    std::vector<Word> spin_seen;
  };
  // What is of interest about a thread's event of this number: the state of the scenario before it, or what
  // the thread leaves behind between it and the next. `past` stands for what the thread has seen there.
  struct Wanted {
    enum class What : std::uint8_t { State, Remains };
    ThreadIndex thread;
    std::uint32_t number;
    Hash past;
    What what;
  };
  struct External {
    ObjectIndex object;
    Word initial;
    std::function<void()> restore;  // of a value that is no word, or null
  };

  void begin_thread(ThreadIndex thread);
  void resume(ThreadIndex thread);
  void add_values(Reach& reach) const;
  void report_lost_blocks();
  void report_lost(const Block& block);
  void report_second_free(std::size_t size, ThreadIndex thread);
  void report_wrong_free(const void* memory);
  void run_thread();
  void end_process();
  ObjectIndex join(detail::Object& object, Word outside);
  void restore_externals();
  bool goes_on_in_step(Thread& self, Operation& op);
  void refuse(const Operation& op, ThreadIndex thread);
  void carry_out(Operation& op, const void* remembered);
  void park(Operation& op);
  bool repeat_event(Operation& op, ThreadIndex thread);
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
  static Hash place_of(OperationKind kind, location where);
  static void note_passed(Thread& self, const Operation& op);
  bool same_label(const Event& event, const Operation& op) const;
  Hash state_of(ThreadIndex thread) const;
  Hash state_around(ThreadIndex thread) const;
  void note_state(LoopMemo::Arrival& here, ThreadIndex thread) const;
  // Of a thread's last `length` events, the first of which is `event`.
  struct LeftBehind {
    unsigned length = 0;
    EventIndex event = no_event;
    bool some = false;
    bool missing = false;  // of some of them it is not known
  };
  std::optional<bool> leaves_remains(ThreadIndex thread, unsigned length, const Causality& causality,
                                     LeftBehind& known);
  void stop_in_loop(ThreadIndex thread, unsigned length);
  void note_circle(ThreadIndex thread);
  Word value_before(const Access& access) const;
  void note_attempt(const Operation& op);
  void leave_out_attempts(ObjectIndex mutex);
  bool is_wanted(ThreadIndex thread) const;
  void note_wanted_state(ThreadIndex thread);
  std::optional<Hash> around_before(ThreadIndex thread) const;
  // Of a thread that goes round and round it is looked at once for all what it leaves behind.
  static bool will_be_asked(const Thread& self) { return self.rounds > 8; }
  LoopMemo::Remains remains_of(ThreadIndex thread, Hash around_before) const;
  void note_remains(ThreadIndex thread, Hash before);
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
  ScenarioMemory& storage_;
  Survivors& survivors_;
  LentMemory lent_;
  std::vector<Thread> threads_;
  const std::function<void()>* body_ = nullptr;
  std::vector<External> externals_;
  WideValues wide_values_;

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
  std::vector<EventIndex> freed_;        // by object: where it was given back
  std::unordered_map<const void*, std::unique_ptr<detail::Object>> references_;
  ObjectIndex reference_list_ = no_object;
  std::unordered_map<const void*, std::unique_ptr<detail::Object>> guards_;
  std::vector<std::unique_ptr<detail::Task>> at_process_exit_;
  bool process_ends_ = false;

  Budget timeouts_;
  Budget spurious_;
  std::string left_out_;
  std::vector<ObjectIndex> waiters_;  // by atomic object; of this execution
  std::vector<ObjectIndex> owners_;   // by waiters
  Lives lives_;

  ThreadSet parked_;
  ThreadSet conditional_;  // parked with an operation that can block
  ThreadSet local_;
  ThreadSet finished_;
  ThreadSet going_round_;
  ThreadIndex running_ = no_thread;
  unsigned nesting_ = 0;  // fibers between the machine and the running thread, that one included
  EventIndex event_ = no_event;
  EventIndex next_ = 0;  // index of the next event
  EventIndex kept_ = 0;  // events to repeat
  std::uint64_t steps_ = 0;
  bool abandoning_ = false;
  bool rehearses_ = false;
  bool memory_of_system_ = false;
  bool torn_ = false;
  ThreadIndex torn_thread_ = no_thread;
  bool alone_;  // the process had one OS thread when the machine was made
  LoopMemo& loops_;
  StaticMemory statics_{StaticMemory::Of::Program};
  std::vector<Wanted> wanted_;    // while an execution is repeated
  std::vector<unsigned> rounds_;  // the same, of threads: as they were before
  bool loops_go_on_ = true;
  // States of the whole scenario in this execution, where loops came round, and how long the trace was.
  std::unordered_map<Hash, EventIndex> been_;
  std::optional<EventIndex> circle_;
  bool clock_read_ = false;  // in any execution: else it is no part of the state
  std::optional<std::string> lost_;
  std::optional<std::string> nondeterminism_;
  std::uint32_t serial_;
};

// Unwinds a thread of an execution that is not going on.
struct Abandoned : detail::Unwinding {};

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
