// tests/oracle/brute_force.hpp - all interleavings of a Program, by an interpreter of its own.
//
// Shares nothing with the checker: neither the machine nor the definition of dependence nor the hashes.
// Two steps are dependent if they are of one thread, or touch one object that one of them writes. Two
// interleavings are of one class (a Mazurkiewicz trace) if they have the same steps, with the same answers
// of choose, and order all dependent ones alike.
#pragma once

#include "tests/oracle/program.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace heddle::oracle {

// Which of the waiting threads a notify_one is for.
enum class NotifyOne : std::uint8_t {
  WhoeverWakesFirst,  // of those who wait then: nothing is decided before a thread wakes up
  AnyOfThem,          // decided at once, as an answer of choose would be. Not for those in blocks.
};

struct Behaviour {
  std::uint64_t classes = 0;     // deadlocked ones included
  std::uint64_t deadlocked = 0;  // classes
  std::uint64_t interleavings = 0;
  std::set<std::string> outcomes;  // final_text() of the interleavings in which every thread ends
};

// Takes equivalent beginnings for one: what follows them is the same. Gives up, without a value, when there
// are more than `beginnings_max` different ones.
std::optional<Behaviour> brute_force(const Program& program, std::size_t beginnings_max,
                                     NotifyOne notify_one = NotifyOne::WhoeverWakesFirst);

// The same by the letter of the definition: one interleaving after the other, and every pair of steps.
Behaviour brute_force_by_definition(const Program& program);

}  // namespace heddle::oracle
