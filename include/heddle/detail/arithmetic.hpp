// heddle/detail/arithmetic.hpp - what an atomic update makes of a word.
//
// Integers wrap around ([atomics.types.int]/8), pointers move by elements.
#pragma once

#include <heddle/detail/word.hpp>

#include <atomic>
#include <cstddef>
#include <type_traits>

namespace heddle::detail {

template <class T>
inline constexpr bool has_arithmetic = fits_word<T> &&
                                       ((std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) ||
                                        std::is_pointer_v<T>);
template <class T>
inline constexpr bool has_bits = fits_word<T>&& std::is_integral_v<T> && !std::is_same_v<T, bool>;

// [atomics.types.operations]/21: what the order of a success becomes in a failure.
constexpr std::memory_order failure_order(std::memory_order order) {
  if (order == std::memory_order_acq_rel) return std::memory_order_acquire;
  if (order == std::memory_order_release) return std::memory_order_relaxed;
  return order;
}

// What may be added: a number of elements for a pointer, else the type itself.
template <class T>
using DifferenceOf = std::conditional_t<std::is_pointer_v<T>, std::ptrdiff_t, T>;

template <class T>
T sum(T left, DifferenceOf<T> right) noexcept {
  if constexpr (std::is_integral_v<T>) return static_cast<T>(to_word(left) + to_word(right));
  else return left + right;
}
template <class T>
T difference(T left, DifferenceOf<T> right) noexcept {
  if constexpr (std::is_integral_v<T>) return static_cast<T>(to_word(left) - to_word(right));
  else return left - right;
}
template <class T>
Word add(Word left, Word right) noexcept {
  return to_word(sum(from_word<T>(left), from_word<DifferenceOf<T>>(right)));
}
template <class T>
Word subtract(Word left, Word right) noexcept {
  return to_word(difference(from_word<T>(left), from_word<DifferenceOf<T>>(right)));
}
inline Word replace(Word, Word right) noexcept { return right; }
inline Word bit_and(Word left, Word right) noexcept { return left & right; }
inline Word bit_or(Word left, Word right) noexcept { return left | right; }
inline Word bit_xor(Word left, Word right) noexcept { return left ^ right; }

}  // namespace heddle::detail
