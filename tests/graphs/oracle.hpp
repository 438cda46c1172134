// tests/graphs/oracle.hpp - all execution graphs of a Program that a memory model allows, by its axioms.
//
// Shares nothing with the checker, and searches nothing: it lists every graph there could be and asks for
// each whether it is consistent. Two graphs are the same if the threads have the same events, every read
// reads from the same write, and the writes to each location are in the same order.
#pragma once

#include "tests/graphs/axioms.hpp"
#include "tests/graphs/program.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace heddle::graphs {

struct Behaviour {
  std::uint64_t graphs = 0;        // consistent and complete, deadlocked ones included
  std::uint64_t deadlocked = 0;    // a thread waits for good for what the last write does not give
  std::set<std::string> outcomes;  // final_text() of the graphs in which every thread ends
};

// Gives up, without a value, when there are more than `candidates_max` steps on the way to the candidates or
// candidates.
std::optional<Behaviour> judge(const Program& program, Model model, std::size_t candidates_max);

}  // namespace heddle::graphs
