// heddle/shared_mutex.hpp - std::shared_mutex: many readers or one writer, visible to the checker.
//
//     heddle::shared_mutex guard{"guard"};
//     heddle::shared_lock reading(guard);
//     heddle::unique_lock writing(guard);
//
// Names, signatures and preconditions of <shared_mutex> ([thread.sharedmutex.requirements]). Under the
// checker each operation is one step. lock() waits while anybody holds the mutex, lock_shared() while
// somebody holds it exclusively; who comes next is not decided by arrival, so every order of readers and
// writers is explored. Taking the mutex in any form while holding it in any form, and giving back what one
// does not have, are `mutex-misuse`. The timed forms do as those in heddle/mutex.hpp.
#pragma once

#include <heddle/mutex.hpp>

#include <shared_mutex>

namespace heddle {

namespace detail {

template <class Base>
class Shared : public Base {
 public:
  using Base::Base;

  void lock_shared(location where = location::current()) {
    if (in_model()) return detail::lock_shared(this->object_, where);
    wait_natively(
        "waits to share", this->object_, where, [&] { return this->native_.try_lock_shared(); },
        [&] { this->native_.lock_shared(); });
  }
  bool try_lock_shared(location where = location::current()) {
    return in_model() ? detail::try_lock_shared(this->object_, where) : this->native_.try_lock_shared();
  }
  void unlock_shared(location where = location::current()) {
    if (in_model()) detail::unlock_shared(this->object_, where);
    else this->native_.unlock_shared();
  }
};

}  // namespace detail

class shared_mutex
    : public detail::Shared<detail::Mutex<detail::ObjectKind::SharedMutex, std::shared_mutex>> {
 public:
  using Shared::Shared;
};

class shared_timed_mutex
    : public detail::Shared<detail::TimedMutex<detail::ObjectKind::SharedMutex, std::shared_timed_mutex>> {
 public:
  using Shared::Shared;

  template <class Rep, class Period>
  bool try_lock_shared_for(const std::chrono::duration<Rep, Period>& time,
                           location where = location::current()) {
    if (!detail::in_model()) return native_.try_lock_shared_for(time);
    return detail::or_time_out(detail::try_lock_shared(object_, where), detail::deadline(time));
  }
  template <class Clock, class Duration>
  bool try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time,
                             location where = location::current()) {
    if (!detail::in_model()) return native_.try_lock_shared_until(time);
    return detail::or_time_out(detail::try_lock_shared(object_, where), detail::deadline(time));
  }
};

// As unique_lock, for a share.
template <class Lockable>
class [[nodiscard]] shared_lock {
 public:
  using mutex_type = Lockable;
  shared_lock() noexcept = default;
  explicit shared_lock(Lockable& lockable, location where = location::current())
      : lockable_(&lockable), where_(where) {
    lock(where);
  }
  shared_lock(Lockable& lockable, defer_lock_t, location where = location::current()) noexcept
      : lockable_(&lockable), where_(where) {}
  shared_lock(Lockable& lockable, try_to_lock_t, location where = location::current())
      : lockable_(&lockable), where_(where), owns_(lockable.try_lock_shared(where)) {}
  template <class Rep, class Period>
  shared_lock(Lockable& lockable, const std::chrono::duration<Rep, Period>& time,
              location where = location::current())
      : lockable_(&lockable), where_(where), owns_(lockable.try_lock_shared_for(time, where)) {}
  template <class Clock, class Duration>
  shared_lock(Lockable& lockable, const std::chrono::time_point<Clock, Duration>& time,
              location where = location::current())
      : lockable_(&lockable), where_(where), owns_(lockable.try_lock_shared_until(time, where)) {}
  shared_lock(Lockable& lockable, adopt_lock_t, location where = location::current()) noexcept
      : lockable_(&lockable), where_(where), owns_(true) {}
  shared_lock(shared_lock&& other) noexcept { swap(other); }
  shared_lock& operator=(shared_lock&& other) noexcept {
    shared_lock(std::move(other)).swap(*this);
    return *this;
  }
  ~shared_lock() {
    if (owns_) lockable_->unlock_shared(where_);
  }

  void lock(location where = location::current()) {
    require_lockable();
    lockable_->lock_shared(where);
    where_ = where;
    owns_ = true;
  }
  bool try_lock(location where = location::current()) {
    require_lockable();
    where_ = where;
    return owns_ = lockable_->try_lock_shared(where);
  }
  template <class Rep, class Period>
  bool try_lock_for(const std::chrono::duration<Rep, Period>& time, location where = location::current()) {
    require_lockable();
    where_ = where;
    return owns_ = lockable_->try_lock_shared_for(time, where);
  }
  template <class Clock, class Duration>
  bool try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                      location where = location::current()) {
    require_lockable();
    where_ = where;
    return owns_ = lockable_->try_lock_shared_until(time, where);
  }
  void unlock(location where = location::current()) {
    if (!owns_) throw std::system_error(std::make_error_code(std::errc::operation_not_permitted));
    lockable_->unlock_shared(where);
    owns_ = false;
  }
  Lockable* release() noexcept {
    owns_ = false;
    return std::exchange(lockable_, nullptr);
  }
  Lockable* mutex() const noexcept { return lockable_; }
  bool owns_lock() const noexcept { return owns_; }
  explicit operator bool() const noexcept { return owns_; }
  void swap(shared_lock& other) noexcept {
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

}  // namespace heddle
