// tests/graphs/candidates.hpp - every way in which the reads of a Program can get their values.
//
// A read names the instruction it reads from; then the thread of that instruction runs up to it, with the
// reads on its way naming theirs. So values are never guessed, what runs next is never a choice, and each
// assignment of instructions to reads comes up once. A read that would come, by program order and reads-from,
// before the instruction it reads from finds that thread waiting for its own: every model here excludes such
// a cycle.
#pragma once

#include "tests/graphs/axioms.hpp"
#include "tests/graphs/program.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace heddle::graphs {

struct Waiting {
  unsigned location = 0;
  Op op = Op::Lock;  // Lock, Acquire or one that awaits
  int value = 0;     // of the variable: what is awaited, or what is not
};

// Whether one that waits can go on with this value.
bool satisfies(const Waiting& waiting, int value);

struct Candidate {
  Events events;  // the initial ones first: that of location n has number n
  std::vector<Registers> registers;
  // Threads that have not ended, each before an operation that can wait. One that waits for a change of two
  // variables comes twice, because it goes on when either of them has another value.
  std::vector<Waiting> waiting;
};

// Variables, then mutexes (0 is free), then semaphores.
unsigned locations(const Program& program);

// Whether it has listed them all, with no more than `steps_max` steps.
bool for_each_candidate(const Program& program, std::size_t steps_max,
                        const std::function<void(const Candidate&)>& visit);

}  // namespace heddle::graphs
