// tests/oracle/lives_program.hpp - a tiny language of programs whose objects come and go.
//
// The threads make nodes, on the heap and on their stacks, hand their addresses over in atomic slots, use
// them and end them. The first list is that of main, which starts the others, waits for them and does what
// they do as well. Each thread has a register for each of the two places; heap and stack never meet, so that
// nobody deletes what is on a stack.
//
// Every program is valid, whatever is dropped from it: what needs a node does nothing without one, nor does
// unlocking what one does not hold, or joining whom nobody has started. A thread gives the mutex back before
// it waits for another and at its end; its own node goes then, and main joins the rest.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace heddle::lives {

inline constexpr unsigned threads_max = 4;  // main included

enum class Op : std::uint8_t {
  Make,       // reg = a new node; on the stack in place of the thread's last one
  End,        // deletes reg; on the stack the thread's own node
  EndIfLast,  // the same where the last Leave of the thread found that nobody else is left
  Publish,    // slot = reg
  Clear,      // slot = null
  Get,        // reg = slot
  Take,       // reg = exchange slot, null
  Swap,       // reg = exchange slot, reg
  Insert,  // compare_exchange slot, null -> reg; if that fails, reg ends (on the heap) and is what was there
  Remove,  // compare_exchange slot, reg -> null; reg = null if that fails
  Read,    // the variable of the node in reg
  Write,
  Look,   // at the atomic counter of the node in reg, which begins at `users`
  Mark,   // it = `users`
  Leave,  // fetch_sub of the counter, 1
  Fence,
  Lock,
  Unlock,
  Start,  // of main: the thread `object`
  Join,
};

enum class Place : std::uint8_t { Heap, Stack };

struct Instruction {
  Op op = Op::Read;
  Place place = Place::Heap;
  std::memory_order order = std::memory_order_seq_cst;
  unsigned object = 0;
};
using Code = std::vector<Instruction>;

struct Program {
  // Nodes of the heap are watched as heddle::tracked: they do not come back, and one that is left is a leak.
  bool tracked = false;
  int users = 2;
  std::vector<Code> threads;
};

// What a compare-exchange that fails does of the order.
constexpr std::memory_order order_of_failure(std::memory_order order) {
  return order == std::memory_order_acq_rel   ? std::memory_order_acquire
         : order == std::memory_order_release ? std::memory_order_relaxed
                                              : order;
}

// The same program for the same seed, everywhere.
Program random_program(std::uint64_t seed);
std::string to_string(const Program&);
std::vector<Program> smaller(const Program&);

}  // namespace heddle::lives
