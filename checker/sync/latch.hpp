// checker/sync/latch.hpp - a latch: the word counts down to zero.
#pragma once

#include "checker/sync/rule.hpp"

namespace heddle::checker::sync {

// `expected` is what is taken off the counter.
inline constexpr Rule count_down{
    .succeeds = [](Word counter, const Call& call) { return counter >= call.expected; },
    .after = [](Word counter, const Call& call) { return counter - call.expected; }};
inline constexpr Rule await_zero{.enabled = [](Word counter, const Call&) { return counter == 0; }};

}  // namespace heddle::checker::sync
