// tests/oracle/loops_program.hpp - a tiny language of programs whose loops have a memory, or a bound.
//
// Each thread is a list of pieces, most of which are loops as people write them. What a thread remembers from
// one piece to the next, and at its end, are three registers: the last value that it saw, the greatest, and a
// count of its looks in vain.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::loops {

inline constexpr unsigned threads_max = 3;
inline constexpr unsigned variables_max = 2;
inline constexpr unsigned mutexes_max = 2;
inline constexpr int counted_max = 2;  // as far as a loop without a bound counts

enum class Kind : std::uint8_t {
  Store,           // variable = value
  Add,             // variable += value, in one step
  StoreLocked,     // the same as Store, under the mutex
  Spin,            // look at the variable until it is `value`
  SpinLocked,      // look under the mutex
  AddInLoop,       // compare_exchange until the variable is greater by `value` than it was seen
  TryLock,         // try to take the mutex until that succeeds; then variable += value under it
  BackOff,         // take the mutex, try the other, give back and begin again; then as TryLock
  BackOffSwapped,  // the same, and begin again with the other one
  Exchange,  // exchange the variable for 1 until it was 0: a lock; then the other variable += value; then 0
  LookThenExchange,  // the same, and look until it is 0 before each try
};

enum class Remember : std::uint8_t { Nothing, Last, Greatest, Count };

struct Piece {
  Kind kind = Kind::Store;
  unsigned variable = 0;
  unsigned mutex = 0;
  int value = 0;
  int bound = 0;        // looks or tries before it gives up; 0: none
  int yield_after = 0;  // looks or tries; 0: never. Of loops without a bound
  Remember remember = Remember::Nothing;
};
using Code = std::vector<Piece>;
using Program = std::vector<Code>;

struct Registers {
  int last = 0;
  int greatest = 0;
  int count = 0;
};
// What a thread remembers of a look.
void remember(const Piece& piece, int seen, Registers& registers);

enum class Profile : std::uint8_t {
  Bounded,   // every loop gives up
  Stateful,  // loops that wait and remember
  Locks,     // loops that try to take mutexes
  Mixed,
};
std::string_view to_string(Profile);

// The same program for the same seed and profile, everywhere.
Program random_program(std::uint64_t seed, Profile profile);
std::string to_string(const Program&);
std::vector<Program> smaller(const Program&);

// How an execution ended.
std::string final_text(const std::array<Registers, threads_max>& registers,
                       const std::array<int, variables_max>& memory);

}  // namespace heddle::loops
