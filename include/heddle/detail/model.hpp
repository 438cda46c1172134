// heddle/detail/model.hpp - the one door between the public types and the checker.
//
// Each public type asks in_model() and then either describes its operation through one of these
// functions, or does the real thing on the real `std::` object. Nothing else of the checker is
// visible to a user's translation unit. Not part of the stable interface.
#pragma once

#include <heddle/detail/word.hpp>
#include <heddle/location.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace heddle::checker {
class Machine;
}

namespace heddle::detail {

// The machine that runs the calling code, or null outside an exploration: the only mutable global.
extern constinit thread_local checker::Machine* current_machine;

inline bool in_model() noexcept { return current_machine != nullptr; }

// Thrown to end the calling thread: its execution is abandoned, or an expectation has failed. Not a
// std::exception, so that scenarios do not catch it by accident; whoever keeps what a user's function throws
// lets it pass.
struct Unwinding {};

// A step that a destructor takes. When the thread is ended instead, its next step says so again.
template <class Step>
void in_destructor(Step step) noexcept {
  try {
    step();
  } catch (const Unwinding&) {
  }
}

enum class ObjectKind : std::uint8_t {
  Variable,
  Atomic,
  Mutex,
  RecursiveMutex,
  SharedMutex,
  Waiters,  // of a condition variable, or of an atomic object
  Semaphore,
  Latch,
  Barrier,
  Once,
  Future,
  History,  // of calls of a concurrent object
  Memory,   // whose life is watched
};

// The identity of a shared object: assigned by lineage (creating thread, how many it had created).
// An object made outside an exploration joins one when it is first used there, and every execution
// then starts from the value it has outside.
class Object {
 public:
  Object(ObjectKind kind, std::string_view name, Word initial, WordFormat format);
  ~Object();
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  ObjectKind kind() const noexcept { return kind_; }
  // Empty for objects made inside an exploration.
  const std::string& name() const noexcept { return name_; }

