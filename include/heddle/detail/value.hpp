// heddle/detail/value.hpp - a value of any trivially copyable type as a word.
//
// What fits a word is one. For anything else the word is a name, made of the bytes: the checker keeps what it
// stands for. Outside an exploration nobody asks for it.
#pragma once

#include <heddle/detail/model.hpp>

#include <cstring>
#include <type_traits>

namespace heddle::detail {

template <class T>
Word encode(const T& value) {
  if constexpr (fits_word<T>) {
    return to_word(value);
  } else {
    if (!in_model()) return 0;
    std::remove_cv_t<T> plain = value;
    clear_padding(plain);
    return intern(&plain, sizeof plain);
  }
}

template <class T>
T decode(Word word) {
  if constexpr (fits_word<T>) {
    return from_word<T>(word);
  } else {
    alignas(T) unsigned char bytes[sizeof(T)] = {};
    recall(word, bytes, sizeof bytes);
    std::remove_cv_t<T> value;
    std::memcpy(static_cast<void*>(&value), bytes, sizeof value);
    return value;
  }
}

}  // namespace heddle::detail
