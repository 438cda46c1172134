// checker/frontend/step.hpp - how a public operation takes its step.
#pragma once

#include "checker/machine/machine.hpp"

#include <cstddef>

namespace heddle::detail {

using checker::Operation;
using checker::OperationKind;

// Takes the one step of a public operation, in the frame of the function that a public type has called. What
// the scenario remembers while it waits begins there: the registers that the function has to preserve, and
// the frames above its own. REQUIRES: what the function does after the step depends on the step alone.
[[gnu::always_inline]] inline void take_step(Operation& op) {
#ifdef __x86_64__
  // Lets the function save all of them, next to where the caller's frame pointer is saved.
  constexpr std::size_t saved = 5 * sizeof(void*);
  __builtin_unwind_init();
  current_machine->perform(op, static_cast<const std::byte*>(__builtin_frame_address(0)) - saved);
#else
  current_machine->perform(op);
#endif
  checker::scrub_stack();
#ifdef __x86_64__
  // What the checker has left in registers that calls need not preserve: compilers do save dead ones.
  asm volatile(
      "xorl %%ecx, %%ecx\n\txorl %%edx, %%edx\n\txorl %%esi, %%esi\n\txorl %%edi, %%edi\n\t"
      "xorl %%r8d, %%r8d\n\txorl %%r9d, %%r9d\n\txorl %%r10d, %%r10d\n\txorl %%r11d, %%r11d"
      :
      :
      : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc");
#endif
}

// What `operand` and `expected` mean, the rule of the operation says.
[[gnu::always_inline]] inline Operation operation_on(Object& object, OperationKind kind, location where,
                                                     Word operand = 0, Word expected = 0) {
  return {.kind = kind,
          .object = current_machine->index_of(object, 0),
          .operand = operand,
          .expected = expected,
          .where = where};
}

// As the one step.
[[gnu::always_inline]] inline Operation step_on(Object& object, OperationKind kind, location where,
                                                Word operand = 0, Word expected = 0) {
  Operation op = operation_on(object, kind, where, operand, expected);
  take_step(op);
  return op;
}

}  // namespace heddle::detail
