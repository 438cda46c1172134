// checker/detect/aba.hpp - a compare-exchange that finds the value it expects, but not the same one.
//
// A thread reads A; others change that to B and back to A; the thread's compare-exchange succeeds as if
// nothing had happened. That is right where the value is all that matters and wrong where it stands for
// something else, a node that has been used again. So it is no defect by itself, but told with one.
#pragma once

#include "checker/core/trace.hpp"

#include <vector>

namespace heddle::checker {

struct Aba {
  EventIndex exchange;
  EventIndex changed;   // the first write of another value in between
  EventIndex restored;  // the write that the exchange reads from
};

// Those among the first `events` events.
std::vector<Aba> find_aba(const Trace& trace, EventIndex events);

}  // namespace heddle::checker
