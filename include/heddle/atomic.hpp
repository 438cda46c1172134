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
// compare_exchange_weak does not fail spuriously. T must be trivially copyable and at most 8 bytes.
// Outside the checker this is std::atomic<T> with the orders given.
#pragma once

#include <heddle/detail/model.hpp>

#include <atomic>
#include <string_view>
#include <type_traits>

namespace heddle {

template <class T>
class atomic {
  static_assert(detail::fits_word<T>, "heddle::atomic<T> needs a trivially copyable T of at most 8 bytes");

 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;

  explicit atomic(T initial = T{}, std::string_view name = {})
      : object_(detail::ObjectKind::Atomic, name, detail::to_word(initial), detail::word_format<T>()),
        value_(initial) {}
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(std::memory_order order = std::memory_order_seq_cst, location where = location::current()) const {
    if (!detail::in_model()) return value_.load(order);
    return detail::from_word<T>(detail::load(object_, outside(), order, false, where));
  }
  void store(T value, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) {
    if (!detail::in_model()) return value_.store(value, order);
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
    return modify(value, order, where, [](detail::Word, detail::Word right) noexcept { return right; });
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
    return compare_exchange_strong(expected, desired, order, failure_order(order), where);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure,
                             location where = location::current()) {
    return compare_exchange_strong(expected, desired, success, failure, where);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order order = std::memory_order_seq_cst,
                             location where = location::current()) {
    return compare_exchange_strong(expected, desired, order, failure_order(order), where);
  }

  // Wrap around on overflow, as std::atomic's do.
  T fetch_add(T right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) requires std::is_integral_v<T> {
    if (!detail::in_model()) return value_.fetch_add(right, order);
    return modify(right, order, where,
                  [](detail::Word left, detail::Word r) noexcept { return wrapped(left + r); });
  }
  T fetch_sub(T right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) requires std::is_integral_v<T> {
    if (!detail::in_model()) return value_.fetch_sub(right, order);
    return modify(right, order, where,
                  [](detail::Word left, detail::Word r) noexcept { return wrapped(left - r); });
  }
  T fetch_and(T right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) requires std::is_integral_v<T> {
    if (!detail::in_model()) return value_.fetch_and(right, order);
    return modify(right, order, where, [](detail::Word left, detail::Word r) noexcept { return left & r; });
  }
  T fetch_or(T right, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) requires std::is_integral_v<T> {
    if (!detail::in_model()) return value_.fetch_or(right, order);
    return modify(right, order, where, [](detail::Word left, detail::Word r) noexcept { return left | r; });
  }
  T fetch_xor(T right, std::memory_order order = std::memory_order_seq_cst,
              location where = location::current()) requires std::is_integral_v<T> {
    if (!detail::in_model()) return value_.fetch_xor(right, order);
    return modify(right, order, where, [](detail::Word left, detail::Word r) noexcept { return left ^ r; });
  }

 private:
  static constexpr std::memory_order failure_order(std::memory_order order) {
    if (order == std::memory_order_acq_rel) return std::memory_order_acquire;
    if (order == std::memory_order_release) return std::memory_order_relaxed;
    return order;
  }
  static detail::Word wrapped(detail::Word word) noexcept { return detail::to_word(static_cast<T>(word)); }
  detail::Word outside() const { return detail::to_word(value_.load(std::memory_order_relaxed)); }
  T modify(T right, std::memory_order order, location where, detail::Modify change) {
    return detail::from_word<T>(
        detail::read_modify_write(object_, outside(), detail::to_word(right), change, order, where));
  }

  mutable detail::Object object_;
  std::atomic<T> value_;  // outside the checker: the value itself
};

}  // namespace heddle
