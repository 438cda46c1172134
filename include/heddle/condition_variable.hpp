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
// A timed wait may time out at any moment, notified or not; a thread does so at most Options::timeouts times
// in one execution. It answers `timeout` exactly when the thread's clock (heddle/clock.hpp) stands at the
// deadline or beyond: timing out moves it there, being notified in time does not move it. With a deadline
// that is past it waits all the same, and may time out at once. One that times out when a notify_one could
// have reached it takes that notification along or leaves it to another thread. A condition_variable_any
// always takes it: an exploration in which another thread might have had it is not exhaustive. Waits wake up
// spuriously within Options::spurious.
//
// Waiting without holding the mutex, waiting with another mutex than those who wait already, and destroying
// a condition variable that somebody waits for are `mutex-misuse`. At most 9 threads may wait at a time.
#pragma once

#include <heddle/clock.hpp>
#include <heddle/mutex.hpp>
#include <heddle/stop_token.hpp>
#include <heddle/thread.hpp>

#include <chrono>
#include <concepts>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

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

  // What a timed wait answers. A thread that is notified may find that its time has run out as well.
  static cv_status status(bool notified, std::chrono::nanoseconds deadline, location where) {
    if (notified && now() < deadline && detail::choose(2, where) == 0) return cv_status::no_timeout;
    time_out(deadline);
    return cv_status::timeout;
  }
  // `wait` is a timed wait that tells whether it was notified.
  template <class Predicate, class Wait>
  static bool wait_for_predicate(Predicate& predicate, std::chrono::nanoseconds deadline, Wait wait) {
    while (!predicate()) {
      if (wait()) continue;
      time_out(deadline);
      return predicate();
    }
    return true;
  }

  Object object_;
  std::condition_variable_any native_;
};

template <class Lock>
concept UniqueLockOfMutex = std::same_as<Lock, heddle::unique_lock<heddle::mutex>> ||
    std::same_as<Lock, std::unique_lock<heddle::mutex>>;

}  // namespace detail

// Waits with a unique_lock, Heddle's or the standard's, of a heddle::mutex.
class condition_variable : public detail::Condition {
 public:
  using Condition::Condition;

  template <detail::UniqueLockOfMutex Lock>
  void wait(Lock& lock, location where = location::current()) {
    if (!detail::in_model()) {
      const detail::NativeWait note("waits for a notification of", &object_, where);
      return native_.wait(lock);
    }
    wait_in_model(lock, false, where);
  }
  template <detail::UniqueLockOfMutex Lock, class Predicate>
  void wait(Lock& lock, Predicate predicate, location where = location::current()) {
    while (!predicate()) wait(lock, where);
  }

  // Whether it was notified in time. Both answers are explored.
  template <detail::UniqueLockOfMutex Lock, class Rep, class Period>
  cv_status wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& time,
                     location where = location::current()) {
    if (!detail::in_model()) return native_.wait_for(lock, time);
    return status(wait_in_model(lock, true, where), detail::deadline(time), where);
  }
  template <detail::UniqueLockOfMutex Lock, class Clock, class Duration>
  cv_status wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time,
                       location where = location::current()) {
    if (!detail::in_model()) return native_.wait_until(lock, time);
    return status(wait_in_model(lock, true, where), detail::deadline(time), where);
  }
  // Wait until the predicate holds or time has run out; return what the predicate says then.
  template <detail::UniqueLockOfMutex Lock, class Rep, class Period, class Predicate>
  bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& time, Predicate predicate,
                location where = location::current()) {
    if (!detail::in_model()) return native_.wait_for(lock, time, predicate);
    return wait_for_predicate(predicate, detail::deadline(time),
                              [&] { return wait_in_model(lock, true, where); });
  }
  template <detail::UniqueLockOfMutex Lock, class Clock, class Duration, class Predicate>
  bool wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time, Predicate predicate,
                  location where = location::current()) {
    if (!detail::in_model()) return native_.wait_until(lock, time, predicate);
    return wait_for_predicate(predicate, detail::deadline(time),
                              [&] { return wait_in_model(lock, true, where); });
  }

 private:
  // Whether it was notified.
  template <class Lock>
  bool wait_in_model(Lock& lock, bool timed, location where) {
    detail::Object& mutex = detail::MutexAccess::object(*lock.mutex());
    return !detail::wait(object_, &mutex, where) || detail::wake_up(object_, &mutex, timed, where);
  }
};

