// checker/frontend/statics.cpp - variables of static storage duration that functions make when they are first
// reached ([stmt.dcl]/3), and what is left to the end of the process.
//
// Every execution begins as a new process. Who comes first makes the variable while others wait; who finds it
// made has seen that happen. That is std::call_once, so it is told to the checker as that. A compiler looks
// at the guard of a variable itself and calls these functions only while the guard does not say that it is
// made: within a scenario it never does. What its destructor does is done when main has returned.
//
// Outside a scenario these are the functions of the C++ library (Itanium C++ ABI, 3.3.3 and 3.3.6).

#include "checker/frontend/step.hpp"

#include <cxxabi.h>
#include <dlfcn.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace {

using heddle::checker::InChecker;
using heddle::checker::Machine;
using heddle::detail::current_machine;

bool in_scenario() { return current_machine != nullptr && heddle::checker::scenario_heap != nullptr; }

// The next definition of a function, which is that of the system. No variable of a function here: making one
// takes these functions.
template <class Function>
Function* of_system(std::atomic<Function*>& known, const char* name) {
  Function* function = known.load(std::memory_order_acquire);
  if (function != nullptr) return function;
  function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
  if (function == nullptr) {
    std::fprintf(stderr, "heddle: no %s: link the C++ library and the C library dynamically\n", name);
    std::abort();
  }
  known.store(function, std::memory_order_release);
  return function;
}

constinit std::atomic<int (*)(abi::__guard*)> acquire_of_system;
constinit std::atomic<void (*)(abi::__guard*)> release_of_system;
constinit std::atomic<void (*)(abi::__guard*)> abort_of_system;
constinit std::atomic<int (*)(void (*)(void*), void*, void*)> atexit_of_system;

struct Destruction final : heddle::detail::Task {
  Destruction(void (*action)(void*), void* of) : function(action), argument(of) {}
  void run() override { function(argument); }

  void (*function)(void*);
  void* argument;
};

// Compilers do not expect an exception. A thread that cannot go on makes the variable, which does no harm,
// and ends with its next step.
int begin(abi::__guard* guard) noexcept {
  Machine& machine = *current_machine;
  if (!machine.abandoning()) {
    try {
      return heddle::detail::begin_once(machine.guard_of(guard), {}) ? 1 : 0;
    } catch (const heddle::detail::Unwinding&) {
    }
  }
  return 1;
}

void end(abi::__guard* guard, bool done) noexcept {
  Machine& machine = *current_machine;
  heddle::detail::in_destructor([&] { heddle::detail::end_once(machine.guard_of(guard), done, {}); });
}

}  // namespace

namespace __cxxabiv1 {

extern "C" {

int __cxa_guard_acquire(__guard* guard) {
  return in_scenario() ? begin(guard) : of_system(acquire_of_system, "__cxa_guard_acquire")(guard);
}

void __cxa_guard_release(__guard* guard) noexcept {
  if (in_scenario()) return end(guard, true);
  of_system(release_of_system, "__cxa_guard_release")(guard);
}

void __cxa_guard_abort(__guard* guard) noexcept {
  if (in_scenario()) return end(guard, false);
  of_system(abort_of_system, "__cxa_guard_abort")(guard);
}

int __cxa_atexit(void (*function)(void*), void* argument, void* library) noexcept {
  if (!in_scenario()) return of_system(atexit_of_system, "__cxa_atexit")(function, argument, library);
  const InChecker checker;
  current_machine->at_process_exit(std::make_unique<Destruction>(function, argument));
  return 0;
}

}  // extern "C"

}  // namespace __cxxabiv1
