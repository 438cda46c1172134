// checker/detect/nondeterminism.hpp - the same past must lead to the same operation.
//
// What a thread does next is a function of its causal past, which the hash of its previous event stands for.
// Two executions in which a thread with the same past offers different operations show that something
// else had a say: a clock, a random number, state kept between executions. (A repeated prefix is compared
// by the machine itself.)
//
// A table of constant size: what it forgets can only hide such a difference, never invent one.
#pragma once

#include "checker/core/causality.hpp"
#include "checker/core/trace.hpp"

#include <vector>

namespace heddle::checker {

class Determinism {
 public:
  // The operation that an earlier execution performed where the trace's last event differs from it, or null.
  const Event* contradiction(const Trace& trace, const Causality& causality);
  // The operation that an earlier execution performed where `thread` has ended in this one, or null.
  const Event* contradicted_end(const Trace& trace, const Causality& causality, ThreadIndex thread);

 private:
  struct Entry {
    Hash past = 0;
    Event event{};
  };
  const Entry* known(Hash past) const;
  static constexpr std::size_t capacity = 1024;

  std::vector<Entry> table_ = std::vector<Entry>(capacity);
};

}  // namespace heddle::checker
