// heddle/condition_variable.hpp - std::condition_variable, visible to the checker.
//
//     heddle::condition_variable changed{"changed"};
//     heddle::unique_lock hold(guard);
//     changed.wait(hold, [&] { return ready.load(); });
//
// Names, signatures and preconditions of <condition_variable> ([thread.condition]). Under the checker a wait
// is two steps: the first unlocks the mutex and begins to wait, the second takes a notification and the
// mutex. A notification reaches only threads that wait already; which of them a notify_one wakes is explored.
// A notification that reaches nobody is gone: a thread that waits for it for ever is a `lost-wakeup`.
//
// The timed waits look at no clock. They may time out at any moment, notified or not; a thread does so at
// most Options::timeouts times in one execution. One that times out when a notify_one could have reached it
// takes that notification along or leaves it to another thread. A condition_variable_any always takes it: an
// exploration in which another thread might have had it is not exhaustive. Waits wake up spuriously within
// Options::spurious.
//
// Waiting without holding the mutex, waiting with another mutex than those who wait already, and destroying
// a condition variable that somebody waits for are `mutex-misuse`. At most 9 threads may wait at a time.
#pragma once

#include <heddle/mutex.hpp>
#include <heddle/stop_token.hpp>

#include <chrono>
#include <condition_variable>
#include <string_view>

namespace heddle {

using std::cv_status;

namespace detail {

// What both kinds of condition variable have in common.
class Condition {
 public:
  explicit Condition(std::string_view name = {})
      : object_(ObjectKind::Waiters, name, nobody_waits, WordFormat::Opaque) {}

  void notify_one(location where = location::current()) {
    if (in_model()) detail::notify(object_, false, where);
    else native_.notify_one();
  }
  void notify_all(location where = location::current()) {
    if (in_model()) detail::notify(object_, true, where);
    else native_.notify_all();
  }

 protected:
  static constexpr Word nobody_waits = 1;

  // A thread that is notified may find that its time has run out as well.
  static cv_status status(bool notified, location where) {
    return notified && detail::choose(2, where) == 0 ? cv_status::no_timeout : cv_status::timeout;
  }
  // `wait` is a timed wait that tells whether it was notified.
  template <class Predicate, class Wait>
  static bool wait_for_predicate(Predicate& predicate, Wait wait) {
    while (!predicate())
      if (!wait()) return predicate();
    return true;
  }

  Object object_;
  std::condition_variable_any native_;
};

}  // namespace detail

// Waits with a heddle::unique_lock of a heddle::mutex.
class condition_variable : public detail::Condition {
 public:
  using Condition::Condition;

  void wait(unique_lock<mutex>& lock, location where = location::current()) {
    if (!detail::in_model()) {
      const detail::NativeWait note("waits for a notification of", &object_, where);
      return native_.wait(lock);
    }
    wait_in_model(lock, false, where);
  }
  template <class Predicate>
  void wait(unique_lock<mutex>& lock, Predicate predicate, location where = location::current()) {
    while (!predicate()) wait(lock, where);
  }

  // Whether it was notified in time. Both answers are explored.
  template <class Rep, class Period>
  cv_status wait_for(unique_lock<mutex>& lock, const std::chrono::duration<Rep, Period>& time,
                     location where = location::current()) {
    if (!detail::in_model()) return native_.wait_for(lock, time);
    return status(wait_in_model(lock, true, where), where);
  }
  template <class Clock, class Duration>
  cv_status wait_until(unique_lock<mutex>& lock, const std::chrono::time_point<Clock, Duration>& time,
                       location where = location::current()) {
    if (!detail::in_model()) return native_.wait_until(lock, time);
    return status(wait_in_model(lock, true, where), where);
  }
  // Wait until the predicate holds or time has run out; return what the predicate says then.
  template <class Rep, class Period, class Predicate>
  bool wait_for(unique_lock<mutex>& lock, const std::chrono::duration<Rep, Period>& time, Predicate predicate,
                location where = location::current()) {
    if (!detail::in_model()) return native_.wait_for(lock, time, predicate);
    return wait_for_predicate(predicate, [&] { return wait_in_model(lock, true, where); });
  }
  template <class Clock, class Duration, class Predicate>
  bool wait_until(unique_lock<mutex>& lock, const std::chrono::time_point<Clock, Duration>& time,
                  Predicate predicate, location where = location::current()) {
    if (!detail::in_model()) return native_.wait_until(lock, time, predicate);
    return wait_for_predicate(predicate, [&] { return wait_in_model(lock, true, where); });
  }

