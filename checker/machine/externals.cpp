// checker/machine/externals.cpp - objects from outside: every execution starts from what they are there.

#include "checker/machine/machine.hpp"

namespace heddle::checker {

// A copy: what the scenario has made lies in its own heap.
void Machine::restore_later(detail::Object& object, const std::function<void()>& restore) {
  const InChecker checker;
  if (abandoning_) return;
  index_of(object, 0);
  externals_.back().restore = restore;
}

void Machine::restore_externals() {
  for (const External& external : externals_) {
    memory_.define(external.object, objects_[external.object].kind, external.initial);
    if (external.restore != nullptr) external.restore();
  }
}

}  // namespace heddle::checker
