// checker/sync/rule.hpp - what a step does to one object: three pure functions of the object's word.
//
// Being pure, they also answer for an execution that has not happened: whether a step could have run
// earlier, and what it would have touched then. A step on several objects has one rule for each.
#pragma once

#include "checker/core/operation.hpp"

namespace heddle::checker::sync {

// Who performs the step, and with what.
struct Call {
  ThreadIndex thread;
  Word operand = 0;   // only the effect depends on it
  Word expected = 0;  // what waiting and success depend on
  Modify modify = nullptr;
};

struct Rule {
  bool (*enabled)(Word, const Call&) = nullptr;   // null: never waits
  bool (*succeeds)(Word, const Call&) = nullptr;  // null: always
  Word (*after)(Word, const Call&) = nullptr;     // of a step that writes; null: the word stays as it is

  bool is_enabled(Word word, const Call& call) const { return enabled == nullptr || enabled(word, call); }
  bool is_success(Word word, const Call& call) const { return succeeds == nullptr || succeeds(word, call); }
  Word word_after(Word word, const Call& call) const { return after == nullptr ? word : after(word, call); }
};

}  // namespace heddle::checker::sync
