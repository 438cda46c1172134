// checker/core/memory_order.hpp - which memory orders acquire, and which release ([atomics.order]).
#pragma once

#include <atomic>

namespace heddle::checker {

// consume is taken for acquire, as compilers do.
constexpr bool acquires(std::memory_order order) {
  return order != std::memory_order_relaxed && order != std::memory_order_release;
}
constexpr bool releases(std::memory_order order) {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

}  // namespace heddle::checker