 private:
  friend class checker::Machine;
  std::uint32_t machine_ = 0;  // serial number of the machine that knows this object; 0: none
  std::uint32_t index_ = 0;
  ObjectKind kind_;
  WordFormat format_;
  std::string name_;  // kept only for objects made outside an exploration
};

using Modify = Word (*)(Word current, Word operand) noexcept;

// `outside` is the value the object has outside the exploration, used when it joins.
// `compound` marks the two halves of an operation like `++x` that a reader takes for one.
Word load(Object&, Word outside, std::memory_order, bool compound, location);
void store(Object&, Word outside, Word value, std::memory_order, bool compound, location);
Word read_modify_write(Object&, Word outside, Word operand, Modify, std::memory_order, location);
// Returns whether it succeeded; `expected` receives the value found.
bool compare_exchange(Object&, Word outside, Word& expected, Word desired, std::memory_order success,
                      std::memory_order failure, location);

void fence(std::memory_order, location);
// The identity of an object that is not one of Heddle's, for atomic_ref; null outside an exploration.
Object* refer(const void* address, Word value);
// Its newest value, in coherence order.
Word newest(Object&);
// The word that stands for these bytes, and the other way round. REQUIRES: in_model().
Word intern(const void* bytes, std::size_t size);
void recall(Word word, void* bytes, std::size_t size);
// Whether the exploration has met the object before.
bool is_known(const Object&);
// Of an object from outside that it has not met: gives it the value back that it has now, at the end of each
// execution. Without such a function that is impossible, and control is lost.
void restore_later(Object&, std::function<void()> restore);
// Waiters of an atomic object, and what it was when they looked: std::atomic::wait.
void wait_for_change(Object&, Word outside, Word old, std::memory_order, location);
// Begins to wait if the atomic object still has the value `old`, so that what is notified of a change is not
// missed in between. Returns whether it does.
bool begin_to_wait(Object& waiters, Object& watched, Word old, std::memory_order, location);
void notify_changed(Object&, Word outside, bool all, location);

void lock(Object&, location);
// Takes all of them in one step, as soon as all are free.
void lock_all(std::span<Object* const>, location);
bool try_lock(Object&, location);
void unlock(Object&, location);
void lock_shared(Object&, location);
bool try_lock_shared(Object&, location);
void unlock_shared(Object&, location);

// Begins to wait and unlocks the mutex, if there is one. Returns false when the caller did not hold it.
bool wait(Object& waiters, Object* mutex, location);
// Ends that with the mutex locked. Returns whether there was a notification; `timed`: there need not be.
bool wake_up(Object& waiters, Object* mutex, bool timed, location);
void notify(Object& waiters, bool all, location);

void acquire(Object&, location);
bool try_acquire(Object&, location);
// `most`: the greatest counter that may be added to.
void release(Object&, Word update, Word most, location);

void count_down(Object&, Word update, location);
// The object's word, as a read of an atomic object.
Word peek(Object&, location);
// Until a latch is at zero, phase `phase` of a barrier is over, a future is ready.
void await(Object&, Word phase, location);

struct Arrival {
  Word phase;
  bool last;  // and so the caller has to complete the phase
};
// acq_rel: who completes the phase knows what the others knew when they arrived.
Arrival arrive(Object&, bool drop, std::memory_order, location);
void complete_phase(Object&, location);

// Gives a future its result, with which it is ready, or becomes so by make_ready(). Returns false when it has
// one already.
bool give_result(Object&, bool ready, location);
void make_ready(Object&, location);
bool is_ready(Object&, location);
// Returns whether the caller is to make the call.
bool begin_once(Object&, location);
void end_once(Object&, bool done, location);

// Memory that is given back by deallocate(), and kept out of use until the end of the execution; outside an
// exploration that of operator new.
void* allocate(std::size_t size, std::size_t alignment, void (*destroy)(void*), location);
// With the objects that live there: whoever accesses them afterwards is reported.
void deallocate(void* memory, std::size_t alignment, location);

// The call of an operation of a concurrent object, and its return: who called after whose return matters.
void call(Object& history, location);
void return_from(Object& history, location);

// What a new thread runs. Destroyed on that thread when it ends.
struct Task {
  virtual void run() = 0;
  virtual ~Task() = default;
};
std::uint32_t spawn(std::unique_ptr<Task>);
// Runs it when the calling thread has ended, but for what it leaves to that moment: after earlier ones. Works
// outside an exploration, too.
void at_thread_exit(std::unique_ptr<Task>);
void join(std::uint32_t thread, location);
// A joinable thread object was destroyed or assigned to: std::terminate in a real program.
void dropped_joinable(std::uint32_t thread) noexcept;

std::size_t choose(std::size_t alternatives, location);
void assume(bool condition, location);
void yield(location);
// The thread's virtual clock.
std::chrono::nanoseconds now();
// The same for the scenario, which may remember what it has seen.
std::chrono::nanoseconds read_clock();
// Moves it on, if it is not there yet: when a wait has timed out, and by a step of its own.
void time_out(std::chrono::nanoseconds deadline);
void sleep(std::chrono::nanoseconds deadline, location);
// The number of the calling thread; main is 0.
std::uint32_t current_thread();
// A word that no other write of the exploration has: stands for a value that does not fit one.
Word unique_word();
// Whether an operation that may fail for no reason does so this time: explored within Options::spurious.
bool fails_spuriously(location);

// While one exists, the operations of this thread are parts of one step: no other thread runs between
// them unless one of them has to wait. An operation that can wait is a step of its own when it comes first.
// The step synchronises by the memory orders of all its operations together.
class AtomicStep {
 public:
  AtomicStep();
  ~AtomicStep();
  AtomicStep(const AtomicStep&) = delete;
  AtomicStep& operator=(const AtomicStep&) = delete;
};

void record_outcome(std::string_view name, Word value, WordFormat format);
void record_outcome(std::string_view name, std::string_view text);
// Records the failed expectation and ends the calling thread; aborts outside an exploration and a native run.
// "node#T1.2", "&next"; outside the checker "null" or "non-null".
std::string pointer_text(Word pointer);
[[noreturn]] void expectation_failed(std::string message, location);

}  // namespace heddle::detail
