// heddle/atomic.hpp - std::atomic<T>, visible to the checker.
//
//     heddle::atomic<int> count{0, "count"};
//     count.fetch_add(1);
//     while (!count.compare_exchange_weak(seen, seen + 1)) {}
//
// Names, signatures and preconditions are those of std::atomic ([atomics.types.generic]), with a
// trailing `location` that nobody passes. Under the checker each operation is one step. The default
// exploration is sequentially consistent: every load reads the last store in the interleaving. The
// memory orders are recorded; an acquire that reads from a release orders the plain variables around
// it, a relaxed operation does not, and the data race detector tells the difference.
//
// wait() looks and begins to wait in one step; a notification reaches only threads that wait already, and one
// for which nobody is left to notify is a `lost-wakeup`. compare_exchange_weak fails spuriously only within
// Options::spurious. A loop that does nothing but look again becomes one wait for a change.
//
// atomic_ref makes the accesses to an ordinary object atomic: as long as there is one, the object must not be
// accessed otherwise; under the checker it keeps its identity to the end of the execution, and making an
// atomic_ref is a step. T must be trivially copyable and at most 8 bytes. Outside the checker these are the
// standard's, with the orders given.
#pragma once

#include <heddle/detail/native.hpp>

#include <atomic>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace heddle {

namespace detail {

template <class T>
inline constexpr bool has_arithmetic =
    (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) || std::is_pointer_v<T>;

// [atomics.types.operations]/21: what the order of a success becomes in a failure.
constexpr std::memory_order failure_order(std::memory_order order) {
  if (order == std::memory_order_acq_rel) return std::memory_order_acquire;
  if (order == std::memory_order_release) return std::memory_order_relaxed;
  return order;
}

// What may be added: a number of elements for a pointer, else the type itself.
template <class T>
using DifferenceOf = std::conditional_t<std::is_pointer_v<T>, std::ptrdiff_t, T>;

// Integers wrap around.
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

}  // namespace detail

template <class T>
class atomic {
  using Difference = detail::DifferenceOf<T>;

  static_assert(detail::fits_word<T>, "heddle::atomic<T> needs a trivially copyable T of at most 8 bytes");

 public:
  using value_type = T;
  using difference_type = Difference;
  static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;

  explicit atomic(T initial = T{}, std::string_view name = {})
      : object_(detail::ObjectKind::Atomic, name, detail::to_word(initial), detail::word_format<T>()),
        value_(initial) {}
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(std::memory_order order = std::memory_order_seq_cst, location where = location::current()) const {
    if (!detail::in_model()) return load_outside(order);
    return detail::from_word<T>(detail::load(object_, outside(), order, false, where));
  }
  void store(T value, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) {
    if (!detail::in_model()) return store_outside(value, order);
    detail::store(object_, outside(), detail::to_word(value), order, false, where);
  }
  operator T() const {
    return load(std::memory_order_seq_cst, location{});
  }                       // NOLINT(google-explicit-constructor): as std
  T operator=(T value) {  // NOLINT(misc-unconventional-assign-operator): as std
    store(value, std::memory_order_seq_cst, location{});
    return value;
  }

  T exchange(T value, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) {
    if (!detail::in_model()) return value_.exchange(value, order);
    return modify(detail::to_word(value), order, where, detail::replace);
  }

