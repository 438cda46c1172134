// heddle/semaphore.hpp - std::counting_semaphore and std::binary_semaphore, visible to the checker.
//
//     heddle::counting_semaphore<2> slots{2, "slots"};
//     slots.acquire();
//     slots.release();
//
// Names, signatures and preconditions of <semaphore> ([thread.sema.cnt]). Each operation is one step;
// acquire() waits while the counter is zero, and which of several waiting threads goes on is explored.
// Releasing beyond max() is `mutex-misuse`. The timed forms fail exactly when the counter is zero at the
// moment they run; the thread's clock (heddle/clock.hpp) then stands at the deadline.
#pragma once

#include <heddle/clock.hpp>
#include <heddle/detail/native.hpp>

#include <chrono>
#include <cstddef>
#include <semaphore>
#include <string_view>

namespace heddle {

template <std::ptrdiff_t LeastMax = 0x7fffffff>
class counting_semaphore {
 public:
  static constexpr std::ptrdiff_t max() noexcept { return LeastMax; }

  // REQUIRES: 0 <= initial <= max().
  explicit counting_semaphore(std::ptrdiff_t initial, std::string_view name = {})
      : object_(detail::ObjectKind::Semaphore, name, static_cast<detail::Word>(initial),
                detail::WordFormat::Unsigned),
        native_(initial) {}
  counting_semaphore(const counting_semaphore&) = delete;
  counting_semaphore& operator=(const counting_semaphore&) = delete;

  void acquire(location where = location::current()) {
    if (detail::in_model()) return detail::acquire(object_, where);
    detail::wait_natively(
        "waits to acquire", object_, where, [&] { return native_.try_acquire(); },
        [&] { native_.acquire(); });
  }
  bool try_acquire(location where = location::current()) {
    return detail::in_model() ? detail::try_acquire(object_, where) : native_.try_acquire();
  }
  template <class Rep, class Period>
  bool try_acquire_for(const std::chrono::duration<Rep, Period>& time, location where = location::current()) {
    if (!detail::in_model()) return native_.try_acquire_for(time);
    return detail::or_time_out(detail::try_acquire(object_, where), detail::deadline(time));
  }
  template <class Clock, class Duration>
  bool try_acquire_until(const std::chrono::time_point<Clock, Duration>& time,
                         location where = location::current()) {
    if (!detail::in_model()) return native_.try_acquire_until(time);
    return detail::or_time_out(detail::try_acquire(object_, where), detail::deadline(time));
  }
  // REQUIRES: update >= 0, and the counter does not go beyond max().
  void release(std::ptrdiff_t update = 1, location where = location::current()) {
    if (!detail::in_model()) return native_.release(update);
    detail::release(object_, static_cast<detail::Word>(update), static_cast<detail::Word>(max() - update),
                    where);
  }

 private:
  detail::Object object_;
  std::counting_semaphore<LeastMax> native_;
};

using binary_semaphore = counting_semaphore<1>;

}  // namespace heddle
