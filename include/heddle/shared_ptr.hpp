// heddle/shared_ptr.hpp - std::shared_ptr and std::weak_ptr, visible to the checker.
//
//     auto node = heddle::make_shared<Node>();
//     heddle::weak_ptr<Node> seen = node;
//     if (heddle::shared_ptr<Node> still = seen.lock()) still->value = 1;
//     heddle::atomic<heddle::shared_ptr<Node>> head{node, "head"};        // <heddle/atomic_shared_ptr.hpp>
//
// Names, signatures and meaning of [util.smartptr]; without allocators. Under the checker the counts are
// atomic objects: copying an owner is a relaxed update of the use count, its end an update with acq_rel, and
// lock() and use_count() are steps too, so that what they decide is explored. A shared_ptr is itself a plain
// variable: a thread that copies one while another assigns to it is a data race, for which there is
// atomic<shared_ptr>. What the pointee is protected by, the counts do not say.
//
// lock() and an increment order nothing: the standard promises no more, though common implementations do.
// Owners that are used in a scenario are to be made in its body. `*`, `->`, conversions and assignments do
// not know their line. Outside the checker the counts are std::atomic.
#pragma once

#include <heddle/detail/shared_count.hpp>

#include <compare>
#include <cstddef>
#include <functional>
#include <memory>
#include <ostream>
#include <string_view>
#include <type_traits>
#include <utility>

namespace heddle {

using std::bad_weak_ptr;

template <class T>
class shared_ptr;
template <class T>
class weak_ptr;
template <class T>
class enable_shared_from_this;

namespace detail {

template <class Y, class T>
inline constexpr bool shares_as = std::is_convertible_v<std::remove_extent_t<Y>*, std::remove_extent_t<T>*>;

// What the classes around a shared_ptr need of it.
struct SharedAccess {
  template <class Pointer, class Element>
  static Pointer adopt(Held<Element> held) noexcept {
    return Pointer(held);
  }
  template <class Pointer>
  static auto held(const Pointer& pointer, location where) noexcept {
    return pointer.owner_.read(where);
  }
  template <class Pointer>
  static auto release(Pointer& pointer, location where) noexcept {
    return pointer.owner_.write({}, where);
  }
  template <class A, class B>
  static bool owned_before(const A& a, const B& b) noexcept {
    return std::less<Control*>()(held(a, location{}).control, held(b, location{}).control);
  }
  template <class T, class Y, class U>
  static void introduce(const shared_ptr<T>& owner, Y* pointer,
                        const enable_shared_from_this<U>* base) noexcept {
    if (base == nullptr || !base->weak_this_.expired(location{})) return;
    base->weak_this_ = shared_ptr<U>(owner, const_cast<std::remove_cv_t<U>*>(static_cast<const U*>(pointer)));
  }
};

}  // namespace detail

template <class T>
class shared_ptr {
 public:
  using element_type = std::remove_extent_t<T>;
  using weak_type = weak_ptr<T>;

  shared_ptr() noexcept : shared_ptr(Held{}) {}
  shared_ptr(std::nullptr_t) noexcept : shared_ptr() {}  // NOLINT(google-explicit-constructor): as std
  template <class Y>
  requires detail::shares_as<Y, T>
  explicit shared_ptr(Y* pointer) : shared_ptr(pointer, DefaultDeleter<Y>()) {}
  template <class Y, class Deleter>
  requires detail::shares_as<Y, T> shared_ptr(Y* pointer, Deleter deleter)
      : shared_ptr(Held{pointer, controlled(pointer, std::move(deleter))}) {
    introduce(pointer);
  }
  template <class Deleter>
  shared_ptr(std::nullptr_t, Deleter deleter)
      : shared_ptr(Held{nullptr, controlled(static_cast<element_type*>(nullptr), std::move(deleter))}) {}
  template <class Y, class Deleter>
  requires detail::shares_as<Y, T> shared_ptr(std::unique_ptr<Y, Deleter>&& unique)  // NOLINT: as std
      : shared_ptr() {
    if (unique == nullptr) return;
    if constexpr (std::is_reference_v<Deleter>)
      shared_ptr(unique.get(), std::ref(unique.get_deleter())).swap(*this);
    else shared_ptr(unique.get(), std::move(unique.get_deleter())).swap(*this);
    unique.release();
  }
  // Owns what `other` owns and points to something else.
  template <class Y>
  shared_ptr(const shared_ptr<Y>& other, element_type* pointer, location where = location::current()) noexcept
      : shared_ptr(Held{pointer, other.owner_.read(where).control}) {
    add_use(where);
  }
  template <class Y>
  shared_ptr(shared_ptr<Y>&& other, element_type* pointer, location where = location::current()) noexcept
      : shared_ptr(Held{pointer, other.owner_.write({}, where).control}) {}