  // `expected` receives the value found when the exchange fails.
  bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure,
                               location where = location::current()) {
    if (!detail::in_model()) return value_.compare_exchange_strong(expected, desired, success, failure);
    detail::Word word = detail::to_word(expected);
    const bool exchanged =
        detail::compare_exchange(object_, outside(), word, detail::to_word(desired), success, failure, where);
    if (!exchanged) expected = detail::from_word<T>(word);
    return exchanged;
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order order = std::memory_order_seq_cst,
                               location where = location::current()) {
    return compare_exchange_strong(expected, desired, order, detail::failure_order(order), where);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure,
                             location where = location::current()) {
    if (!detail::in_model()) return value_.compare_exchange_weak(expected, desired, success, failure);
    if (detail::fails_spuriously(where)) {
      expected = load(failure, where);
      return false;
    }
    return compare_exchange_strong(expected, desired, success, failure, where);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order order = std::memory_order_seq_cst,
                             location where = location::current()) {
    return compare_exchange_weak(expected, desired, order, detail::failure_order(order), where);
  }

  // Waits until the value is not `old`. REQUIRES: order is relaxed, acquire or seq_cst.
  void wait(T old, std::memory_order order = std::memory_order_seq_cst,
            location where = location::current()) const {
    if (!detail::in_model())
      return detail::wait_natively(
          "waits for a change of", object_, where, [&] { return value_.load(order) != old; },
          [&] { value_.wait(old, order); });
    detail::wait_for_change(object_, outside(), detail::to_word(old), order, where);
  }
  void notify_one(location where = location::current()) {
    if (detail::in_model()) detail::notify_changed(object_, outside(), false, where);
    else value_.notify_one();
  }
  void notify_all(location where = location::current()) {
    if (detail::in_model()) detail::notify_changed(object_, outside(), true, where);
    else value_.notify_all();
  }

  // Wrap around on overflow, as std::atomic's do.
  T fetch_add(Difference right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) requires detail::has_arithmetic<T> {
    if (!detail::in_model()) return value_.fetch_add(right, order);
    return modify(detail::to_word(right), order, where, detail::add<T>);
  }
  T fetch_sub(Difference right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) requires detail::has_arithmetic<T> {
    if (!detail::in_model()) return value_.fetch_sub(right, order);
    return modify(detail::to_word(right), order, where, detail::subtract<T>);
  }
  // The new value, or the old one for the postfix forms.
  friend T operator++(detail::Located<atomic> a) requires detail::has_arithmetic<T> {
    return detail::sum<T>(a.object.fetch_add(Difference(1), std::memory_order_seq_cst, a.where),
                          Difference(1));
  }
  friend T operator--(detail::Located<atomic> a) requires detail::has_arithmetic<T> {
    return detail::difference<T>(a.object.fetch_sub(Difference(1), std::memory_order_seq_cst, a.where),
                                 Difference(1));
  }
  friend T operator++(detail::Located<atomic> a, int) requires detail::has_arithmetic<T> {
    return a.object.fetch_add(Difference(1), std::memory_order_seq_cst, a.where);
  }
  friend T operator--(detail::Located<atomic> a, int) requires detail::has_arithmetic<T> {
    return a.object.fetch_sub(Difference(1), std::memory_order_seq_cst, a.where);
  }
  T operator+=(Difference right) requires detail::has_arithmetic<T> {
    return detail::sum<T>(fetch_add(right, std::memory_order_seq_cst, location{}), right);
  }
  T operator-=(Difference right) requires detail::has_arithmetic<T> {
    return detail::difference<T>(fetch_sub(right, std::memory_order_seq_cst, location{}), right);
  }

  T fetch_and(T right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) requires std::is_integral_v<T> {
    if (!detail::in_model()) return value_.fetch_and(right, order);
    return modify(detail::to_word(right), order, where,
                  [](detail::Word left, detail::Word r) noexcept { return left & r; });
  }
  T fetch_or(T right, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) requires std::is_integral_v<T> {
    if (!detail::in_model()) return value_.fetch_or(right, order);
    return modify(detail::to_word(right), order, where,
                  [](detail::Word left, detail::Word r) noexcept { return left | r; });
  }
  T fetch_xor(T right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) requires std::is_integral_v<T> {
    if (!detail::in_model()) return value_.fetch_xor(right, order);
    return modify(detail::to_word(right), order, where,
                  [](detail::Word left, detail::Word r) noexcept { return left ^ r; });
  }

 private:
  // Compilers take an order for seq_cst where they see no constant.
  T load_outside(std::memory_order order) const {
    if (order == std::memory_order_relaxed) return value_.load(std::memory_order_relaxed);
    if (order == std::memory_order_acquire) return value_.load(std::memory_order_acquire);
    return value_.load(order);
  }
  void store_outside(T value, std::memory_order order) {
    if (order == std::memory_order_relaxed) value_.store(value, std::memory_order_relaxed);
    else if (order == std::memory_order_release) value_.store(value, std::memory_order_release);
    else value_.store(value, order);
  }
  detail::Word outside() const { return detail::to_word(value_.load(std::memory_order_relaxed)); }
  T modify(detail::Word right, std::memory_order order, location where, detail::Modify change) {
    return detail::from_word<T>(detail::read_modify_write(object_, outside(), right, change, order, where));
  }

  mutable detail::Object object_;
  std::atomic<T> value_;  // outside the checker: the value itself
};

