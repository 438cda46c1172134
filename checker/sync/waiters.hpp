// checker/sync/waiters.hpp - the threads that wait for a notification, and the notifications on their way.
//
// A notify_one may wake any of the threads that wait at that moment, and none that comes later
// ([thread.condition.nonmember]/6: waiting and notifying take place in a single total order). So the queue
// holds the waiters in the order of their arrival, with the notifications between them: a waiter may take a
// notification that stands behind it, and takes the first of those, which leaves the most to the others.
// Which of them takes it is a matter of who runs next, and so of the search.
//
// A suffix of the queue with n waiters can use at most n notifications, so a notification that has more
// than enough company may move forward: each waiter then has at most one right behind it, which is a bit.
// The word is a list of seven-bit entries, newest last: that bit and the index of the thread; a leading 1
// marks the beginning.
#pragma once

#include "checker/sync/rule.hpp"

#include <bit>

namespace heddle::checker::sync {

inline constexpr Word nobody_waits = 1;
inline constexpr unsigned waiters_max = 9;

namespace queue {

inline constexpr unsigned entry_bits = 7;
inline constexpr Word thread_mask = 0x3f;
inline constexpr Word notified = 0x40;

constexpr unsigned size(Word queue) {
  return (static_cast<unsigned>(std::bit_width(queue)) - 1) / entry_bits;
}
// The n-th newest, from 0.
constexpr Word entry(Word queue, unsigned n) { return queue >> (n * entry_bits) & (thread_mask | notified); }
constexpr unsigned shift(unsigned n) { return n * entry_bits; }
// The place of the thread, or the size.
constexpr unsigned place(Word queue, ThreadIndex thread) {
  unsigned n = 0;
  while (n < size(queue) && (entry(queue, n) & thread_mask) != thread) ++n;
  return n;
}
// The place of the notification that the thread would take, or the size.
constexpr unsigned place_of_notification(Word queue, ThreadIndex thread) {
  unsigned n = place(queue, thread) + 1;
  while (n-- > 0)
    if ((entry(queue, n) & notified) != 0) return n;
  return size(queue);
}
constexpr bool has_notification(Word queue, const Call& call) {
  return place_of_notification(queue, call.thread) < size(queue);
}
constexpr bool has_unnotified(Word queue, const Call&) {
  for (unsigned n = 0; n < size(queue); ++n)
    if ((entry(queue, n) & notified) == 0) return true;
  return false;
}
// Without the thread and, if there is one for it, without a notification.
constexpr Word left(Word queue, const Call& call) {
  const unsigned own = place(queue, call.thread);
  const unsigned taken = place_of_notification(queue, call.thread);
  if (taken < size(queue)) queue &= ~(notified << shift(taken));
  const Word newer = queue & ((Word{1} << shift(own)) - 1);
  return queue >> shift(own) >> entry_bits << shift(own) | newer;
}
constexpr Word joined(Word queue, const Call& call) { return queue << entry_bits | call.thread; }
constexpr Word notified_one(Word queue, const Call&) {
  for (unsigned n = 0; n < size(queue); ++n)
    if ((entry(queue, n) & notified) == 0) return queue | notified << shift(n);
  return queue;
}
constexpr Word notified_all(Word queue, const Call&) {
  for (unsigned n = 0; n < size(queue); ++n) queue |= notified << shift(n);
  return queue;
}

// The first waiter that could use that notification in its stead, or the size.
constexpr unsigned place_of_heir(Word queue, ThreadIndex thread) {
  const unsigned own = place(queue, thread);
  const unsigned taken = place_of_notification(queue, thread);
  if (taken != own) return taken;
  unsigned n = taken + 1;
  while (n < size(queue) && (entry(queue, n) & notified) != 0) ++n;
  return n;
}
// Of those who could have had the notification that the thread took from the queue `expected`, the last to
// come that is still there and has none; or the size. A thread that waits again itself is none of them.
constexpr unsigned inheritor(Word queue, const Call& call) {
  const unsigned heir = place_of_heir(call.expected, call.thread);
  const unsigned own = place(queue, call.thread);
  for (unsigned n = own == size(queue) ? 0 : own + 1; n < size(queue); ++n) {
    const unsigned then = place(call.expected, static_cast<ThreadIndex>(entry(queue, n) & thread_mask));
    if ((entry(queue, n) & notified) == 0 && then >= heir && then < size(call.expected)) return n;
  }
  return size(queue);
}
constexpr bool has_inheritor(Word queue, const Call& call) { return inheritor(queue, call) < size(queue); }
constexpr Word inherited(Word queue, const Call& call) {
  return queue | notified << shift(inheritor(queue, call));
}

}  // namespace queue

constexpr unsigned waiters(Word queue) { return queue::size(queue); }
constexpr bool waits(Word queue, ThreadIndex thread) {
  return queue::place(queue, thread) < queue::size(queue);
}

constexpr bool has_notification(Word queue, ThreadIndex thread) {
  return queue::has_notification(queue, {.thread = thread});
}
// Whether somebody else could have the notification that the thread takes. REQUIRES: has_notification.
constexpr bool has_heir(Word queue, ThreadIndex thread) {
  return queue::place_of_heir(queue, thread) < queue::size(queue);
}

// REQUIRES: fewer than waiters_max wait.
inline constexpr Rule join_queue{.after = queue::joined};
inline constexpr Rule leave_notified{.enabled = queue::has_notification, .after = queue::left};
// Succeeds with a notification, fails without.
inline constexpr Rule leave_or_time_out{.succeeds = queue::has_notification, .after = queue::left};
// Fail when nobody is left to be notified.
inline constexpr Rule notify_one{.succeeds = queue::has_unnotified, .after = queue::notified_one};
// For an heir. Fails when all who could have it have been notified or have left since.
inline constexpr Rule pass_on{.succeeds = queue::has_inheritor, .after = queue::inherited};
inline constexpr Rule notify_all{.succeeds = queue::has_unnotified, .after = queue::notified_all};

}  // namespace heddle::checker::sync
