// checker/sync/mutex.hpp - a mutex: its word is 0 when free, else the holder's thread index plus one; that
// of a recursive one counts in the higher bytes how often it has been locked again.
#pragma once

#include "checker/sync/rule.hpp"

namespace heddle::checker::sync {

inline constexpr Word mutex_free = 0;
inline constexpr Word once_more = 0x100;
constexpr Word held_by(ThreadIndex thread) { return Word{thread} + 1; }
constexpr bool is_held_by(Word mutex, ThreadIndex thread) { return (mutex & 0xff) == held_by(thread); }

inline constexpr bool is_free(Word mutex, const Call&) { return mutex == mutex_free; }
inline constexpr bool is_mine(Word mutex, const Call& call) { return is_held_by(mutex, call.thread); }
inline constexpr Word taken(Word, const Call& call) { return held_by(call.thread); }

inline constexpr Rule lock_mutex{.enabled = is_free, .after = taken};
inline constexpr Rule try_lock_mutex{.succeeds = is_free, .after = taken};
inline constexpr Rule unlock_mutex{.succeeds = is_mine,
                                   .after = [](Word, const Call&) { return mutex_free; }};

inline constexpr bool is_free_or_mine(Word mutex, const Call& call) {
  return is_free(mutex, call) || is_mine(mutex, call);
}
inline constexpr Word taken_again(Word mutex, const Call& call) {
  return mutex == mutex_free ? held_by(call.thread) : mutex + once_more;
}

inline constexpr Rule lock_recursive{.enabled = is_free_or_mine, .after = taken_again};
inline constexpr Rule try_lock_recursive{.succeeds = is_free_or_mine, .after = taken_again};
inline constexpr Rule unlock_recursive{.succeeds = is_mine, .after = [](Word mutex, const Call&) {
                                         return mutex >= once_more ? mutex - once_more : mutex_free;
                                       }};

}  // namespace heddle::checker::sync