template <class T>
class atomic_ref {
  static_assert(detail::fits_word<T>,
                "heddle::atomic_ref<T> needs a trivially copyable T of at most 8 bytes");

 public:
  using value_type = T;

  explicit atomic_ref(T& object) : object_(object), shared_(detail::refer(&object, in_word(object))) {}
  atomic_ref(const atomic_ref& other) : atomic_ref(other.object_) {}
  atomic_ref& operator=(const atomic_ref&) = delete;

  T load(std::memory_order order = std::memory_order_seq_cst, location where = location::current()) const {
    if (shared_ == nullptr) return std::atomic_ref<T>(object_).load(order);
    return detail::from_word<T>(detail::load(*shared_, 0, order, false, where));
  }
  void store(T value, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) const {
    if (shared_ == nullptr) return std::atomic_ref<T>(object_).store(value, order);
    detail::store(*shared_, 0, detail::to_word(value), order, false, where);
    settle();
  }
  T exchange(T value, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) const {
    if (shared_ == nullptr) return std::atomic_ref<T>(object_).exchange(value, order);
    return modify(detail::to_word(value), order, where, detail::replace);
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order order = std::memory_order_seq_cst,
                               location where = location::current()) const {
    if (shared_ == nullptr)
      return std::atomic_ref<T>(object_).compare_exchange_strong(expected, desired, order);
    detail::Word word = detail::to_word(expected);
    const bool exchanged = detail::compare_exchange(*shared_, 0, word, detail::to_word(desired), order,
                                                    detail::failure_order(order), where);
    if (exchanged) settle();
    else expected = detail::from_word<T>(word);
    return exchanged;
  }
  T fetch_add(detail::DifferenceOf<T> right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) const requires detail::has_arithmetic<T> {
    if (shared_ == nullptr) return std::atomic_ref<T>(object_).fetch_add(right, order);
    return modify(detail::to_word(right), order, where, detail::add<T>);
  }

 private:
  // What an access without a reference finds.
  void settle() const { object_ = detail::from_word<T>(detail::newest(*shared_)); }
  static detail::Word in_word(const T& object) { return detail::to_word(object); }
  T modify(detail::Word right, std::memory_order order, location where, detail::Modify change) const {
    const detail::Word before = detail::read_modify_write(*shared_, 0, right, change, order, where);
    settle();
    return detail::from_word<T>(before);
  }

  T& object_;
  detail::Object* shared_;  // null outside the checker
};

// A test-and-set flag.
class atomic_flag {
 public:
  explicit atomic_flag(std::string_view name = {}) : flag_(false, name) {}

  bool test_and_set(std::memory_order order = std::memory_order_seq_cst,
                    location where = location::current()) {
    return flag_.exchange(true, order, where);
  }
  void clear(std::memory_order order = std::memory_order_seq_cst, location where = location::current()) {
    flag_.store(false, order, where);
  }
  bool test(std::memory_order order = std::memory_order_seq_cst, location where = location::current()) const {
    return flag_.load(order, where);
  }
  void wait(bool old, std::memory_order order = std::memory_order_seq_cst,
            location where = location::current()) const {
    flag_.wait(old, order, where);
  }
  void notify_one(location where = location::current()) { flag_.notify_one(where); }
  void notify_all(location where = location::current()) { flag_.notify_all(where); }

 private:
  atomic<bool> flag_;
};

// A step of its own that touches nothing; what it orders, [atomics.fences] says.
inline void atomic_thread_fence(std::memory_order order, location where = location::current()) {
  if (detail::in_model()) detail::fence(order, where);
  else std::atomic_thread_fence(order);
}

using std::memory_order;
using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_consume;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

}  // namespace heddle
