// checker/sync/data.hpp - loads, stores and atomic updates: the word is the value.
#pragma once

#include "checker/sync/rule.hpp"

namespace heddle::checker::sync {

inline constexpr Rule load{};

inline constexpr Rule store{.after = [](Word, const Call& call) { return call.operand; }};

inline constexpr Rule read_modify_write{
    .after = [](Word word, const Call& call) { return call.modify(word, call.operand); }};

inline constexpr Rule compare_exchange{
    .succeeds = [](Word word, const Call& call) { return word == call.expected; },
    .after = [](Word, const Call& call) { return call.operand; }};

}  // namespace heddle::checker::sync
