// checker/machine/fiber.hpp - a user-space context that runs one function after another.
//
// A Fiber is created once per stack and reused: when a function returns, the fiber is idle until it is
// given the next. fiber.cpp is the only file that includes Boost.Context.
#pragma once

#include "checker/machine/sanitizer_hooks.hpp"
#include "checker/machine/stack_pool.hpp"

#include <cstddef>

namespace heddle::checker {

class Fiber {
 public:
  using Function = void (*)(void* argument);

  // REQUIRES: used on the OS thread that made it, only.
  explicit Fiber(const Stack& stack);
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Gives an idle fiber its next function, which must not throw. It begins with the next resume().
  void assign(Function function, void* argument) {
    function_ = function;
    argument_ = argument;
  }
  // Clears what earlier functions have left on the stack, as far as those of a scenario usually get: what the
  // next one forgets to initialise is then the same each time. REQUIRES: idle().
  void clear_stack();
  // Runs the fiber until it suspends or its function returns. May be called from another fiber. The
  // exceptions in flight belong to each side: a switch may happen inside a catch block.
  void resume();
  // Returns to whoever resumed this fiber. REQUIRES: called on this fiber.
  void suspend();

  bool idle() const { return function_ == nullptr; }
  // Of a fiber that is suspended: what it has saved begins there.
  const void* stack_pointer() const { return context_; }
  const Stack& stack() const { return stack_; }

 private:
  struct Entry;

  // What __cxa_get_globals() points to: Itanium C++ ABI, 2.2.2.
  struct ExceptionState {
    void* caught = nullptr;
    unsigned int uncaught = 0;
  };

  Stack stack_;
  void* context_;            // where to continue this fiber
  void* resumer_ = nullptr;  // where to return to
  Function function_ = nullptr;
  void* argument_ = nullptr;
  ExceptionState exceptions_;
  ExceptionState* current_exceptions_;     // of the OS thread
  void* fake_stack_ = nullptr;             // AddressSanitizer's
  sanitizer::StackBounds resumer_bounds_;  // AddressSanitizer's
};

}  // namespace heddle::checker
