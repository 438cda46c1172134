// heddle/mutex.hpp - std::mutex, its relatives and their guards, visible to the checker.
//
//     heddle::mutex guard{"guard"};
//     heddle::lock_guard hold(guard);              // remembers the line it was taken on
//     heddle::scoped_lock both(a, b);              // takes all or waits, without deadlock
//
// mutex, recursive_mutex, timed_mutex and recursive_timed_mutex have the names, signatures and preconditions
// of <mutex> ([thread.mutex.requirements]). Under the checker lock(), try_lock() and unlock() are one step
// each; lock() waits while another thread holds the mutex. Unlocking a mutex the caller does not hold,
// locking one it already holds (unless it is recursive), and destroying one that is held are undefined in
// C++ and a `mutex-misuse` defect here.
//
// try_lock_for() and try_lock_until() fail exactly when the mutex is held at the moment they run, and the
// search lets them run at every moment; when they have failed the thread's clock (heddle/clock.hpp) stands at
// the deadline. try_lock() fails when the mutex is held, too; it fails spuriously only within
// Options::spurious.
//
// call_once (heddle/once.hpp) comes with this header, as with <mutex>.
//
// std::lock_guard, std::unique_lock, std::scoped_lock and std::try_lock work on Heddle's mutexes, but a trace
// then names lines inside the standard library; Heddle's own take the caller's. std::lock takes one mutex and
// gives it back when another is busy, until it has them all: threads that do so to each other never end, and
// the exploration stops at the limit of steps. heddle::lock and both scoped_locks wait for all in one step.
#pragma once

#include <heddle/clock.hpp>
#include <heddle/detail/native.hpp>
#include <heddle/once.hpp>

#include <chrono>
#include <mutex>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>

namespace heddle {

namespace detail {

// What all mutexes have in common. Native is the standard's type that it stands for.
template <ObjectKind kind, class Native>
class Mutex {
 public:
  explicit Mutex(std::string_view name = {}) : object_(kind, name, 0, WordFormat::Opaque) {}
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock(location where = location::current()) {
    if (in_model()) return detail::lock(object_, where);
    wait_natively(
        "waits to lock", object_, where, [&] { return native_.try_lock(); }, [&] { native_.lock(); });
  }
  bool try_lock(location where = location::current()) {
    return in_model() ? detail::try_lock(object_, where) : native_.try_lock();
  }
  void unlock(location where = location::current()) {
    if (in_model()) detail::unlock(object_, where);
    else native_.unlock();
  }

 protected:
  friend struct MutexAccess;

  Object object_;
  Native native_;
};

template <ObjectKind kind, class Native>
class TimedMutex : public Mutex<kind, Native> {
 public:
  using Mutex<kind, Native>::Mutex;

  template <class Rep, class Period>
  bool try_lock_for(const std::chrono::duration<Rep, Period>& time, location where = location::current()) {
    if (!in_model()) return this->native_.try_lock_for(time);
    return or_time_out(detail::try_lock(this->object_, where), detail::deadline(time));
  }
  template <class Clock, class Duration>
  bool try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                      location where = location::current()) {
    if (!in_model()) return this->native_.try_lock_until(time);
    return or_time_out(detail::try_lock(this->object_, where), detail::deadline(time));
  }
};

struct MutexAccess {
  template <ObjectKind kind, class Native>
  static Object& object(Mutex<kind, Native>& mutex) {
    return mutex.object_;
  }
  template <ObjectKind kind, class Native>
  static Native& native(Mutex<kind, Native>& mutex) {
    return mutex.native_;
  }
};

template <class T>
concept ModelMutex = requires(T& mutex) {
  MutexAccess::object(mutex);
};

template <ModelMutex First, ModelMutex... Others>
void lock_together(location where, First& first, Others&... others) {
  if (in_model()) {
    Object* const objects[] = {&MutexAccess::object(first), &MutexAccess::object(others)...};
    detail::lock_all(objects, where);
  } else {
    wait_natively(
        "waits to lock, with others,", MutexAccess::object(first), where,
        [&] { return std::try_lock(MutexAccess::native(first), MutexAccess::native(others)...) == -1; },
        [&] { std::lock(MutexAccess::native(first), MutexAccess::native(others)...); });
  }
}

}  // namespace detail

