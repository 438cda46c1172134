// heddle/atomic_ref.hpp - std::atomic_ref<T>: atomic accesses to an ordinary object.
//
//     int count = 0;
//     heddle::atomic_ref(count).fetch_add(1);
//
// As long as there is one, the object must not be accessed otherwise ([atomics.ref.generic]/3). Under the
// checker the object keeps its identity to the end of the execution, and making an atomic_ref is a step. T
// must be trivially copyable. Included by <heddle/atomic.hpp>.
#pragma once

#include <heddle/detail/arithmetic.hpp>
#include <heddle/detail/native.hpp>
#include <heddle/detail/value.hpp>

#include <atomic>
#include <cstddef>
#include <type_traits>

namespace heddle {

template <class T>
class atomic_ref {
  using Difference = detail::DifferenceOf<T>;

  static_assert(std::is_trivially_copyable_v<T>, "heddle::atomic_ref<T> needs a trivially copyable T");

 public:
  using value_type = T;
  using difference_type = Difference;
  static constexpr std::size_t required_alignment = std::atomic_ref<T>::required_alignment;
  static constexpr bool is_always_lock_free = std::atomic_ref<T>::is_always_lock_free;

  explicit atomic_ref(T& object) : object_(object), shared_(detail::refer(&object, in_word(object))) {}
  atomic_ref(const atomic_ref& other) : atomic_ref(other.object_) {}
  atomic_ref& operator=(const atomic_ref&) = delete;

  bool is_lock_free() const { return outside().is_lock_free(); }

  T load(std::memory_order order = std::memory_order_seq_cst, location where = location::current()) const {
    if (shared_ == nullptr) return outside().load(order);
    return detail::decode<T>(detail::load(*shared_, 0, order, false, where));
  }
  void store(T value, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) const {
    if (shared_ == nullptr) return outside().store(value, order);
    detail::store(*shared_, 0, detail::encode(value), order, false, where);
    settle();
  }
  operator T() const {  // NOLINT(google-explicit-constructor): as std
    return load(std::memory_order_seq_cst, location{});
  }
  T operator=(T value) const {  // NOLINT(misc-unconventional-assign-operator): as std
    store(value, std::memory_order_seq_cst, location{});
    return value;
  }

  T exchange(T value, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) const {
    if (shared_ == nullptr) return outside().exchange(value, order);
    return modify(detail::encode(value), order, where, detail::replace);
  }

  // `expected` receives the value found when the exchange fails.
  bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure,
                               location where = location::current()) const {
    if (shared_ == nullptr) return outside().compare_exchange_strong(expected, desired, success, failure);
    detail::Word word = detail::encode(expected);
    const bool exchanged =
        detail::compare_exchange(*shared_, 0, word, detail::encode(desired), success, failure, where);
    if (exchanged) settle();
    else expected = detail::decode<T>(word);
    return exchanged;
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order order = std::memory_order_seq_cst,
                               location where = location::current()) const {
    return compare_exchange_strong(expected, desired, order, detail::failure_order(order), where);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure,
                             location where = location::current()) const {
    if (shared_ == nullptr) return outside().compare_exchange_weak(expected, desired, success, failure);
    if (detail::fails_spuriously(where)) {
      expected = load(failure, where);
      return false;
    }
    return compare_exchange_strong(expected, desired, success, failure, where);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order order = std::memory_order_seq_cst,
                             location where = location::current()) const {
    return compare_exchange_weak(expected, desired, order, detail::failure_order(order), where);
  }

  // Waits until the value is not `old`. REQUIRES: order is relaxed, acquire or seq_cst.
  void wait(T old, std::memory_order order = std::memory_order_seq_cst,
            location where = location::current()) const {
    if (shared_ == nullptr) outside().wait(old, order);
    else detail::wait_for_change(*shared_, 0, detail::encode(old), order, where);
  }
  void notify_one(location where = location::current()) const {
    if (shared_ == nullptr) outside().notify_one();
    else detail::notify_changed(*shared_, 0, false, where);
  }
  void notify_all(location where = location::current()) const {
    if (shared_ == nullptr) outside().notify_all();
    else detail::notify_changed(*shared_, 0, true, where);
  }

