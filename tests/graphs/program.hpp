// tests/graphs/program.hpp - a tiny language of programs whose memory orders matter.
//
// A Program is plain data: the oracle judges it by the axioms, translate runs it through Heddle's public
// types. All of them are valid, whatever is dropped from them, so that failures can be shrunk: a jump goes
// forward and not past the end of its thread, and locking a mutex one holds or unlocking one that one does
// not hold does nothing at all.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::graphs {

inline constexpr unsigned threads_max = 4;
inline constexpr unsigned variables_max = 4;
inline constexpr unsigned mutexes_max = 2;
inline constexpr unsigned semaphores_max = 2;
inline constexpr unsigned registers_max = 2;
inline constexpr unsigned length_max = 24;  // instructions of one thread

using Order = std::memory_order;
using Registers = std::array<int, registers_max>;

enum class Op : std::uint8_t {
  // Of variables, which are atomic and start with 0.
  Load,             // reg = variable
  Store,            // variable = value
  FetchAdd,         // reg = variable, variable += value
  Exchange,         // reg = variable, variable = value
  CompareExchange,  // reg = variable, if it is `expected`: variable = value
  Fence,
  // Loops that wait. What is awaited is the end of one iteration.
  Await,                 // of loads, until variable == value
  AwaitExchange,         // of exchanges, until one finds what is not value
  AwaitCompareExchange,  // until one finds `expected`
  AwaitBoth,             // while variable == value and then other == other_value; reg = the last value read
  AwaitEither,           // while variable != value and then other != other_value
  JumpIfEqual,           // over the next `skip` instructions if reg == value
  JumpIfDifferent,
  Lock,
  Unlock,
  TryLock,  // reg = whether it succeeded
  // Of semaphores, of which the n-th starts with n.
  Acquire,
  Release,  // value times
};

struct Instruction {
  Op op = Op::Load;
  unsigned object = 0;  // number of the variable, of the mutex, ...
  unsigned reg = 0;
  int value = 0;
  int expected = 0;
  unsigned skip = 0;
  Order order = Order::seq_cst;
  Order failure = Order::seq_cst;  // of a CompareExchange that finds another value
  bool plus_reg = false;           // Store, Await: the value is value + reg
  bool yields = false;             // a loop: after every iteration in vain
  // Of a loop over two variables; not the first again.
  unsigned other = 0;
  int other_value = 0;
  Order other_order = Order::seq_cst;
};
using Code = std::vector<Instruction>;

inline int value_of(const Instruction& i, const Registers& registers) {
  return i.plus_reg ? i.value + registers[i.reg] : i.value;
}
inline bool waits_for_two(Op op) { return op == Op::AwaitBoth || op == Op::AwaitEither; }
// Whether a loop over two variables ends when it has read this from the first, or from the second.
inline bool leaves(const Instruction& i, bool second, int read) {
  return (read == (second ? i.other_value : i.value)) == (i.op == Op::AwaitEither);
}

struct Program {
  unsigned variables = 0;
  unsigned mutexes = 0;
  unsigned semaphores = 0;
  std::vector<Code> threads;
};

// For programs written by hand.
Instruction load(unsigned variable, Order order, unsigned reg = 0);
Instruction store(unsigned variable, int value, Order order);
Instruction fetch_add(unsigned variable, int value, Order order, unsigned reg = 0);
Instruction exchange(unsigned variable, int value, Order order, unsigned reg = 0);
Instruction compare_exchange(unsigned variable, int expected, int value, Order success, Order failure,
                             unsigned reg = 0);
Instruction await(unsigned variable, int value, Order order);
Instruction await_exchange(unsigned variable, int value, Order order, unsigned reg = 0);
Instruction await_compare_exchange(unsigned variable, int expected, int value, Order success, Order failure);
Instruction await_both(unsigned variable, int value, Order order, unsigned other, int other_value,
                       Order other_order, unsigned reg = 0);
Instruction await_either(unsigned variable, int value, Order order, unsigned other, int other_value,
                         Order other_order, unsigned reg = 0);
Instruction plus_reg(Instruction instruction, unsigned reg);
Instruction yielding(Instruction await);
Instruction fence(Order order);
Instruction jump_if_equal(unsigned reg, int value, unsigned skip);
Instruction jump_if_different(unsigned reg, int value, unsigned skip);
Instruction lock(unsigned mutex);
Instruction unlock(unsigned mutex);
Instruction try_lock(unsigned mutex, unsigned reg = 0);
Instruction acquire(unsigned semaphore);
Instruction release(unsigned semaphore, int update = 1);

// How many instructions of this kind there are.
unsigned count(const Program&, Op);
bool contains(const Program&, std::initializer_list<Op>);  // one of them at least

enum class Profile : std::uint8_t {
  Plain,   // relaxed loads and stores
  Orders,  // loads, stores and fences of all orders
  Rmw,     // and atomic updates and jumps
  SeqCst,  // mainly seq_cst: accesses, or relaxed ones around fences
  Locks,   // mutexes, semaphores, and data: deadlocks are wanted
  Awaits,  // loops that wait, and data
  Spins,   // loops of updates, as those of a spin lock, what frees it, and data
  Loops,   // loops that wait for one of two variables, and data
};
inline constexpr std::array<Profile, 8> profiles = {Profile::Plain,  Profile::Orders, Profile::Rmw,
                                                    Profile::SeqCst, Profile::Locks,  Profile::Awaits,
                                                    Profile::Spins,  Profile::Loops};
std::string_view to_string(Profile);

// The same program for the same seed and profile, everywhere.
Program random_program(std::uint64_t seed, Profile profile);

// One line per instruction, for messages.
std::string to_string(const Program&);

// How an execution ended: final registers of every thread, then memory.
std::string final_text(const std::vector<Registers>& registers, const std::vector<int>& memory);

// Every program with one part less: a thread, an instruction, an order, the read or the write of an update.
std::vector<Program> smaller(const Program&);

}  // namespace heddle::graphs
