// heddle/atomic_shared_ptr.hpp - std::atomic<std::shared_ptr<T>> and of weak_ptr, visible to the checker.
//
//     heddle::atomic<heddle::shared_ptr<Node>> head;
//     heddle::shared_ptr<Node> seen = head.load(std::memory_order_acquire);
//     while (!head.compare_exchange_weak(seen, heddle::make_shared<Node>(seen))) {}
//
// Names and meaning of [util.smartptr.atomic]. Under the checker an operation is one step on the object, with
// the order given, followed by one on a use count. The standard has a load do both at once. That is the same:
// an owner is only made where there is one still, and otherwise the load looks again, at a newer value.
//
// A store is an update, as in all implementations, because it ends a use of what it replaces: a relaxed one
// does not end the release sequence of an earlier store. Outside the checker a mutex makes each operation
// one. To be made in the scenario's body.
#pragma once

#include <heddle/shared_ptr.hpp>

#include <atomic>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle {

namespace detail {

inline Count& count_of(Control& control, const auto* pointer) {
  if constexpr (requires { pointer->lock(); }) return control.weak_uses;
  else return control.uses;
}

template <class Pointer>
class AtomicOwner {
 public:
  using value_type = Pointer;
  static constexpr bool is_always_lock_free = false;

  AtomicOwner(Pointer initial, std::string_view name)
      : outside_(SharedAccess::release(initial, location{})),
        state_(in_model() ? known(std::exchange(outside_, {})) : from_outside, name) {}
  AtomicOwner(const AtomicOwner&) = delete;
  AtomicOwner& operator=(const AtomicOwner&) = delete;
  ~AtomicOwner() {
    quietly([&] { adopt(find(std::memory_order_relaxed, location{})); });
    for (const auto& [token, held] : known_) held.control->unpin();
  }

  bool is_lock_free() const noexcept { return false; }

  Pointer load(std::memory_order order = std::memory_order_seq_cst,
               location where = location::current()) const {
    const auto hold = alone();
    for (;;) {
      const Held found = find(order, where);
      if (shares(found, where)) return adopt(found);
    }
  }
  void store(Pointer desired, std::memory_order order = std::memory_order_seq_cst,
             location where = location::current()) {
    exchange(std::move(desired), order, where);
  }
  operator Pointer() const {  // NOLINT(google-explicit-constructor): as std
    return load(std::memory_order_seq_cst, location{});
  }
  void operator=(Pointer desired) {  // NOLINT(misc-unconventional-assign-operator): as std
    store(std::move(desired), std::memory_order_seq_cst, location{});
  }
  Pointer exchange(Pointer desired, std::memory_order order = std::memory_order_seq_cst,
                   location where = location::current()) {
    const auto hold = alone();
    const Held next = SharedAccess::release(desired, where);
    if (in_model()) return adopt(meant_by(state_.exchange(known(next), order, where)));
    ++changes_;
    return adopt(std::exchange(outside_, next));
  }

  // `expected` receives the value found when the exchange fails.
  bool compare_exchange_strong(Pointer& expected, Pointer desired, std::memory_order success,
                               std::memory_order failure, location where = location::current()) {
    Pointer replaced;  // its use ends when nobody is kept out any more
    const auto hold = alone();
    const Held old = SharedAccess::held(expected, where);
    const Held next = SharedAccess::held(desired, where);
    for (;;) {
      Held found = old;
      if (replaces(found, next, success, failure, where)) {
        SharedAccess::release(desired, where);
        replaced = adopt(old);
        return true;
      }
      if (!shares(found, where)) continue;
      replaced = std::exchange(expected, adopt(found));
      return false;
    }
  }
  bool compare_exchange_strong(Pointer& expected, Pointer desired,
                               std::memory_order order = std::memory_order_seq_cst,
                               location where = location::current()) {
    return compare_exchange_strong(expected, std::move(desired), order, failure_order(order), where);
  }
  bool compare_exchange_weak(Pointer& expected, Pointer desired, std::memory_order success,
                             std::memory_order failure, location where = location::current()) {
    if (in_model() && fails_spuriously(where)) {
      expected = load(failure, where);
      return false;
    }
    return compare_exchange_strong(expected, std::move(desired), success, failure, where);
  }
  bool compare_exchange_weak(Pointer& expected, Pointer desired,
                             std::memory_order order = std::memory_order_seq_cst,
                             location where = location::current()) {
    return compare_exchange_weak(expected, std::move(desired), order, failure_order(order), where);
  }