  // Wrap around on overflow, as std::atomic_ref's do.
  T fetch_add(Difference right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) const requires detail::has_arithmetic<T> {
    if (shared_ == nullptr) return outside().fetch_add(right, order);
    return modify(detail::to_word(right), order, where, detail::add<T>);
  }
  T fetch_sub(Difference right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) const requires detail::has_arithmetic<T> {
    if (shared_ == nullptr) return outside().fetch_sub(right, order);
    return modify(detail::to_word(right), order, where, detail::subtract<T>);
  }
  T fetch_and(T right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) const requires detail::has_bits<T> {
    if (shared_ == nullptr) return outside().fetch_and(right, order);
    return modify(detail::to_word(right), order, where, detail::bit_and);
  }
  T fetch_or(T right, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) const requires detail::has_bits<T> {
    if (shared_ == nullptr) return outside().fetch_or(right, order);
    return modify(detail::to_word(right), order, where, detail::bit_or);
  }
  T fetch_xor(T right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) const requires detail::has_bits<T> {
    if (shared_ == nullptr) return outside().fetch_xor(right, order);
    return modify(detail::to_word(right), order, where, detail::bit_xor);
  }

  // The new value, or the old one for the postfix forms.
  friend T operator++(detail::Located<const atomic_ref> a) requires detail::has_arithmetic<T> {
    return detail::sum<T>(a.object.fetch_add(Difference(1), std::memory_order_seq_cst, a.where),
                          Difference(1));
  }
  friend T operator--(detail::Located<const atomic_ref> a) requires detail::has_arithmetic<T> {
    return detail::difference<T>(a.object.fetch_sub(Difference(1), std::memory_order_seq_cst, a.where),
                                 Difference(1));
  }
  friend T operator++(detail::Located<const atomic_ref> a, int) requires detail::has_arithmetic<T> {
    return a.object.fetch_add(Difference(1), std::memory_order_seq_cst, a.where);
  }
  friend T operator--(detail::Located<const atomic_ref> a, int) requires detail::has_arithmetic<T> {
    return a.object.fetch_sub(Difference(1), std::memory_order_seq_cst, a.where);
  }
  friend T operator+=(detail::Located<const atomic_ref> a,
                      Difference right) requires detail::has_arithmetic<T> {
    return detail::sum<T>(a.object.fetch_add(right, std::memory_order_seq_cst, a.where), right);
  }
  friend T operator-=(detail::Located<const atomic_ref> a,
                      Difference right) requires detail::has_arithmetic<T> {
    return detail::difference<T>(a.object.fetch_sub(right, std::memory_order_seq_cst, a.where), right);
  }
  friend T operator&=(detail::Located<const atomic_ref> a, T right) requires detail::has_bits<T> {
    return static_cast<T>(a.object.fetch_and(right, std::memory_order_seq_cst, a.where) & right);
  }
  friend T operator|=(detail::Located<const atomic_ref> a, T right) requires detail::has_bits<T> {
    return static_cast<T>(a.object.fetch_or(right, std::memory_order_seq_cst, a.where) | right);
  }
  friend T operator^=(detail::Located<const atomic_ref> a, T right) requires detail::has_bits<T> {
    return static_cast<T>(a.object.fetch_xor(right, std::memory_order_seq_cst, a.where) ^ right);
  }

  // For require() and its like.
  friend T observed(const atomic_ref& a, location where) { return a.load(std::memory_order_seq_cst, where); }

 private:
  std::atomic_ref<T> outside() const { return std::atomic_ref<T>(object_); }
  // What an access without a reference finds.
  void settle() const { object_ = detail::decode<T>(detail::newest(*shared_)); }
  static detail::Word in_word(const T& object) { return detail::encode(object); }
  T modify(detail::Word right, std::memory_order order, location where, detail::Modify change) const {
    const detail::Word before = detail::read_modify_write(*shared_, 0, right, change, order, where);
    settle();
    return detail::decode<T>(before);
  }

  T& object_;
  detail::Object* shared_;  // null outside the checker
};

}  // namespace heddle
