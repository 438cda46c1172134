// checker/sync/semaphore.hpp - a counting semaphore: the word is the counter.
#pragma once

#include "checker/sync/rule.hpp"

namespace heddle::checker::sync {

inline constexpr bool is_positive(Word counter, const Call&) { return counter > 0; }
inline constexpr Word one_less(Word counter, const Call&) { return counter - 1; }

inline constexpr Rule acquire{.enabled = is_positive, .after = one_less};
inline constexpr Rule try_acquire{.succeeds = is_positive, .after = one_less};
// `expected` is the greatest counter at which adding `operand` keeps to the semaphore's maximum.
inline constexpr Rule release{
    .succeeds = [](Word counter, const Call& call) { return counter <= call.expected; },
    .after = [](Word counter, const Call& call) { return counter + call.operand; }};

}  // namespace heddle::checker::sync
