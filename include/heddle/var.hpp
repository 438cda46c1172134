// heddle/var.hpp - a plain shared variable, like `int count;` that several threads use.
//
//     heddle::var<int> count = 0;
//     heddle::var<int> named{0, "count"};  // shown in traces as `count`
//     ++count;                             // a read, then a write: another thread fits between them
//     int seen = count.load();
//     count = 5;                           // the same as count.store(5)
//
// Under the checker every access is a step, and two accesses from different threads of which one is a
// write are a *data race* unless a lock, an atomic or a join orders them ([intro.races]/21): the
// checker reports it with both places. `++`, `+=` and their like are *compound*: a read and a write. When
// another thread's write falls between the two, that write is lost and reported as a lost update.
//
// A var gives out values and no reference, because what is done with a reference cannot be seen. What works
// on an object in its place does so under one access:
//
//     heddle::var<std::vector<int>> queue;
//     queue.with_mut([](std::vector<int>& q) { q.push_back(1); });                      // one write
//     int first = queue.with([](const std::vector<int>& q) { return q.front(); });      // one read
//     queue.push_back(2);                  // the same, for what containers have; so are size(), queue[0],
//     ... heddle::var<Point> point; int x = point->x;                    // a read of the whole point; to
//     change it there is with_mut()
//
// Copying a var reads it. Outside the checker a var is a `T`, each access of which is one load or store.
// Where T is trivially copyable and the hardware can do it in one piece, that is std::atomic_ref's with
// memory_order_relaxed: on common hardware the instruction of a plain access, but a race in a native run is
// then no undefined behaviour. In a build with ThreadSanitizer, and for any other T, it is a plain access: a
// race is a race there.
//
// A `T` that is trivially copyable and at most 8 bytes is shown with its values in traces. A var may be
// declared outside the scenario's body: every execution starts from the value that it has there.
//
// The implicit conversion to T, `->` and the assignment of another var cannot know their line (they take no
// further arguments); use load(), with() and store() where a trace should name the line. As for a
// std::atomic<T>, `ready ? x : 0` is ambiguous; say `x.load()` there.
#pragma once

#include <heddle/detail/model.hpp>
#include <heddle/detail/operand.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace heddle {

template <class T>
class var;

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

// A right operand together with the line it was written on; an Excluded is none.
template <class T, class Excluded = void>
struct LocatedValue {
  T value;
  location where;
  template <class U>
  requires(std::is_convertible_v<U, T> && !std::is_same_v<std::remove_cvref_t<U>, Excluded>)
      LocatedValue(U&& v, location w = location::current())  // NOLINT(google-explicit-constructor): the point
      : value(std::forward<U>(v)), where(w) {}
};

// What `->` shows of a value: for the end of the expression, and not to be changed.
template <class T>
struct Shown {
  const T value;
  const T* operator->() const { return &value; }
};

// Whether copying compiles: containers always say so.
template <class T>
inline constexpr bool copyable = std::is_copy_constructible_v<T>&& std::is_copy_assignable_v<T>;
template <class T>
requires requires { typename T::value_type; }
inline constexpr bool copyable<T> =
    std::is_copy_constructible_v<T> && std::is_copy_assignable_v<T> && copyable<typename T::value_type>;

template <class T>
concept Container = requires(const T& container) {
  typename T::value_type;
  container.size();
};

template <class T>
concept PointerLike = std::is_pointer_v<T> || requires(const T& value) {
  value.operator->();
};

}  // namespace detail

template <class T>
class var {
 public:
  var() : var(T{}) {}
  // `name` appears in traces; without one the variable is called after its type and lineage.
  var(T initial, std::string_view name = {})  // NOLINT(google-explicit-constructor): as a T
      : object_(detail::ObjectKind::Variable, name, outside(initial), detail::word_format<T>()),
        value_(std::move(initial)) {}
  var(const var& other, location where = location::current()) : var(other.load(where)) {}

  T load(location where = location::current()) const { return read(false, where); }
  void store(T value, location where = location::current()) { write(std::move(value), false, where); }

  operator T() const { return read(false, location{}); }  // NOLINT(google-explicit-constructor): as a T
  var& operator=(detail::LocatedValue<T, var> right) {
    write(std::move(right.value), false, right.where);
    return *this;
  }
  // Volatile only to come second where a T is assigned, which could become a var as well.
  var& operator=(const var& right) volatile {
    var& self = const_cast<var&>(*this);
    self.write(right.read(false, location{}), false, location{});
    return self;
  }

  // Calls `use(const T&)` under one read, or `change(T&)` under one write, and returns what it returns.
  // REQUIRES: the call performs no step, and the reference does not outlive it. A T of at most 8 bytes is
  // read, changed and written, like with `++`.
  template <class Use>
  auto with(Use use, location where = location::current()) const {
    if constexpr (detail::fits_word<T>) {
      const T value = read(false, where);
      return use(value);
    } else {
      if (detail::in_model()) note_read(false, where);
      return use(std::as_const(value_));
    }
  }
  template <class Change>
  auto with_mut(Change change, location where = location::current()) {
    if constexpr (detail::fits_word<T>) {
      T value = read(true, where);
      if constexpr (std::is_void_v<std::invoke_result_t<Change&, T&>>) {
        change(value);
        write(value, true, where);
      } else {
        auto result = change(value);
        write(value, true, where);
        return result;
      }
    } else {
      if (detail::in_model()) note_write(detail::unique_word(), false, where);
      return change(value_);
    }
  }

