// heddle/atomic_object.hpp - the classes atomic and atomic_flag; see <heddle/atomic.hpp>, which includes it.
#pragma once

#include <heddle/detail/arithmetic.hpp>
#include <heddle/detail/native.hpp>
#include <heddle/detail/value.hpp>

#include <atomic>
#include <concepts>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace heddle {

namespace detail {
class Count;  // of a shared_ptr
}

// What the standard has twice, for volatile objects and others, is here once: a member that may be called on
// a volatile object may be called on any.
template <class T>
class atomic {
  using Difference = detail::DifferenceOf<T>;

  static_assert(std::is_trivially_copyable_v<T>, "heddle::atomic<T> needs a trivially copyable T");

 public:
  using value_type = T;
  using difference_type = Difference;
  static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;

  atomic() requires std::is_default_constructible_v<T> : atomic(T{}) {}
  // `name` appears in traces; without one the object is called after its type and lineage.
  atomic(T initial, std::string_view name = {})  // NOLINT(google-explicit-constructor): as std
      : object_(detail::ObjectKind::Atomic, name, detail::encode(initial), detail::word_format<T>()),
        value_(initial) {}
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;
  atomic& operator=(const atomic&) volatile = delete;

  bool is_lock_free() const volatile { return value().is_lock_free(); }

  T load(std::memory_order order = std::memory_order_seq_cst, location where = location::current()) const
      volatile {
    if (!detail::in_model()) return load_outside(order);
    return detail::decode<T>(detail::load(object(), outside(), order, false, where));
  }
  void store(T value, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) volatile {
    if (!detail::in_model()) return store_outside(value, order);
    detail::store(object(), outside(), detail::encode(value), order, false, where);
  }
  operator T() const volatile {  // NOLINT(google-explicit-constructor): as std
    return load(std::memory_order_seq_cst, location{});
  }
  T operator=(T value) {  // NOLINT(misc-unconventional-assign-operator): as std
    store(value, std::memory_order_seq_cst, location{});
    return value;
  }
  T operator=(T value) volatile {  // NOLINT(misc-unconventional-assign-operator): as std
    store(value, std::memory_order_seq_cst, location{});
    return value;
  }

  T exchange(T value, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) volatile {
    if (!detail::in_model()) return this->value().exchange(value, order);
    return modify(detail::encode(value), order, where, detail::replace);
  }

