// tests/oracle/handles_program.hpp - a tiny language of programs that share objects and results by handles.
//
// Each thread has an owner (shared_ptr) and an observer (weak_ptr) of its own, both of one object that main
// has made before; a promise, a task and an asynchronous call. All share a slot (atomic<shared_ptr>), the
// futures of each other, a counter that tasks and calls add to, and the number of objects that have gone.
// What a thread has at its end goes then: the call is waited for first, then the owner is dropped, then the
// promise is broken and the task thrown away, if that has not happened.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::handles {

inline constexpr unsigned threads_max = 3;

enum class Op : std::uint8_t {
  // Owners:
  Make,     // owner = make_shared
  Drop,     // owner = null
  Load,     // owner = slot
  Store,    // slot = owner
  Swap,     // owner = exchange slot, owner
  Replace,  // compare_exchange slot, owner -> a new object; owner = what was there, if that fails
  Observe,  // observer = owner
  Lock,     // owner = observer.lock()
  Look,     // at the owner's object: which it is
  Count,    // the owners of an object that nobody else can have
  Gone,     // how many objects have gone
  // Results:
  SetValue,  // of the thread's own promise
  SetError,
  Break,  // destroys the promise
  Call,   // the thread's own task, which adds to the counter
  Get,    // of the promise of the thread `other`: its value or what is thrown
  IsReady,
  GetOfTask,
  Async,  // begins a call that adds to the counter, once the last one is over
  Defer,  // the same when it is asked for
  GetOfAsync,
};

struct Instruction {
  Op op = Op::Look;
  unsigned other = 0;
};
using Code = std::vector<Instruction>;

struct Program {
  bool shares = false;    // the threads begin with an owner of the object of main
  bool observes = false;  // and with an observer; main gives its owner up when all have begun
  std::vector<Code> threads;
};

enum class Profile : std::uint8_t { Owners, Results, Both };
std::string_view to_string(Profile);

// The same program for the same seed and profile, everywhere.
Program random_program(std::uint64_t seed, Profile profile);
std::string to_string(const Program&);
std::vector<Program> smaller(const Program&);

}  // namespace heddle::handles