 private:
  // Whether it was notified.
  bool wait_in_model(unique_lock<mutex>& lock, bool timed, location where) {
    detail::Object& mutex = detail::MutexAccess::object(*lock.mutex());
    return !detail::wait(object_, &mutex, where) || detail::wake_up(object_, &mutex, timed, where);
  }
};

// Waits with anything that has lock() and unlock(). The mutex is unlocked in a step of its own after the
// thread has begun to wait, and locked in one after it was woken: no notification is lost in between.
class condition_variable_any : public detail::Condition {
 public:
  using Condition::Condition;

  template <class Lock>
  void wait(Lock& lock, location where = location::current()) {
    if (!detail::in_model()) {
      const detail::NativeWait note("waits for a notification of", &object_, where);
      return native_.wait(lock);
    }
    wait_in_model(lock, false, where);
  }
  template <class Lock, class Predicate>
  void wait(Lock& lock, Predicate predicate, location where = location::current()) {
    while (!predicate()) wait(lock, where);
  }
  template <class Lock, class Rep, class Period>
  cv_status wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& time,
                     location where = location::current()) {
    if (!detail::in_model()) return native_.wait_for(lock, time);
    return status(wait_in_model(lock, true, where), where);
  }
  template <class Lock, class Rep, class Period, class Predicate>
  bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& time, Predicate predicate,
                location where = location::current()) {
    if (!detail::in_model()) return native_.wait_for(lock, time, predicate);
    return wait_for_predicate(predicate, [&] { return wait_in_model(lock, true, where); });
  }
  template <class Lock, class Clock, class Duration>
  cv_status wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time,
                       location where = location::current()) {
    if (!detail::in_model()) return native_.wait_until(lock, time);
    return status(wait_in_model(lock, true, where), where);
  }
  template <class Lock, class Clock, class Duration, class Predicate>
  bool wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time, Predicate predicate,
                  location where = location::current()) {
    if (!detail::in_model()) return native_.wait_until(lock, time, predicate);
    return wait_for_predicate(predicate, [&] { return wait_in_model(lock, true, where); });
  }
  // Waits until the predicate holds or a stop is requested; returns what the predicate says then.
  template <class Lock, class Predicate>
  bool wait(Lock& lock, stop_token token, Predicate predicate, location where = location::current()) {
    if (!detail::in_model()) {
      const detail::NativeWait note("waits for a notification of", &object_, where);
      return native_.wait(lock, token.native_, predicate);
    }
    const stop_callback wake(token, [this, where] { notify_all(where); });
    while (!predicate()) {
      if (!begin_unless_stopped(token, where)) return predicate();
      lock.unlock();
      detail::wake_up(object_, nullptr, false, where);
      lock.lock();
    }
    return true;
  }

 private:
  bool begin_unless_stopped(const stop_token& token, location where) {
    if (token.state_ != nullptr) return token.state_->begin_to_wait(object_, where);
    detail::wait(object_, nullptr, where);
    return true;
  }
  template <class Lock>
  bool wait_in_model(Lock& lock, bool timed, location where) {
    detail::wait(object_, nullptr, where);
    lock.unlock();
    const bool notified = detail::wake_up(object_, nullptr, timed, where);
    lock.lock();
    return notified;
  }
};

}  // namespace heddle
