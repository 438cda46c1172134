// checker/machine/loops.hpp - what is known of a scenario's loops, for all executions of an exploration.
//
// A thread that comes back to a place may have got nowhere: then it goes round in vain until another thread
// changes something, and every length of that is an execution. An iteration is *futile* exactly when the
// memory of the scenario (snapshot.hpp) and the objects that the thread has written are the same after it as
// before it. Where others have moved on meanwhile, it is enough that the thread is where it was and has left
// all memory but its own stack alone. What a thread does next is a function of all that it has seen, so an
// answer belongs to that past and is given once.
#pragma once

#include "checker/core/hash.hpp"
#include "checker/core/ids.hpp"

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace heddle::checker {

struct LoopMemo {
  enum class Remains : std::uint8_t { Unknown, None, Some };
  // A thread that has come to its next operation.
  struct Arrival {
    enum class Judgement : std::uint8_t { Unknown, GoesOn, Futile };
    Hash state = 0;                      // of the scenario's memory; 0: not looked at
    Hash own = 0;                        // of what the thread itself remembers there; known if `state` is
    Remains remains = Remains::Unknown;  // left in other memory since the thread's last operation
    Judgement judgement = Judgement::Unknown;
    unsigned length = 0;  // Futile: how many of the thread's events got it nowhere
  };

  std::unordered_map<Hash, Arrival> arrivals;  // by past
  std::unordered_set<Hash> heads;              // operations that a loop has come back to in vain
  std::vector<bool> polled;                    // mutexes that a futile iteration takes and gives back,
  std::vector<bool> tried;                     // and that somebody tries to take, by object
};

}  // namespace heddle::checker