  // What containers have.
  auto size(location where = location::current()) const requires detail::Container<T> {
    return with([](const T& c) { return c.size(); }, where);
  }
  auto empty(location where = location::current()) const requires detail::Container<T> {
    return with([](const T& c) { return c.empty(); }, where);
  }
  auto front(location where = location::current()) const requires detail::Container<T> {
    return with([](const T& c) { return c.front(); }, where);
  }
  auto back(location where = location::current()) const requires detail::Container<T> {
    return with([](const T& c) { return c.back(); }, where);
  }
  auto operator[](detail::LocatedValue<std::size_t> index) const requires detail::Container<T> {
    return with([&](const T& c) { return c[index.value]; }, index.where);
  }
  template <class Element>
  void push_back(Element&& element, location where = location::current()) requires detail::Container<T> {
    with_mut([&](T& c) { c.push_back(std::forward<Element>(element)); }, where);
  }
  void pop_back(location where = location::current()) requires detail::Container<T> {
    with_mut([](T& c) { c.pop_back(); }, where);
  }
  void resize(std::size_t size, location where = location::current()) requires detail::Container<T> {
    with_mut([&](T& c) { c.resize(size); }, where);
  }
  void clear(location where = location::current()) requires detail::Container<T> {
    with_mut([](T& c) { c.clear(); }, where);
  }

  // The pointer, or a look at the value.
  auto operator->() const {
    if constexpr (detail::PointerLike<T>) return read(false, location{});
    else return detail::Shown<T>{read(false, location{})};
  }

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
  // A conversion that loses something is the user's, as with a T.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wfloat-conversion"
  template <class Right>
  friend T operator+=(detail::Located<var> v, const Right& right) {
    const auto& by = detail::operand(right, v.where);
    return v.object.compound(v.where, [&](T& x) { x += by; }).second;
  }
  template <class Right>
  friend T operator-=(detail::Located<var> v, const Right& right) {
    const auto& by = detail::operand(right, v.where);
    return v.object.compound(v.where, [&](T& x) { x -= by; }).second;
  }
  template <class Right>
  friend T operator*=(detail::Located<var> v, const Right& right) {
    const auto& by = detail::operand(right, v.where);
    return v.object.compound(v.where, [&](T& x) { x *= by; }).second;
  }
  template <class Right>
  friend T operator/=(detail::Located<var> v, const Right& right) {
    const auto& by = detail::operand(right, v.where);
    return v.object.compound(v.where, [&](T& x) { x /= by; }).second;
  }
  template <class Right>
  friend T operator%=(detail::Located<var> v, const Right& right) {
    const auto& by = detail::operand(right, v.where);
    return v.object.compound(v.where, [&](T& x) { x %= by; }).second;
  }
  template <class Right>
  friend T operator&=(detail::Located<var> v, const Right& right) {
    const auto& by = detail::operand(right, v.where);
    return v.object.compound(v.where, [&](T& x) { x &= by; }).second;
  }
  template <class Right>
  friend T operator|=(detail::Located<var> v, const Right& right) {
    const auto& by = detail::operand(right, v.where);
    return v.object.compound(v.where, [&](T& x) { x |= by; }).second;
  }
  template <class Right>
  friend T operator^=(detail::Located<var> v, const Right& right) {
    const auto& by = detail::operand(right, v.where);
    return v.object.compound(v.where, [&](T& x) { x ^= by; }).second;
  }
  template <class Right>
  friend T operator<<=(detail::Located<var> v, const Right& right) {
    const auto& by = detail::operand(right, v.where);
    return v.object.compound(v.where, [&](T& x) { x <<= by; }).second;
  }
  template <class Right>
  friend T operator>>=(detail::Located<var> v, const Right& right) {
    const auto& by = detail::operand(right, v.where);
    return v.object.compound(v.where, [&](T& x) { x >>= by; }).second;
  }
#pragma GCC diagnostic pop

  // Two reads and two writes.
  friend void swap(var& a, var& b, location where = location::current()) {
    T before = a.read(false, where);
    a.write(b.read(false, where), false, where);
    b.write(std::move(before), false, where);
  }

  // For require() and its like.
  friend T observed(const var& v, location where) { return v.load(where); }

 private:
  static detail::Word outside(const T& value) {
    if constexpr (detail::fits_word<T>) return detail::to_word(value);
    else return 0;
  }

  static detail::Word written(const T& value) {
    if constexpr (detail::fits_word<T>) return detail::to_word(value);
    else return detail::unique_word();
  }

  detail::Word note_read(bool compound, location where) const {
    restore_later();
    return detail::load(object_, outside(value_), std::memory_order_relaxed, compound, where);
  }
  void note_write(detail::Word word, bool compound, location where) {
    restore_later();
    detail::store(object_, outside(value_), word, std::memory_order_relaxed, compound, where);
  }
  // A value that the checker does not keep has to be given back to an object from outside.
  void restore_later() const {
    if constexpr (!detail::fits_word<T>) {
      if (detail::is_known(object_)) return;
      std::function<void()> restore;
      if constexpr (detail::copyable<T>) restore = [this, before = value_] { value_ = before; };
      detail::restore_later(object_, std::move(restore));
    }
  }

  T read(bool compound, location where) const {
    if (!detail::in_model()) return read_outside();
    const detail::Word word = note_read(compound, where);
    if constexpr (detail::fits_word<T>) return detail::from_word<T>(word);
    else return value_;
  }

  void write(T value, bool compound, location where) {
    if (!detail::in_model()) {
      write_outside(std::move(value));
      return;
    }
    note_write(written(value), compound, where);
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
