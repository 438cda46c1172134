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
// That of two operations in one step.
constexpr std::memory_order both(std::memory_order a, std::memory_order b) {
  if (a == std::memory_order_seq_cst || b == std::memory_order_seq_cst) return std::memory_order_seq_cst;
  const bool acquire = acquires(a) || acquires(b);
  if (releases(a) || releases(b)) return acquire ? std::memory_order_acq_rel : std::memory_order_release;
  return acquire ? std::memory_order_acquire : std::memory_order_relaxed;
}

}  // namespace heddle::checker