  shared_ptr(const shared_ptr& other, location where = location::current()) noexcept
      : shared_ptr(other.owner_.read(where)) {
    add_use(where);
  }
  shared_ptr(shared_ptr&& other, location where = location::current()) noexcept
      : shared_ptr(other.owner_.write({}, where)) {}
  template <class Y>
  requires detail::shares_as<Y, T> shared_ptr(const shared_ptr<Y>& other,
                                              location where = location::current())
  noexcept  // NOLINT: as std
      : shared_ptr(as_held(other.owner_.read(where))) {
    add_use(where);
  }
  template <class Y>
  requires detail::shares_as<Y, T> shared_ptr(shared_ptr<Y>&& other, location where = location::current())
  noexcept  // NOLINT: as std
      : shared_ptr(as_held(other.owner_.write({}, where))) {}
  // Throws std::bad_weak_ptr when there is no owner any more.
  template <class Y>
  requires detail::shares_as<Y, T>
  explicit shared_ptr(const weak_ptr<Y>& weak, location where = location::current())
      : shared_ptr(weak.lock(where)) {
    if (owner_.held().control == nullptr) throw std::bad_weak_ptr();
  }
  ~shared_ptr() {
    if (auto* control = owner_.held().control) control->drop_use(location{});
  }

  shared_ptr& operator=(const shared_ptr& other) noexcept {
    shared_ptr(other, location{}).give_to(*this);
    return *this;
  }
  shared_ptr& operator=(shared_ptr&& other) noexcept {
    shared_ptr(std::move(other), location{}).give_to(*this);
    return *this;
  }
  template <class Y>
  requires detail::shares_as<Y, T> shared_ptr& operator=(const shared_ptr<Y>& other) noexcept {
    shared_ptr(other, location{}).give_to(*this);
    return *this;
  }
  template <class Y>
  requires detail::shares_as<Y, T> shared_ptr& operator=(shared_ptr<Y>&& other) noexcept {
    shared_ptr(std::move(other), location{}).give_to(*this);
    return *this;
  }
  template <class Y, class Deleter>
  shared_ptr& operator=(std::unique_ptr<Y, Deleter>&& unique) {
    shared_ptr(std::move(unique)).give_to(*this);
    return *this;
  }

  void swap(shared_ptr& other, location where = location::current()) noexcept {
    const Held mine = owner_.read(where);
    owner_.write(other.owner_.write(mine, where), where);
  }
  void reset(location where = location::current()) noexcept { shared_ptr().give_to(*this, where); }
  template <class Y>
  void reset(Y* pointer, location where = location::current()) {
    shared_ptr(pointer).give_to(*this, where);
  }
  template <class Y, class Deleter>
  void reset(Y* pointer, Deleter deleter, location where = location::current()) {
    shared_ptr(pointer, std::move(deleter)).give_to(*this, where);
  }

  element_type* get(location where = location::current()) const noexcept {
    return owner_.read(where).pointer;
  }
  std::add_lvalue_reference_t<element_type> operator*() const noexcept { return *get(location{}); }
  element_type* operator->() const noexcept { return get(location{}); }
  element_type& operator[](std::ptrdiff_t i) const requires std::is_array_v<T> { return get(location{})[i]; }
  explicit operator bool() const noexcept { return get(location{}) != nullptr; }
  // A relaxed load: who decides by it does not know what other owners have done.
  long use_count(location where = location::current()) const noexcept {
    const auto* control = owner_.read(where).control;
    return control == nullptr ? 0 : control->uses.read(std::memory_order_relaxed, where);
  }
  template <class Y>
  bool owner_before(const Y& other) const noexcept {
    return detail::SharedAccess::owned_before(*this, other);
  }

 private:
  template <class Y>
  friend class shared_ptr;
  template <class Y>
  friend class weak_ptr;
  friend struct detail::SharedAccess;

  using Held = detail::Held<element_type>;
  template <class Y>
  using DefaultDeleter =
      std::conditional_t<std::is_array_v<T>, std::default_delete<Y[]>, std::default_delete<Y>>;

  // Takes over a use that has been counted.
  explicit shared_ptr(Held held) noexcept : owner_("shared_ptr", held) {}