  // `expected` receives the value found when the exchange fails.
  bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure,
                               location where = location::current()) volatile {
    if (!detail::in_model()) return value().compare_exchange_strong(expected, desired, success, failure);
    detail::Word word = detail::encode(expected);
    const bool exchanged =
        detail::compare_exchange(object(), outside(), word, detail::encode(desired), success, failure, where);
    if (!exchanged) expected = detail::decode<T>(word);
    return exchanged;
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order order = std::memory_order_seq_cst,
                               location where = location::current()) volatile {
    return compare_exchange_strong(expected, desired, order, detail::failure_order(order), where);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure,
                             location where = location::current()) volatile {
    if (!detail::in_model()) return value().compare_exchange_weak(expected, desired, success, failure);
    if (detail::fails_spuriously(where)) {
      expected = load(failure, where);
      return false;
    }
    return compare_exchange_strong(expected, desired, success, failure, where);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order order = std::memory_order_seq_cst,
                             location where = location::current()) volatile {
    return compare_exchange_weak(expected, desired, order, detail::failure_order(order), where);
  }

  // Waits until the value is not `old`. REQUIRES: order is relaxed, acquire or seq_cst.
  void wait(T old, std::memory_order order = std::memory_order_seq_cst,
            location where = location::current()) const volatile {
    if (!detail::in_model())
      return detail::wait_natively(
          "waits for a change of", object(), where, [&] { return !same(value().load(order), old); },
          [&] { value().wait(old, order); });
    detail::wait_for_change(object(), outside(), detail::encode(old), order, where);
  }
  void notify_one(location where = location::current()) volatile {
    if (detail::in_model()) detail::notify_changed(object(), outside(), false, where);
    else value().notify_one();
  }
  void notify_all(location where = location::current()) volatile {
    if (detail::in_model()) detail::notify_changed(object(), outside(), true, where);
    else value().notify_all();
  }

  // Wrap around on overflow, as std::atomic's do.
  T fetch_add(Difference right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) volatile requires detail::has_arithmetic<T> {
    if (!detail::in_model()) return value().fetch_add(right, order);
    return modify(detail::to_word(right), order, where, detail::add<T>);
  }
  T fetch_sub(Difference right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) volatile requires detail::has_arithmetic<T> {
    if (!detail::in_model()) return value().fetch_sub(right, order);
    return modify(detail::to_word(right), order, where, detail::subtract<T>);
  }
  T fetch_and(T right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) volatile requires detail::has_bits<T> {
    if (!detail::in_model()) return value().fetch_and(right, order);
    return modify(detail::to_word(right), order, where, detail::bit_and);
  }
  T fetch_or(T right, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) volatile requires detail::has_bits<T> {
    if (!detail::in_model()) return value().fetch_or(right, order);
    return modify(detail::to_word(right), order, where, detail::bit_or);
  }
  T fetch_xor(T right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) volatile requires detail::has_bits<T> {
    if (!detail::in_model()) return value().fetch_xor(right, order);
    return modify(detail::to_word(right), order, where, detail::bit_xor);
  }

  // The new value, or the old one for the postfix forms.
  friend T operator++(detail::Located<volatile atomic> a) requires detail::has_arithmetic<T> {
    return detail::sum<T>(a.object.fetch_add(Difference(1), std::memory_order_seq_cst, a.where),
                          Difference(1));
  }
  friend T operator--(detail::Located<volatile atomic> a) requires detail::has_arithmetic<T> {
    return detail::difference<T>(a.object.fetch_sub(Difference(1), std::memory_order_seq_cst, a.where),
                                 Difference(1));
  }
  friend T operator++(detail::Located<volatile atomic> a, int) requires detail::has_arithmetic<T> {
    return a.object.fetch_add(Difference(1), std::memory_order_seq_cst, a.where);
  }
  friend T operator--(detail::Located<volatile atomic> a, int) requires detail::has_arithmetic<T> {
    return a.object.fetch_sub(Difference(1), std::memory_order_seq_cst, a.where);
  }
  friend T operator+=(detail::Located<volatile atomic> a,
                      Difference right) requires detail::has_arithmetic<T> {
    return detail::sum<T>(a.object.fetch_add(right, std::memory_order_seq_cst, a.where), right);
  }
  friend T operator-=(detail::Located<volatile atomic> a,
                      Difference right) requires detail::has_arithmetic<T> {
    return detail::difference<T>(a.object.fetch_sub(right, std::memory_order_seq_cst, a.where), right);
  }
  friend T operator&=(detail::Located<volatile atomic> a, T right) requires detail::has_bits<T> {
    return static_cast<T>(a.object.fetch_and(right, std::memory_order_seq_cst, a.where) & right);
  }
  friend T operator|=(detail::Located<volatile atomic> a, T right) requires detail::has_bits<T> {
    return static_cast<T>(a.object.fetch_or(right, std::memory_order_seq_cst, a.where) | right);
  }
  friend T operator^=(detail::Located<volatile atomic> a, T right) requires detail::has_bits<T> {
    return static_cast<T>(a.object.fetch_xor(right, std::memory_order_seq_cst, a.where) ^ right);
  }

  // For require() and its like.
  friend T observed(const volatile atomic& a, location where) {
    return a.load(std::memory_order_seq_cst, where);
  }

 private:
  friend class detail::Count;
  // Of the other updates there are in the library. REQUIRES: detail::in_model().
  T update(T right, std::memory_order order, location where, detail::Modify change) {
    return modify(detail::encode(right), order, where, change);
  }
  // [atomics.wait]: compared byte by byte, as by compare_exchange.
  static bool same(T a, T b) {
    detail::clear_padding(a);
    detail::clear_padding(b);
    return std::memcmp(&a, &b, sizeof(T)) == 0;
  }
  // To the checker a volatile object is like any other.
  detail::Object& object() const volatile { return const_cast<detail::Object&>(object_); }
  std::atomic<T>& value() const volatile { return const_cast<std::atomic<T>&>(value_); }

  // Compilers take an order for seq_cst where they see no constant.
  T load_outside(std::memory_order order) const volatile {
    if (order == std::memory_order_relaxed) return value().load(std::memory_order_relaxed);
    if (order == std::memory_order_acquire) return value().load(std::memory_order_acquire);
    return value().load(order);
  }
  void store_outside(T value, std::memory_order order) volatile {
    if (order == std::memory_order_relaxed) this->value().store(value, std::memory_order_relaxed);
    else if (order == std::memory_order_release) this->value().store(value, std::memory_order_release);
    else this->value().store(value, order);
  }
  detail::Word outside() const volatile { return detail::encode(value().load(std::memory_order_relaxed)); }
  T modify(detail::Word right, std::memory_order order, location where, detail::Modify change) volatile {
    return detail::decode<T>(detail::read_modify_write(object(), outside(), right, change, order, where));
  }

  mutable detail::Object object_;
  mutable std::atomic<T> value_;  // outside the checker: the value itself
};

// A flag to test and set ([atomics.flag]): `atomic_flag busy = ATOMIC_FLAG_INIT;` or `atomic_flag
// busy{"busy"};`
class atomic_flag {
 public:
  atomic_flag() : flag_(false) {}
  // What ATOMIC_FLAG_INIT stands for: { 0 }, or { false }. A template, so that a name is no bool.
  atomic_flag(std::integral auto set) : flag_(set != 0) {}  // NOLINT(google-explicit-constructor)
  explicit atomic_flag(std::string_view name) : flag_(false, name) {}
  atomic_flag(const atomic_flag&) = delete;
  atomic_flag& operator=(const atomic_flag&) = delete;

  bool test_and_set(std::memory_order order = std::memory_order_seq_cst,
                    location where = location::current()) volatile {
    return flag_.exchange(true, order, where);
  }
  void clear(std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) volatile {
    flag_.store(false, order, where);
  }
  bool test(std::memory_order order = std::memory_order_seq_cst, location where = location::current()) const
      volatile {
    return flag_.load(order, where);
  }
  void wait(bool old, std::memory_order order = std::memory_order_seq_cst,
            location where = location::current()) const volatile {
    flag_.wait(old, order, where);
  }
  void notify_one(location where = location::current()) volatile { flag_.notify_one(where); }
  void notify_all(location where = location::current()) volatile { flag_.notify_all(where); }

 private:
  atomic<bool> flag_;
};

}  // namespace heddle
