// tests/graphs/store_buffers.hpp - a Program on an abstract machine, to judge the axioms of sc and tso.
//
// The machine of x86-TSO (Owens, Sarkar, Sewell; TPHOLs'09): one memory, and for each thread a buffer through
// which its stores pass in order. Under sc a store leaves the buffer at once. Shares nothing with the oracle.
#pragma once

#include "tests/graphs/program.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>

namespace heddle::graphs {

struct Reached {
  std::set<std::string> outcomes;  // final_text() of the runs in which every thread ends
  bool deadlock = false;           // threads can come to wait for good
};

// Gives up, without a value, when there are more than `states_max` states.
std::optional<Reached> run_on_store_buffers(const Program& program, bool buffered, std::size_t states_max);

}  // namespace heddle::graphs
