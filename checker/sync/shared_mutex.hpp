// checker/sync/shared_mutex.hpp - a shared mutex: 0 when free, a bit per thread that shares it, or the top
// bit and the index of the one that has it for itself.
#pragma once

#include "checker/sync/rule.hpp"

namespace heddle::checker::sync {

inline constexpr Word exclusive = Word{1} << 63;
static_assert(threads_max <= 63, "a shared mutex has a bit for each thread and one more");

constexpr Word exclusive_to(ThreadIndex thread) { return exclusive | thread; }
constexpr Word share_of(ThreadIndex thread) { return Word{1} << thread; }

inline constexpr bool is_unshared(Word mutex, const Call&) { return mutex == 0; }
inline constexpr bool is_not_exclusive(Word mutex, const Call&) { return (mutex & exclusive) == 0; }
inline constexpr Word made_exclusive(Word, const Call& call) { return exclusive_to(call.thread); }
inline constexpr Word shared_with(Word mutex, const Call& call) { return mutex | share_of(call.thread); }

inline constexpr Rule lock_exclusive{.enabled = is_unshared, .after = made_exclusive};
inline constexpr Rule try_lock_exclusive{.succeeds = is_unshared, .after = made_exclusive};
inline constexpr Rule unlock_exclusive{
    .succeeds = [](Word mutex, const Call& call) { return mutex == exclusive_to(call.thread); },
    .after = [](Word, const Call&) { return Word{0}; }};

inline constexpr Rule lock_shared{.enabled = is_not_exclusive, .after = shared_with};
inline constexpr Rule try_lock_shared{.succeeds = is_not_exclusive, .after = shared_with};
inline constexpr Rule unlock_shared{
    .succeeds =
        [](Word mutex, const Call& call) {
          return (mutex & exclusive) == 0 && (mutex & share_of(call.thread)) != 0;
        },
    .after = [](Word mutex, const Call& call) { return mutex & ~share_of(call.thread); }};

}  // namespace heddle::checker::sync