  template <class Y>
  static Held as_held(detail::Held<Y> held) noexcept {
    return {held.pointer, held.control};
  }
  // [util.smartptr.shared.const]/10: the pointer is not lost when there is no memory.
  template <class Y, class Deleter>
  static detail::Control* controlled(Y* pointer, Deleter deleter) {
    try {
      return new detail::DeletingControl<Y*, Deleter>(pointer, deleter);
    } catch (...) {
      deleter(pointer);
      throw;
    }
  }
  void add_use(location where) noexcept {
    if (auto* control = owner_.held().control) control->uses.add(where);
  }
  void give_to(shared_ptr& other, location where = location{}) noexcept {
    owner_.take(other.owner_.write(owner_.held(), where));
  }
  // To a pointee that wants to know of its owners.
  template <class Y>
  void introduce(Y* pointer) noexcept {
    if constexpr (requires { detail::SharedAccess::introduce(*this, pointer, pointer); })
      detail::SharedAccess::introduce(*this, pointer, pointer);
  }

  detail::Owner<element_type> owner_;
};

// Looks at an object that others own.
template <class T>
class weak_ptr {
 public:
  using element_type = std::remove_extent_t<T>;

  weak_ptr() noexcept : weak_ptr(Held{}) {}
  weak_ptr(const weak_ptr& other, location where = location::current()) noexcept
      : weak_ptr(other.owner_.read(where)) {
    add_use(where);
  }
  weak_ptr(weak_ptr&& other, location where = location::current()) noexcept
      : weak_ptr(other.owner_.write({}, where)) {}
  template <class Y>
  requires detail::shares_as<Y, T> weak_ptr(const shared_ptr<Y>& other, location where = location::current())
  noexcept  // NOLINT: as std
      : weak_ptr(as_held(other.owner_.read(where))) {
    add_use(where);
  }
  // The object may be gone, and with it what a conversion of the pointer needs
  // ([util.smartptr.weak.const]/5).
  template <class Y>
  requires detail::shares_as<Y, T> weak_ptr(const weak_ptr<Y>& other, location where = location::current())
  noexcept  // NOLINT: as std
      : weak_ptr(other.lock(where), where) {}
  ~weak_ptr() {
    if (auto* control = owner_.held().control) control->drop_weak_use(location{});
  }

  weak_ptr& operator=(const weak_ptr& other) noexcept {
    weak_ptr(other, location{}).give_to(*this);
    return *this;
  }
  weak_ptr& operator=(weak_ptr&& other) noexcept {
    weak_ptr(std::move(other), location{}).give_to(*this);
    return *this;
  }
  template <class Y>
  requires detail::shares_as<Y, T> weak_ptr& operator=(const shared_ptr<Y>& other) noexcept {
    weak_ptr(other, location{}).give_to(*this);
    return *this;
  }
  template <class Y>
  requires detail::shares_as<Y, T> weak_ptr& operator=(const weak_ptr<Y>& other) noexcept {
    weak_ptr(other, location{}).give_to(*this);
    return *this;
  }

  void swap(weak_ptr& other, location where = location::current()) noexcept {
    const Held mine = owner_.read(where);
    owner_.write(other.owner_.write(mine, where), where);
  }
  void reset(location where = location::current()) noexcept { weak_ptr().give_to(*this, where); }

  // An owner, or an empty pointer when there is none any more. One step on the use count.
  shared_ptr<T> lock(location where = location::current()) const noexcept {
    Held held = owner_.read(where);
    bool locked = false;
    if (held.control != nullptr) detail::quietly([&] { locked = held.control->uses.add_unless_zero(where); });
    return shared_ptr<T>(locked ? held : Held{});
  }
  long use_count(location where = location::current()) const noexcept {
    const auto* control = owner_.read(where).control;
    return control == nullptr ? 0 : control->uses.read(std::memory_order_relaxed, where);
  }
  bool expired(location where = location::current()) const noexcept { return use_count(where) == 0; }
  template <class Y>
  bool owner_before(const Y& other) const noexcept {
    return detail::SharedAccess::owned_before(*this, other);
  }

 private:
  template <class Y>
  friend class shared_ptr;
  template <class Y>
  friend class weak_ptr;
  friend struct detail::SharedAccess;

  using Held = detail::Held<element_type>;

  explicit weak_ptr(Held held) noexcept : owner_("weak_ptr", held) {}

  template <class Y>
  static Held as_held(detail::Held<Y> held) noexcept {
    return {held.pointer, held.control};
  }
  void add_use(location where) noexcept {
    if (auto* control = owner_.held().control) control->weak_uses.add(where);
  }
  void give_to(weak_ptr& other, location where = location{}) noexcept {
    owner_.take(other.owner_.write(owner_.held(), where));
  }

