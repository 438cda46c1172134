// heddle/detail/word.hpp - values as the checker sees them: 64 bits and how to print them.
//
// The checker's memory is an array of words. A type that fits one word is versioned by the checker
// itself; any other type lives in its own object and only its accesses are visible.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace heddle::detail {

using Word = std::uint64_t;

enum class WordFormat : std::uint8_t { Opaque, Boolean, Signed, Unsigned, Character, Float, Double, Pointer };

template <class T>
inline constexpr bool fits_word = std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(Word);

// Bits that belong to no value, so that equal values have equal bytes ([atomics.types.operations]/25). Clang
// 14 has no way to do it: there padding has to be made a member.
template <class T>
void clear_padding([[maybe_unused]] T& value) noexcept {
#if defined(__has_builtin)
#if __has_builtin(__builtin_clear_padding)
  if constexpr (!std::has_unique_object_representations_v<T>) __builtin_clear_padding(&value);
#endif
#endif
}

// Integers are sign- or zero-extended so that equal values are equal words; everything else is copied
// byte by byte into a zeroed word.
template <class T>
Word to_word(const T& value) noexcept {
  if constexpr (std::is_enum_v<T>) {
    return static_cast<Word>(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<Word>(value);
  } else {
    static_assert(fits_word<T>);
    Word word = 0;
    std::remove_cv_t<T> plain = value;
    clear_padding(plain);
    std::memcpy(&word, &plain, sizeof(T));
    return word;
  }
}

template <class T>
T from_word(Word word) noexcept {
  if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
    return static_cast<T>(word);
  } else {
    static_assert(fits_word<T>);
    std::remove_const_t<T> value;
    std::memcpy(static_cast<void*>(&value), &word, sizeof(T));
    return value;
  }
}

template <class T>
constexpr WordFormat word_format() noexcept {
  if constexpr (std::is_same_v<T, bool>) return WordFormat::Boolean;
  else if constexpr (std::is_same_v<T, char>) return WordFormat::Character;
  else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) return WordFormat::Signed;
  else if constexpr (std::is_integral_v<T>) return WordFormat::Unsigned;
  else if constexpr (std::is_enum_v<T>) return word_format<std::underlying_type_t<T>>();
  else if constexpr (std::is_same_v<T, float>) return WordFormat::Float;
  else if constexpr (std::is_same_v<T, double>) return WordFormat::Double;
  else if constexpr (std::is_pointer_v<T>) return WordFormat::Pointer;
  else return WordFormat::Opaque;
}

}  // namespace heddle::detail
