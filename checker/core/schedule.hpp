// checker/core/schedule.hpp - the decisions that reproduce an execution, and their text.
//
// A replay token is
//
//     h1:NAME:SCHEDULE:CHECK
//
// NAME is the scenario with the parameters that differ from their defaults, "counter/unlocked" or
// "counter/unlocked,threads=3". SCHEDULE lists which thread takes the next steps: "1-2x2-1" is one step
// of T1, two of T2, one of T1; 0 is main, 1.2 the second thread that T1 started. Joins and choices take
// no place in it: they happen as soon as they can. The answers of choose(), in the order in which they
// are asked, follow after a plus sign: "1x2+0.1". "!500" follows where the execution was cut by another
// limit of steps than the usual one; "~1" and "^5" where a thread could fail spuriously or time out so often,
// and not as often as usual. "@rc11" comes last for an execution under another memory model than sc; there
// "/5.1" says that step 5, counted from 1, reads (or comes in coherence order right after) not the newest
// write of its object, but the one that 1 write is newer than. CHECK is eight hexadecimal digits over the
// operations of these steps, so that a changed program is noticed.
#pragma once

#include <heddle/options.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::checker {

struct Schedule {
  std::string name;
  std::vector<std::string> threads;  // one path per step
  std::vector<unsigned> alternatives;
  std::uint32_t check = 0;
  // Of the execution, where they are not the usual ones.
  std::uint32_t steps_limit = 0;  // 0: the usual
  std::optional<unsigned> spurious;
  std::optional<unsigned> timeouts;
  MemoryModel model = MemoryModel::Sc;
  // Per step, how many writes are newer than the one that it reads or comes after.
  std::vector<std::uint32_t> ages = {};

  std::string token() const;
  // Throws std::invalid_argument with a sentence that says what is wrong with the token.
  static Schedule parse(std::string_view token);
};

}  // namespace heddle::checker
