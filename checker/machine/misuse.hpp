// checker/machine/misuse.hpp - what breaks the preconditions of the standard's types, in words.
#pragma once

#include "checker/core/operation.hpp"

#include <string>

namespace heddle::checker {

class Machine;

// Of an operation that has failed and must not.
std::string misuse_text(const Operation& op, const Machine& machine);

// Of an operation that a thread is about to perform: waiting for itself, waiting with another mutex than
// those that wait already.
struct Refusal {
  ObjectIndex object;
  std::string text;  // empty: none
};
Refusal refusal(const Operation& op, ThreadIndex thread, const Machine& machine);

// Of the destruction of an object, or empty.
std::string destruction_text(ObjectIndex object, const Machine& machine);

}  // namespace heddle::checker