// Unlocks and notifies when the calling thread has ended. REQUIRES: the lock owns its mutex.
template <detail::UniqueLockOfMutex Lock>
void notify_all_at_thread_exit(condition_variable& changed, Lock lock, location where = location::current()) {
  auto notify = [&changed, lock = std::move(lock), where]() mutable {
    lock.release()->unlock(where);
    changed.notify_all(where);
  };
  detail::at_thread_exit(std::make_unique<detail::Call<decltype(notify)>>(std::move(notify)));
}

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
    return status(wait_in_model(lock, true, where), detail::deadline(time), where);
  }
  template <class Lock, class Rep, class Period, class Predicate>
  bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& time, Predicate predicate,
                location where = location::current()) {
    if (!detail::in_model()) return native_.wait_for(lock, time, predicate);
    return wait_for_predicate(predicate, detail::deadline(time),
                              [&] { return wait_in_model(lock, true, where); });
  }
  template <class Lock, class Clock, class Duration>
  cv_status wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time,
                       location where = location::current()) {
    if (!detail::in_model()) return native_.wait_until(lock, time);
    return status(wait_in_model(lock, true, where), detail::deadline(time), where);
  }
  template <class Lock, class Clock, class Duration, class Predicate>
  bool wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time, Predicate predicate,
                  location where = location::current()) {
    if (!detail::in_model()) return native_.wait_until(lock, time, predicate);
    return wait_for_predicate(predicate, detail::deadline(time),
                              [&] { return wait_in_model(lock, true, where); });
  }
  // Waits until the predicate holds or a stop is requested; returns what the predicate says then.
  template <class Lock, class Predicate>
  bool wait(Lock& lock, stop_token token, Predicate predicate, location where = location::current()) {
    if (!detail::in_model()) {
      const detail::NativeWait note("waits for a notification of", &object_, where);
      return native_.wait(lock, token.native_, predicate);
    }
    return wait_stoppable(lock, token, predicate, nullptr, where);
  }
  // Or time has run out.
  template <class Lock, class Rep, class Period, class Predicate>
  bool wait_for(Lock& lock, stop_token token, const std::chrono::duration<Rep, Period>& time,
                Predicate predicate, location where = location::current()) {
    if (!detail::in_model()) return native_.wait_for(lock, token.native_, time, predicate);
    const std::chrono::nanoseconds deadline = detail::deadline(time);
    return wait_stoppable(lock, token, predicate, &deadline, where);
  }
  template <class Lock, class Clock, class Duration, class Predicate>
  bool wait_until(Lock& lock, stop_token token, const std::chrono::time_point<Clock, Duration>& time,
                  Predicate predicate, location where = location::current()) {
    if (!detail::in_model()) return native_.wait_until(lock, token.native_, time, predicate);
    const std::chrono::nanoseconds deadline = detail::deadline(time);
    return wait_stoppable(lock, token, predicate, &deadline, where);
  }

 private:
  // A deadline of null is none.
  template <class Lock, class Predicate>
  bool wait_stoppable(Lock& lock, const stop_token& token, Predicate& predicate,
                      const std::chrono::nanoseconds* deadline, location where) {
    const stop_callback wake(token, [this, where] { notify_all(where); });
    while (!predicate()) {
      if (!begin_unless_stopped(token, where)) return predicate();
      lock.unlock();
      const bool notified = detail::wake_up(object_, nullptr, deadline != nullptr, where);
      lock.lock();
      if (notified || deadline == nullptr) continue;
      detail::time_out(*deadline);
      return predicate();
    }
    return true;
  }
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
