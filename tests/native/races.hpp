// tests/native/races.hpp - which scenarios have a data race with their default parameters.
//
// Our own race detector and ThreadSanitizer are compared through this table: no program can have both.
#pragma once

#include <set>
#include <string>

namespace heddle::test {

inline const std::set<std::string> racy_scenarios{
    "counter/two_locks",
    "counter/unlocked",
    "structures/double_checked_locking",
    "structures/double_checked_locking_relaxed",
    "structures/ms_queue_relaxed",
    "structures/readers_writers_shared",
    "structures/treiber_stack_relaxed",
    "visibility/get_count_unlocked",
};

}  // namespace heddle::test
