// tests/oracle/notifications.hpp - who waits for a notification, and the notifications that nobody has taken.
#pragma once

#include "tests/oracle/program.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace heddle::oracle {

using Threads = std::uint8_t;  // a bit for each
static_assert(threads_max <= 8);

constexpr Threads only(unsigned thread) { return static_cast<Threads>(1u << thread); }
constexpr unsigned size(Threads threads) { return static_cast<unsigned>(std::popcount(threads)); }

// Each notification is for one of several threads.
class Queue {
 public:
  void join(unsigned thread) { waiting_ |= only(thread); }
  // Who can be notified and is not already, when each notification is for one thread.
  Threads unnotified() const {
    Threads result = waiting_;
    for (unsigned n = 0; n < notifications_; ++n) result &= static_cast<Threads>(~for_[n]);
    return result;
  }
  Threads waiting() const { return waiting_; }
  // A notification for one of these threads. Returns whether there is somebody left for it.
  bool notify(Threads threads) {
    if (notifications_ == size(waiting_)) return false;
    for_[notifications_++] = threads;
    return true;
  }
  bool notify_all() {
    if (notifications_ == size(waiting_)) return false;
    notifications_ = 0;
    for (unsigned t = 0; t < threads_max; ++t)
      if ((waiting_ & only(t)) != 0) for_[notifications_++] = only(t);
    return true;
  }
  bool can_take(unsigned thread) const { return scarcest(thread) < notifications_; }
  // Whether there would be somebody for each notification without the thread.
  bool can_do_without(unsigned thread) const {
    Queue others = *this;
    others.forget(thread);
    return others.has_somebody_for_each();
  }
  // Returns whom the notification was for that it took: nobody if it took none.
  Threads leave(unsigned thread) {
    const unsigned taken = scarcest(thread);
    Threads threads = 0;
    if (taken < notifications_) {
      threads = for_[taken];
      std::copy(for_.begin() + taken + 1, for_.end(), for_.begin() + taken);
      for_[--notifications_] = 0;
    }
    forget(thread);
    return threads;
  }
  // Gives back a notification that somebody has taken. Returns whether there is somebody for it.
  bool pass_on(Threads threads) {
    Queue more = *this;
    more.for_[more.notifications_++] = threads & waiting_;
    if (!more.has_somebody_for_each()) return false;
    *this = more;
    return true;
  }

 private:
  void forget(unsigned thread) {
    waiting_ &= static_cast<Threads>(~only(thread));
    for (Threads& threads : for_) threads &= waiting_;
  }
  // Hall's condition: any n notifications are for n threads or more.
  bool has_somebody_for_each() const {
    for (unsigned chosen = 0; chosen < 1u << notifications_; ++chosen) {
      Threads threads = 0;
      for (unsigned n = 0; n < notifications_; ++n)
        if ((chosen >> n & 1) != 0) threads |= for_[n];
      if (size(threads) < static_cast<unsigned>(std::popcount(chosen))) return false;
    }
    return true;
  }
  // The notification for the fewest threads, this one among them.
  unsigned scarcest(unsigned thread) const {
    unsigned found = notifications_;
    for (unsigned n = 0; n < notifications_; ++n)
      if ((for_[n] & only(thread)) != 0 && (found == notifications_ || size(for_[n]) < size(for_[found])))
        found = n;
    return found;
  }

  Threads waiting_ = 0;
  std::uint8_t notifications_ = 0;
  std::array<Threads, threads_max + 1> for_{};
};

}  // namespace heddle::oracle
