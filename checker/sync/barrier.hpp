// checker/sync/barrier.hpp - a barrier: how many have still to arrive in this phase, how many arrive in each,
// and the number of the phase, in 24, 24 and 16 bits of the word.
#pragma once

#include "checker/sync/rule.hpp"

namespace heddle::checker::sync {

inline constexpr unsigned participants_bits = 24;
inline constexpr Word participants_max = (Word{1} << participants_bits) - 1;

constexpr Word to_arrive(Word barrier) { return barrier & participants_max; }
constexpr Word participants(Word barrier) { return barrier >> participants_bits & participants_max; }
constexpr Word phase(Word barrier) { return barrier >> (2 * participants_bits); }
constexpr Word barrier_word(Word arriving, Word of, Word phase) {
  return arriving | of << participants_bits | phase << (2 * participants_bits);
}

inline constexpr bool is_expecting(Word barrier, const Call&) { return to_arrive(barrier) > 0; }

// Whoever finds that it was the last completes the phase in a step of its own, after the completion function.
inline constexpr Rule arrive{.succeeds = is_expecting,
                             .after = [](Word barrier, const Call&) { return barrier - 1; }};
inline constexpr Rule arrive_and_drop{.succeeds = is_expecting, .after = [](Word barrier, const Call&) {
                                        return barrier - barrier_word(1, 1, 0);
                                      }};
inline constexpr Rule complete_phase{.after = [](Word barrier, const Call&) {
  return barrier_word(participants(barrier), participants(barrier), (phase(barrier) + 1) & 0xffff);
}};
// `expected` is the phase that has to be over.
inline constexpr Rule await_phase{
    .enabled = [](Word barrier, const Call& call) { return phase(barrier) != call.expected; }};

}  // namespace heddle::checker::sync
