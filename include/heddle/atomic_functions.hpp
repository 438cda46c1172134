// heddle/atomic_functions.hpp - the functions and aliases of <atomic>: the members under their C names.
//
//     heddle::atomic_int count = 0;
//     heddle::atomic_fetch_add_explicit(&count, 1, std::memory_order_relaxed);
//
// [atomics.nonmembers], [atomics.alias]. Each is the member of the same name. Included by
// <heddle/atomic.hpp>.
#pragma once

#include <heddle/atomic_object.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace heddle {

namespace detail {

// Arguments from which T is not deduced.
template <class T>
using ValueOf = std::type_identity_t<T>;
template <class T>
using Argument = typename atomic<T>::difference_type;

}  // namespace detail

template <class T>
bool atomic_is_lock_free(const volatile atomic<T>* object) {
  return object->is_lock_free();
}
// Not atomic ([depr.atomics.nonmembers]): a plain initialisation of an object that nobody else uses yet.
template <class T>
void atomic_init(volatile atomic<T>* object, detail::ValueOf<T> value, location where = location::current()) {
  object->store(value, std::memory_order_relaxed, where);
}

template <class T>
T atomic_load(const volatile atomic<T>* object, location where = location::current()) {
  return object->load(std::memory_order_seq_cst, where);
}
template <class T>
T atomic_load_explicit(const volatile atomic<T>* object, std::memory_order order,
                       location where = location::current()) {
  return object->load(order, where);
}
template <class T>
void atomic_store(volatile atomic<T>* object, detail::ValueOf<T> value,
                  location where = location::current()) {
  object->store(value, std::memory_order_seq_cst, where);
}
template <class T>
void atomic_store_explicit(volatile atomic<T>* object, detail::ValueOf<T> value, std::memory_order order,
                           location where = location::current()) {
  object->store(value, order, where);
}
template <class T>
T atomic_exchange(volatile atomic<T>* object, detail::ValueOf<T> value,
                  location where = location::current()) {
  return object->exchange(value, std::memory_order_seq_cst, where);
}
template <class T>
T atomic_exchange_explicit(volatile atomic<T>* object, detail::ValueOf<T> value, std::memory_order order,
                           location where = location::current()) {
  return object->exchange(value, order, where);
}

template <class T>
bool atomic_compare_exchange_strong(volatile atomic<T>* object, detail::ValueOf<T>* expected,
                                    detail::ValueOf<T> desired, location where = location::current()) {
  return object->compare_exchange_strong(*expected, desired, std::memory_order_seq_cst, where);
}
template <class T>
bool atomic_compare_exchange_strong_explicit(volatile atomic<T>* object, detail::ValueOf<T>* expected,
                                             detail::ValueOf<T> desired, std::memory_order success,
                                             std::memory_order failure,
                                             location where = location::current()) {
  return object->compare_exchange_strong(*expected, desired, success, failure, where);
}
template <class T>
bool atomic_compare_exchange_weak(volatile atomic<T>* object, detail::ValueOf<T>* expected,
                                  detail::ValueOf<T> desired, location where = location::current()) {
  return object->compare_exchange_weak(*expected, desired, std::memory_order_seq_cst, where);
}
template <class T>
bool atomic_compare_exchange_weak_explicit(volatile atomic<T>* object, detail::ValueOf<T>* expected,
                                           detail::ValueOf<T> desired, std::memory_order success,
                                           std::memory_order failure, location where = location::current()) {
  return object->compare_exchange_weak(*expected, desired, success, failure, where);
}

template <class T>
T atomic_fetch_add(volatile atomic<T>* object, detail::Argument<T> right,
                   location where = location::current()) {
  return object->fetch_add(right, std::memory_order_seq_cst, where);
}
template <class T>
T atomic_fetch_add_explicit(volatile atomic<T>* object, detail::Argument<T> right, std::memory_order order,
                            location where = location::current()) {
  return object->fetch_add(right, order, where);
}
template <class T>
T atomic_fetch_sub(volatile atomic<T>* object, detail::Argument<T> right,
                   location where = location::current()) {
  return object->fetch_sub(right, std::memory_order_seq_cst, where);
}
template <class T>
T atomic_fetch_sub_explicit(volatile atomic<T>* object, detail::Argument<T> right, std::memory_order order,
                            location where = location::current()) {
  return object->fetch_sub(right, order, where);
}
template <class T>
T atomic_fetch_and(volatile atomic<T>* object, detail::ValueOf<T> right,
                   location where = location::current()) {
  return object->fetch_and(right, std::memory_order_seq_cst, where);
}
template <class T>
T atomic_fetch_and_explicit(volatile atomic<T>* object, detail::ValueOf<T> right, std::memory_order order,
                            location where = location::current()) {
  return object->fetch_and(right, order, where);
}
template <class T>
T atomic_fetch_or(volatile atomic<T>* object, detail::ValueOf<T> right,
                  location where = location::current()) {
  return object->fetch_or(right, std::memory_order_seq_cst, where);
}
template <class T>
T atomic_fetch_or_explicit(volatile atomic<T>* object, detail::ValueOf<T> right, std::memory_order order,
                           location where = location::current()) {
  return object->fetch_or(right, order, where);
}
template <class T>
T atomic_fetch_xor(volatile atomic<T>* object, detail::ValueOf<T> right,
                   location where = location::current()) {
  return object->fetch_xor(right, std::memory_order_seq_cst, where);
}
template <class T>
T atomic_fetch_xor_explicit(volatile atomic<T>* object, detail::ValueOf<T> right, std::memory_order order,
                            location where = location::current()) {
  return object->fetch_xor(right, order, where);
}

