// checker/sync/once.hpp - things that happen once: call_once, and a future that becomes ready.
#pragma once

#include "checker/sync/rule.hpp"

namespace heddle::checker::sync {

inline constexpr Word not_begun = 0;
inline constexpr Word done = ~Word{0};  // in between: the index of the thread that is about it, plus one

// Succeeds for the thread that is to make the call; fails when it has been made.
inline constexpr Rule begin_once{
    .enabled = [](Word once, const Call&) { return once == not_begun || once == done; },
    .succeeds = [](Word once, const Call&) { return once == not_begun; },
    .after = [](Word, const Call& call) { return Word{call.thread} + 1; }};
// `operand` is done, or not_begun after an exception.
inline constexpr Rule end_once{.after = [](Word, const Call& call) { return call.operand; }};

// A future with a result that is not to be seen yet.
inline constexpr Word stored = 1;

// From the state `expected` to the state `operand`.
inline constexpr Rule set_future{
    .succeeds = [](Word future, const Call& call) { return future == call.expected; },
    .after = [](Word, const Call& call) { return call.operand; }};
inline constexpr Rule await_future{.enabled = [](Word future, const Call&) { return future == done; }};

}  // namespace heddle::checker::sync