class mutex : public detail::Mutex<detail::ObjectKind::Mutex, std::mutex> {
 public:
  using Mutex::Mutex;
};

// May be locked again by the thread that holds it, and is free after as many unlocks.
class recursive_mutex : public detail::Mutex<detail::ObjectKind::RecursiveMutex, std::recursive_mutex> {
 public:
  using Mutex::Mutex;
};

class timed_mutex : public detail::TimedMutex<detail::ObjectKind::Mutex, std::timed_mutex> {
 public:
  using TimedMutex::TimedMutex;
};

class recursive_timed_mutex
    : public detail::TimedMutex<detail::ObjectKind::RecursiveMutex, std::recursive_timed_mutex> {
 public:
  using TimedMutex::TimedMutex;
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
  template <class Rep, class Period>
  unique_lock(Lockable& lockable, const std::chrono::duration<Rep, Period>& time,
              location where = location::current())
      : lockable_(&lockable), where_(where), owns_(lockable.try_lock_for(time, where)) {}
  template <class Clock, class Duration>
  unique_lock(Lockable& lockable, const std::chrono::time_point<Clock, Duration>& time,
              location where = location::current())
      : lockable_(&lockable), where_(where), owns_(lockable.try_lock_until(time, where)) {}
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
  template <class Rep, class Period>
  bool try_lock_for(const std::chrono::duration<Rep, Period>& time, location where = location::current()) {
    require_lockable();
    where_ = where;
    return owns_ = lockable_->try_lock_for(time, where);
  }
  template <class Clock, class Duration>
  bool try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                      location where = location::current()) {
    require_lockable();
    where_ = where;
    return owns_ = lockable_->try_lock_until(time, where);
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

// Takes several mutexes at once. std::lock ([thread.lock.algorithm]) takes one and gives it back when another
// is busy, until it has them all; under the checker those attempts are one step that waits until all are
// free, because a loop that only tries again adds no behaviour.
template <detail::ModelMutex... Mutexes>
void lock(Mutexes&... mutexes) {
  static_assert(sizeof...(Mutexes) >= 2);
  detail::lock_together(location{}, mutexes...);
}
// The same for locks that were made with defer_lock.
template <class... Mutexes>
void lock(unique_lock<Mutexes>&... locks) {
  heddle::lock(*locks.mutex()...);
  ((locks = unique_lock<Mutexes>(*locks.release(), adopt_lock)), ...);
}
using std::try_lock;

// lock() for the length of a scope.
template <class... Mutexes>
class [[nodiscard]] scoped_lock {
 public:
  explicit scoped_lock(Mutexes&... mutexes, location where = location::current())
      : mutexes_(&mutexes...), where_(where) {
    if constexpr (sizeof...(Mutexes) == 1) {
      (mutexes.lock(where), ...);
    } else if constexpr ((detail::ModelMutex<Mutexes> && ...)) {
      detail::lock_together(where, mutexes...);
    } else if constexpr (sizeof...(Mutexes) > 1) {
      std::lock(mutexes...);
    }
  }
  explicit scoped_lock(adopt_lock_t, Mutexes&... mutexes, location where = location::current())
      : mutexes_(&mutexes...), where_(where) {}
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
template <class... Mutexes>
scoped_lock(adopt_lock_t, Mutexes&...) -> scoped_lock<Mutexes...>;

}  // namespace heddle

// As heddle::scoped_lock: that of the standard library tries again and again, without end if they all do.
template <heddle::detail::ModelMutex First, heddle::detail::ModelMutex Second,
          heddle::detail::ModelMutex... More>
class [[nodiscard]] std::scoped_lock<First, Second, More...>
    : public heddle::scoped_lock<First, Second, More...> {
 public:
  using heddle::scoped_lock<First, Second, More...>::scoped_lock;
};