template <class T>
void atomic_wait(const volatile atomic<T>* object, detail::ValueOf<T> old,
                 location where = location::current()) {
  object->wait(old, std::memory_order_seq_cst, where);
}
template <class T>
void atomic_wait_explicit(const volatile atomic<T>* object, detail::ValueOf<T> old, std::memory_order order,
                          location where = location::current()) {
  object->wait(old, order, where);
}
template <class T>
void atomic_notify_one(volatile atomic<T>* object, location where = location::current()) {
  object->notify_one(where);
}
template <class T>
void atomic_notify_all(volatile atomic<T>* object, location where = location::current()) {
  object->notify_all(where);
}

inline bool atomic_flag_test(const volatile atomic_flag* flag, location where = location::current()) {
  return flag->test(std::memory_order_seq_cst, where);
}
inline bool atomic_flag_test_explicit(const volatile atomic_flag* flag, std::memory_order order,
                                      location where = location::current()) {
  return flag->test(order, where);
}
inline bool atomic_flag_test_and_set(volatile atomic_flag* flag, location where = location::current()) {
  return flag->test_and_set(std::memory_order_seq_cst, where);
}
inline bool atomic_flag_test_and_set_explicit(volatile atomic_flag* flag, std::memory_order order,
                                              location where = location::current()) {
  return flag->test_and_set(order, where);
}
inline void atomic_flag_clear(volatile atomic_flag* flag, location where = location::current()) {
  flag->clear(std::memory_order_seq_cst, where);
}
inline void atomic_flag_clear_explicit(volatile atomic_flag* flag, std::memory_order order,
                                       location where = location::current()) {
  flag->clear(order, where);
}
inline void atomic_flag_wait(const volatile atomic_flag* flag, bool old,
                             location where = location::current()) {
  flag->wait(old, std::memory_order_seq_cst, where);
}
inline void atomic_flag_wait_explicit(const volatile atomic_flag* flag, bool old, std::memory_order order,
                                      location where = location::current()) {
  flag->wait(old, order, where);
}
inline void atomic_flag_notify_one(volatile atomic_flag* flag, location where = location::current()) {
  flag->notify_one(where);
}
inline void atomic_flag_notify_all(volatile atomic_flag* flag, location where = location::current()) {
  flag->notify_all(where);
}

using atomic_bool = atomic<bool>;
using atomic_char = atomic<char>;
using atomic_schar = atomic<signed char>;
using atomic_uchar = atomic<unsigned char>;
using atomic_short = atomic<short>;
using atomic_ushort = atomic<unsigned short>;
using atomic_int = atomic<int>;
using atomic_uint = atomic<unsigned int>;
using atomic_long = atomic<long>;
using atomic_ulong = atomic<unsigned long>;
using atomic_llong = atomic<long long>;
using atomic_ullong = atomic<unsigned long long>;
using atomic_char8_t = atomic<char8_t>;
using atomic_char16_t = atomic<char16_t>;
using atomic_char32_t = atomic<char32_t>;
using atomic_wchar_t = atomic<wchar_t>;
using atomic_int8_t = atomic<std::int8_t>;
using atomic_uint8_t = atomic<std::uint8_t>;
using atomic_int16_t = atomic<std::int16_t>;
using atomic_uint16_t = atomic<std::uint16_t>;
using atomic_int32_t = atomic<std::int32_t>;
using atomic_uint32_t = atomic<std::uint32_t>;
using atomic_int64_t = atomic<std::int64_t>;
using atomic_uint64_t = atomic<std::uint64_t>;
using atomic_int_least8_t = atomic<std::int_least8_t>;
using atomic_uint_least8_t = atomic<std::uint_least8_t>;
using atomic_int_least16_t = atomic<std::int_least16_t>;
using atomic_uint_least16_t = atomic<std::uint_least16_t>;
using atomic_int_least32_t = atomic<std::int_least32_t>;
using atomic_uint_least32_t = atomic<std::uint_least32_t>;
using atomic_int_least64_t = atomic<std::int_least64_t>;
using atomic_uint_least64_t = atomic<std::uint_least64_t>;
using atomic_int_fast8_t = atomic<std::int_fast8_t>;
using atomic_uint_fast8_t = atomic<std::uint_fast8_t>;
using atomic_int_fast16_t = atomic<std::int_fast16_t>;
using atomic_uint_fast16_t = atomic<std::uint_fast16_t>;
using atomic_int_fast32_t = atomic<std::int_fast32_t>;
using atomic_uint_fast32_t = atomic<std::uint_fast32_t>;
using atomic_int_fast64_t = atomic<std::int_fast64_t>;
using atomic_uint_fast64_t = atomic<std::uint_fast64_t>;
using atomic_intptr_t = atomic<std::intptr_t>;
using atomic_uintptr_t = atomic<std::uintptr_t>;
using atomic_size_t = atomic<std::size_t>;
using atomic_ptrdiff_t = atomic<std::ptrdiff_t>;
using atomic_intmax_t = atomic<std::intmax_t>;
using atomic_uintmax_t = atomic<std::uintmax_t>;
using atomic_signed_lock_free = atomic<int>;
using atomic_unsigned_lock_free = atomic<unsigned int>;

}  // namespace heddle
