// checker/machine/describe.cpp - threads and steps in words.

#include "checker/machine/machine.hpp"

namespace heddle::checker {

std::string names(const Machine& machine, ThreadSet threads) {
  std::string text;
  unsigned left = threads.size();
  for (const ThreadIndex thread : threads) {
    text += machine.lineage().name(thread);
    if (--left > 0) text += left == 1 ? " and " : ", ";
  }
  return text;
}

std::string describe(const Machine& machine, ThreadIndex thread, OperationKind kind, ObjectIndex object) {
  std::string text = machine.lineage().name(thread) + " " + std::string(to_string(kind));
  if (object != no_object) text += " " + machine.object(object).name;
  return text;
}

}  // namespace heddle::checker
