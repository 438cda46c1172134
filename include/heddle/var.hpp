// heddle/var.hpp - a plain shared variable, like `int count;` that several threads use.
//
//     heddle::var<int> count{0, "count"};
//     ++count;                             // a read, then a write: another thread fits between them
//     int seen = count.load();
//     count = 5;                           // the same as count.store(5)
//
// Under the checker every access is a step, and two accesses from different threads of which one is a
// write are a *data race* unless a lock, an atomic or a join orders them ([intro.races]/21): the
// checker reports it with both places. `++`, `--`, `+=`, `-=` are *compound*: a read and a write. When
// another thread's write falls between the two, that write is lost and reported as a lost update.
//
// Outside the checker a var is a `T`, each access of which is one load or store. Where T is trivially
// copyable and the hardware can do it in one piece, that is std::atomic_ref's with memory_order_relaxed: on
// common hardware the instruction of a plain access, but a race in a native run is then no undefined
// behaviour. In a build with ThreadSanitizer, and for any other T, it is a plain access: a race is a race
// there.
//
// T is any copyable type. A `T` that is trivially copyable and at most 8 bytes is shown with its
// values in traces and may be declared outside the scenario's body, in which case every execution
// starts from the value it has there. Any other T must be created inside the body.
//
// The implicit conversion to T cannot know its line (a conversion takes no further arguments); use
// load() where a trace should name the line.
#pragma once

#include <heddle/detail/model.hpp>

#include <atomic>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace heddle {

namespace detail {

// Whether an access to a T outside the checker goes through std::atomic_ref.
template <class T>
constexpr bool accessed_atomically() {
#if defined(__SANITIZE_THREAD__)
  return false;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
  return false;
#endif
#endif
  if constexpr (std::is_trivially_copyable_v<T>) return std::atomic_ref<T>::is_always_lock_free;
  else return false;
}

template <class T>
constexpr std::size_t alignment_outside() {
  if constexpr (accessed_atomically<T>()) return std::atomic_ref<T>::required_alignment;
  else return alignof(T);
}

// A right operand together with the line it was written on.
template <class T>
struct LocatedValue {
  T value;
  location where;
  template <class U>
  requires std::is_convertible_v<U, T> LocatedValue(
      U&& v, location w = location::current())  // NOLINT(google-explicit-constructor): the point
      : value(std::forward<U>(v)), where(w) {}
};

}  // namespace detail

template <class T>
class var {
 public:
  // `name` appears in traces; without one the variable is called after its type and lineage.
  explicit var(T initial = T{}, std::string_view name = {})
      : object_(detail::ObjectKind::Variable, name, outside(initial), detail::word_format<T>()),
        value_(std::move(initial)) {}

  T load(location where = location::current()) const { return read(false, where); }
  void store(T value, location where = location::current()) { write(std::move(value), false, where); }

  operator T() const { return read(false, location{}); }  // NOLINT(google-explicit-constructor): as a T
  var& operator=(detail::LocatedValue<T> right) {
    write(std::move(right.value), false, right.where);
    return *this;
  }
  var& operator=(const var& right) {
    write(right.read(false, location{}), false, location{});
    return *this;
  }
  var(const var&) = delete;

  // Each of these is a read followed by a write; the result is the value written (or, for the postfix
  // forms, the value read), so that using it is not one more read.
  friend T operator++(detail::Located<var> v) {
    return v.object.compound(v.where, [](T& x) { ++x; }).second;
  }
  friend T operator--(detail::Located<var> v) {
    return v.object.compound(v.where, [](T& x) { --x; }).second;
  }
  friend T operator++(detail::Located<var> v, int) {
    return v.object.compound(v.where, [](T& x) { ++x; }).first;
  }
  friend T operator--(detail::Located<var> v, int) {
    return v.object.compound(v.where, [](T& x) { --x; }).first;
  }
  T operator+=(detail::LocatedValue<T> right) {
    return compound(right.where, [&](T& x) { x += right.value; }).second;
  }
  T operator-=(detail::LocatedValue<T> right) {
    return compound(right.where, [&](T& x) { x -= right.value; }).second;
  }

 private:
  static detail::Word outside(const T& value) {
    if constexpr (detail::fits_word<T>) return detail::to_word(value);
    else return 0;
  }

  static detail::Word written(const T& value) {
    if constexpr (detail::fits_word<T>) return detail::to_word(value);
    else return detail::unique_word();
  }

  T read(bool compound, location where) const {
    if (!detail::in_model()) return read_outside();
    const detail::Word word =
        detail::load(object_, outside(value_), std::memory_order_relaxed, compound, where);
    if constexpr (detail::fits_word<T>) return detail::from_word<T>(word);
    else return value_;
  }

  void write(T value, bool compound, location where) {
    if (!detail::in_model()) {
      write_outside(std::move(value));
      return;
    }
    detail::store(object_, outside(value_), written(value), std::memory_order_relaxed, compound, where);
    if constexpr (!detail::fits_word<T>) value_ = std::move(value);
  }

  T read_outside() const {
    if constexpr (detail::accessed_atomically<T>())
      return std::atomic_ref<T>(value_).load(std::memory_order_relaxed);
    else return value_;
  }
  void write_outside(T value) {
    if constexpr (detail::accessed_atomically<T>())
      std::atomic_ref<T>(value_).store(value, std::memory_order_relaxed);
    else value_ = std::move(value);
  }

  template <class Change>
  std::pair<T, T> compound(location where, Change change) {
    T before = read(true, where);
    T after = before;
    change(after);
    write(after, true, where);
    return {std::move(before), std::move(after)};
  }

  mutable detail::Object object_;
  // Outside the checker, and for types that do not fit a word: the value itself.
  alignas(detail::alignment_outside<T>()) mutable T value_;
};

}  // namespace heddle
