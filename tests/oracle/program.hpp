// tests/oracle/program.hpp - a tiny language of concurrent programs, to be explored in two ways.
//
// A Program is plain data: brute_force interprets it, translate runs it through Heddle's public types. All
// of them are valid, whatever is dropped from them, so that failures can be shrunk: a jump goes forward and
// not past the end of its list, and locking a mutex one holds, unlocking one or waiting with one that one
// does not hold, and joining oneself or a thread that is not there do nothing at all.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::oracle {

inline constexpr unsigned threads_max = 6;
inline constexpr unsigned variables_max = 6;
inline constexpr unsigned mutexes_max = 4;
inline constexpr unsigned conditions_max = 3;
inline constexpr unsigned shared_mutexes_max = 1;
inline constexpr unsigned semaphores_max = 2;
inline constexpr unsigned latches_max = 1;
inline constexpr unsigned onces_max = 1;
inline constexpr unsigned registers_max = 2;

using Registers = std::array<int, registers_max>;

enum class Op : std::uint8_t {
  Load,             // reg = variable
  Store,            // variable = value
  StoreRegister,    // variable = reg + value
  FetchAdd,         // reg = variable, variable += value
  CompareExchange,  // reg = variable, if it is `expected`: variable = value
  JumpIfEqual,      // over the next `skip` instructions of the list if reg == value
  JumpIfDifferent,
  Lock,
  LockBoth,  // and the mutex `other`, in one step
  Unlock,
  TryLock,  // reg = whether it succeeded
  Choose,   // reg = one of 0 .. value-1
  Block,    // the body as one step: data, jumps and what never waits
  // Of condition variables, each with its own mutex: mutex_of().
  Wait,
  TimedWait,  // reg = whether it was notified in time
  NotifyOne,
  NotifyAll,
  // Of a shared mutex. ReadUnlock gives back what one has of it.
  ReadLock,
  WriteLock,
  TryReadLock,  // reg = whether it succeeded
  TryWriteLock,
  ReadWriteUnlock,
  // Of semaphores, of which the n-th starts with n.
  Acquire,
  TryAcquire,  // reg = whether it succeeded
  Release,
  // Of a latch that waits for as many CountDowns as the program has.
  CountDown,
  AwaitLatch,
  CallOnce,  // of fetch_add variable 0, value
  Join,      // the thread with number `object`
  // Loops that only wait.
  Await,          // until variable == value
  AwaitEither,    // until variable == value or, looked at after it, the variable `other` == expected
  AwaitExchange,  // until variable == expected, which then becomes value
  // std::atomic::wait and its notifications.
  WaitForChange,  // while variable == value
  NotifyOneChange,
  NotifyAllChange,
};

struct Instruction {
  Op op = Op::Load;
  unsigned object = 0;  // number of the variable, of the mutex, ...
  unsigned other = 0;
  unsigned reg = 0;
  int value = 0;
  int expected = 0;
  unsigned skip = 0;
  std::vector<Instruction> body = {};
};
using Code = std::vector<Instruction>;

// With which mutex one waits on a condition variable: two of them share one.
constexpr unsigned mutex_of(unsigned condition) { return condition / 2; }

struct Program {
  unsigned variables = 0;
  unsigned mutexes = 0;
  bool waits = false;  // may have anything besides variables and mutexes
  std::vector<Code> threads;
};

// For programs written by hand.
Instruction load(unsigned variable, unsigned reg = 0);
Instruction store(unsigned variable, int value);
Instruction store_register(unsigned variable, unsigned reg, int plus);
Instruction fetch_add(unsigned variable, int value, unsigned reg = 0);
Instruction compare_exchange(unsigned variable, int expected, int value, unsigned reg = 0);
Instruction jump_if_equal(unsigned reg, int value, unsigned skip);
Instruction jump_if_different(unsigned reg, int value, unsigned skip);
Instruction lock(unsigned mutex);
Instruction lock_both(unsigned mutex, unsigned other);
Instruction unlock(unsigned mutex);
Instruction try_lock(unsigned mutex, unsigned reg = 0);
Instruction choose(int alternatives, unsigned reg = 0);
Instruction block(Code body);
Instruction on(Op op, unsigned object, unsigned reg = 0);  // for all that need no more
Instruction release(unsigned semaphore, int update);
Instruction call_once(unsigned once, int value);
Instruction await(unsigned variable, int value);
Instruction await_either(unsigned variable, int value, unsigned other, int expected);
Instruction await_exchange(unsigned variable, int expected, int value);
Instruction wait_for_change(unsigned variable, int old);

// How many instructions of this kind there are, those in blocks included.
unsigned count(const Program&, Op);

enum class Profile : std::uint8_t {
  Data,             // loads, stores, atomic updates, jumps
  Mutexes,          // and mutexes: deadlocks are wanted
  Blocks,           // data, and steps that touch several objects
  Mixed,            // all of these, with try-locks and unlocks inside the steps
  Choices,          // data, mutexes and choose()
  Synchronisation,  // data, mutexes and everything that waits
  Everything,       // and blocks, with try-locks and notifications in them, and waiting for a change
  Notifications,    // threads that wait on one condition variable, and threads that notify it
};
std::string_view to_string(Profile);

// The same program for the same seed and profile, everywhere.
Program random_program(std::uint64_t seed, Profile profile);

// One line per instruction, for messages.
std::string to_string(const Program&);

// How an execution ended: final registers of every thread, then memory.
std::string final_text(const std::vector<Registers>& registers, const std::vector<int>& memory);

// Every program with one part less: a thread, an instruction, the wrapping of a block, an alternative.
std::vector<Program> smaller(const Program&);

}  // namespace heddle::oracle