  // Waits until it neither points to nor shares what `old` does.
  void wait(Pointer old, std::memory_order order = std::memory_order_seq_cst,
            location where = location::current()) const {
    const Held held = SharedAccess::held(old, where);
    if (in_model()) return state_.wait(token_of(held), order, where);
    for (;;) {
      const unsigned changes = changes_.load();
      if (const auto hold = alone(); outside_ != held) return;
      changes_.wait(changes);
    }
  }
  void notify_one(location where = location::current()) {
    if (in_model()) state_.notify_one(where);
    else changes_.notify_one();
  }
  void notify_all(location where = location::current()) {
    if (in_model()) state_.notify_all(where);
    else changes_.notify_all();
  }

 private:
  using Held = detail::Held<typename Pointer::element_type>;

  static Pointer adopt(Held held) { return SharedAccess::adopt<Pointer>(held); }
  static Count& count(Held held) { return count_of(*held.control, static_cast<Pointer*>(nullptr)); }

  std::unique_lock<std::mutex> alone() const {
    return in_model() ? std::unique_lock<std::mutex>() : std::unique_lock(guard_);
  }
  // Makes one more use of what was found, unless the last has ended meanwhile. Who sees that it has, sees
  // what it was replaced by as well: so it is not found again.
  bool shares(Held found, location where) const {
    if (found.control == nullptr || count(found).add_unless_zero(where)) return true;
    count(found).read(std::memory_order_acquire, where);
    return false;
  }
  Held find(std::memory_order order, location where) const {
    return in_model() ? meant_by(state_.load(order, where)) : outside_;
  }
  // Returns whether it has replaced what was `expected`, which otherwise receives what is there.
  bool replaces(Held& expected, Held next, std::memory_order success, std::memory_order failure,
                location where) {
    if (in_model()) {
      Token token = token_of(expected);
      const bool replaced = state_.compare_exchange_strong(token, known(next), success, failure, where);
      if (!replaced) expected = meant_by(token);
      return replaced;
    }
    const bool replaced = outside_ == expected;
    if (replaced) outside_ = next, ++changes_;
    else expected = outside_;
    return replaced;
  }

  // Stands for a value, as its address must not; a class, so that it is not printed as a number.
  struct Token {
    Word word;
    friend bool operator==(Token, Token) = default;
  };

  static Token token_of(Held held) {
    return {held.control == nullptr ? 0 : held.control->word_for(held.pointer)};
  }
  Held meant_by(Token token) const {
    for (const auto& [known, held] : known_)
      if (known == token) return held;
    return token == from_outside ? outside_ : Held{};
  }
  // An old value may be found when it is gone, so that all are kept, and their counts with them.
  Token known(Held held) {
    const Token token = token_of(held);
    if (held.control != nullptr && meant_by(token) != held) {
      known_.emplace_back(token, held);
      held.control->pin();
    }
    return token;
  }

  static constexpr Token from_outside{~Word{0}};

  std::vector<std::pair<Token, Held>> known_;  // under the checker
  Held outside_;                               // outside the checker: the value, under a mutex
  mutable std::mutex guard_;
  mutable std::atomic<unsigned> changes_{0};
  atomic<Token> state_;  // under the checker
};

}  // namespace detail

template <class T>
class atomic<shared_ptr<T>> : public detail::AtomicOwner<shared_ptr<T>> {
  using Base = detail::AtomicOwner<shared_ptr<T>>;

 public:
  atomic() : Base(nullptr, {}) {}
  atomic(std::nullptr_t, std::string_view name = {}) : Base(nullptr, name) {}  // NOLINT: as std
  atomic(shared_ptr<T> initial, std::string_view name = {})                    // NOLINT: as std
      : Base(std::move(initial), name) {}
  using Base::operator=;
};

template <class T>
class atomic<weak_ptr<T>> : public detail::AtomicOwner<weak_ptr<T>> {
  using Base = detail::AtomicOwner<weak_ptr<T>>;

 public:
  atomic() : Base({}, {}) {}
  atomic(weak_ptr<T> initial, std::string_view name = {})  // NOLINT: as std
      : Base(std::move(initial), name) {}
  using Base::operator=;
};

}  // namespace heddle