  detail::Owner<element_type> owner_;
};

template <class T>
shared_ptr(std::unique_ptr<T>) -> shared_ptr<T>;
template <class T>
shared_ptr(weak_ptr<T>) -> shared_ptr<T>;
template <class T>
weak_ptr(shared_ptr<T>) -> weak_ptr<T>;

// A base class of objects that make owners of themselves ([util.smartptr.enab]).
template <class T>
class enable_shared_from_this {
 public:
  shared_ptr<T> shared_from_this() { return shared_ptr<T>(weak_this_); }
  shared_ptr<const T> shared_from_this() const { return shared_ptr<const T>(weak_this_); }
  weak_ptr<T> weak_from_this() noexcept { return weak_this_; }
  weak_ptr<const T> weak_from_this() const noexcept { return weak_this_; }

 protected:
  enable_shared_from_this() noexcept = default;
  enable_shared_from_this(const enable_shared_from_this&) noexcept {}
  enable_shared_from_this& operator=(const enable_shared_from_this&) noexcept { return *this; }
  ~enable_shared_from_this() = default;

 private:
  friend struct detail::SharedAccess;
  mutable weak_ptr<T> weak_this_;
};

template <class T, class... Arguments>
requires(!std::is_array_v<T>) shared_ptr<T> make_shared(Arguments&&... arguments) {
  auto* control = new detail::InPlaceControl<std::remove_cv_t<T>>(std::forward<Arguments>(arguments)...);
  auto owner = detail::SharedAccess::adopt<shared_ptr<T>>(detail::Held<T>{control->object(), control});
  if constexpr (requires { detail::SharedAccess::introduce(owner, control->object(), control->object()); })
    detail::SharedAccess::introduce(owner, control->object(), control->object());
  return owner;
}
template <class T>
requires std::is_unbounded_array_v<T> shared_ptr<T> make_shared(std::size_t size) {
  return shared_ptr<T>(new std::remove_extent_t<T>[size]());
}

template <class T, class U>
shared_ptr<T> static_pointer_cast(const shared_ptr<U>& other, location where = location::current()) noexcept {
  return {other, static_cast<typename shared_ptr<T>::element_type*>(other.get(where)), where};
}
template <class T, class U>
shared_ptr<T> const_pointer_cast(const shared_ptr<U>& other, location where = location::current()) noexcept {
  return {other, const_cast<typename shared_ptr<T>::element_type*>(other.get(where)), where};
}
template <class T, class U>
shared_ptr<T> reinterpret_pointer_cast(const shared_ptr<U>& other,
                                       location where = location::current()) noexcept {
  return {other, reinterpret_cast<typename shared_ptr<T>::element_type*>(other.get(where)), where};
}
template <class T, class U>
shared_ptr<T> dynamic_pointer_cast(const shared_ptr<U>& other,
                                   location where = location::current()) noexcept {
  auto* pointer = dynamic_cast<typename shared_ptr<T>::element_type*>(other.get(where));
  return pointer != nullptr ? shared_ptr<T>(other, pointer, where) : shared_ptr<T>();
}
template <class Deleter, class T>
Deleter* get_deleter(const shared_ptr<T>& owner, location where = location::current()) noexcept {
  detail::Control* control = detail::SharedAccess::held(owner, where).control;
  return control == nullptr ? nullptr : static_cast<Deleter*>(control->deleter(typeid(Deleter)));
}

template <class T, class U>
bool operator==(const shared_ptr<T>& a, const shared_ptr<U>& b) noexcept {
  return a.get(location{}) == b.get(location{});
}
template <class T>
bool operator==(const shared_ptr<T>& a, std::nullptr_t) noexcept {
  return a.get(location{}) == nullptr;
}
template <class T, class U>
std::strong_ordering operator<=>(const shared_ptr<T>& a, const shared_ptr<U>& b) noexcept {
  return std::compare_three_way()(a.get(location{}), b.get(location{}));
}
template <class T>
void swap(shared_ptr<T>& a, shared_ptr<T>& b, location where = location::current()) noexcept {
  a.swap(b, where);
}
template <class T>
void swap(weak_ptr<T>& a, weak_ptr<T>& b, location where = location::current()) noexcept {
  a.swap(b, where);
}
template <class T>
std::ostream& operator<<(std::ostream& out, const shared_ptr<T>& owner) {
  return out << owner.get(location{});
}

// For ordered containers of pointers, by what they own.
template <class T = void>
struct owner_less {
  using is_transparent = void;
  template <class A, class B>
  bool operator()(const A& a, const B& b) const noexcept {
    return a.owner_before(b);
  }
};

}  // namespace heddle

template <class T>
struct std::hash<heddle::shared_ptr<T>> {
  std::size_t operator()(const heddle::shared_ptr<T>& owner) const noexcept {
    return std::hash<typename heddle::shared_ptr<T>::element_type*>()(owner.get(heddle::location{}));
  }
};
