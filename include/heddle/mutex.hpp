// heddle/mutex.hpp - std::mutex and its guards, visible to the checker.
//
//     heddle::mutex guard{"guard"};
//     heddle::lock_guard hold(guard);              // remembers the line it was taken on
//     heddle::scoped_lock both(a, b);              // takes all or waits, without deadlock
//
// Same names, signatures and preconditions as in <mutex> ([thread.mutex.class]). Under the checker
// lock(), try_lock() and unlock() are one step each; lock() waits while another thread holds the
// mutex. Unlocking a mutex the caller does not hold, locking one it already holds, and destroying one
// that is held are undefined in C++ and a `mutex-misuse` defect here. try_lock() does not fail
// spuriously.
//
// std::lock_guard, std::unique_lock and std::scoped_lock work on heddle::mutex, but a trace then names
// lines inside the standard library; Heddle's own guards take the caller's.
#pragma once

#include <heddle/detail/model.hpp>

#include <mutex>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace heddle {

class mutex {
 public:
  explicit mutex(std::string_view name = {})
      : object_(detail::ObjectKind::Mutex, name, 0, detail::WordFormat::Opaque) {}
  mutex(const mutex&) = delete;
  mutex& operator=(const mutex&) = delete;

  void lock(location where = location::current()) {
    if (detail::in_model()) detail::lock(object_, where);
    else native_.lock();
  }
  bool try_lock(location where = location::current()) {
    return detail::in_model() ? detail::try_lock(object_, where) : native_.try_lock();
  }
  void unlock(location where = location::current()) {
    if (detail::in_model()) detail::unlock(object_, where);
    else native_.unlock();
  }

 private:
  template <class... Mutexes>
  friend class scoped_lock;

  detail::Object object_;
  std::mutex native_;
};

using std::adopt_lock;
using std::adopt_lock_t;
using std::defer_lock;
using std::defer_lock_t;
using std::try_to_lock;
using std::try_to_lock_t;

// Locks for the length of a scope. The unlock is shown with the line of the guard.
template <class Lockable>
class [[nodiscard]] lock_guard {
 public:
  using mutex_type = Lockable;
  explicit lock_guard(Lockable& lockable, location where = location::current())
      : lockable_(lockable), where_(where) {
    lockable_.lock(where_);
  }
  lock_guard(Lockable& lockable, adopt_lock_t, location where = location::current())
      : lockable_(lockable), where_(where) {}
  ~lock_guard() { lockable_.unlock(where_); }
  lock_guard(const lock_guard&) = delete;
  lock_guard& operator=(const lock_guard&) = delete;

 private:
  Lockable& lockable_;
  location where_;
};

// A lock that can be given back early, taken later and moved.
template <class Lockable>
class [[nodiscard]] unique_lock {
 public:
  using mutex_type = Lockable;
  unique_lock() noexcept = default;
  explicit unique_lock(Lockable& lockable, location where = location::current())
      : lockable_(&lockable), where_(where) {
    lock(where);
  }
  unique_lock(Lockable& lockable, defer_lock_t, location where = location::current()) noexcept
      : lockable_(&lockable), where_(where) {}
  unique_lock(Lockable& lockable, try_to_lock_t, location where = location::current())
      : lockable_(&lockable), where_(where) {
    owns_ = lockable.try_lock(where);
  }
  unique_lock(Lockable& lockable, adopt_lock_t, location where = location::current()) noexcept
      : lockable_(&lockable), where_(where), owns_(true) {}
  unique_lock(unique_lock&& other) noexcept { swap(other); }
  unique_lock& operator=(unique_lock&& other) noexcept {
    unique_lock(std::move(other)).swap(*this);
    return *this;
  }
  ~unique_lock() {
    if (owns_) lockable_->unlock(where_);
  }

  // Throws std::system_error without a mutex or when the mutex is already owned, as std's does.
  void lock(location where = location::current()) {
    require_lockable();
    lockable_->lock(where);
    where_ = where;
    owns_ = true;
  }
  bool try_lock(location where = location::current()) {
    require_lockable();
    where_ = where;
    return owns_ = lockable_->try_lock(where);
  }
  // Throws std::system_error when the mutex is not owned.
  void unlock(location where = location::current()) {
    if (!owns_) throw std::system_error(std::make_error_code(std::errc::operation_not_permitted));
    lockable_->unlock(where);
    owns_ = false;
  }
  Lockable* release() noexcept {
    owns_ = false;
    return std::exchange(lockable_, nullptr);
  }
  Lockable* mutex() const noexcept { return lockable_; }
  bool owns_lock() const noexcept { return owns_; }
  explicit operator bool() const noexcept { return owns_; }
  void swap(unique_lock& other) noexcept {
    std::swap(lockable_, other.lockable_);
    std::swap(where_, other.where_);
    std::swap(owns_, other.owns_);
  }

 private:
  void require_lockable() const {
    if (!lockable_) throw std::system_error(std::make_error_code(std::errc::operation_not_permitted));
    if (owns_) throw std::system_error(std::make_error_code(std::errc::resource_deadlock_would_occur));
  }

  Lockable* lockable_ = nullptr;
  location where_;
  bool owns_ = false;
};

// Takes several heddle::mutexes at once. std::lock ([thread.lock.algorithm]) takes one and gives it back
// when another is busy, until it has them all; under the checker those attempts are one step that waits
// until all are free, because a loop that only tries again adds no behaviour.
template <class... Mutexes>
class [[nodiscard]] scoped_lock {
  static_assert((std::is_same_v<Mutexes, heddle::mutex> && ...), "heddle::scoped_lock takes heddle::mutexes");

 public:
  explicit scoped_lock(Mutexes&... mutexes, location where = location::current())
      : mutexes_(&mutexes...), where_(where) {
    if (detail::in_model()) {
      detail::Object* const objects[] = {&mutexes.object_...};
      detail::lock_all(objects, where);
    } else if constexpr (sizeof...(Mutexes) == 1) {
      (mutexes.native_.lock(), ...);
    } else {
      std::lock(mutexes.native_...);
    }
  }
  ~scoped_lock() {
    std::apply([&](auto*... each) { (each->unlock(where_), ...); }, mutexes_);
  }
  scoped_lock(const scoped_lock&) = delete;
  scoped_lock& operator=(const scoped_lock&) = delete;

 private:
  std::tuple<Mutexes*...> mutexes_;
  location where_;
};
template <class... Mutexes>
scoped_lock(Mutexes&...) -> scoped_lock<Mutexes...>;

}  // namespace heddle
