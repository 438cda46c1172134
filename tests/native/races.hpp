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

// Whose threads have to meet within a few instructions: in thousands of runs ThreadSanitizer may see nothing.
// What it calls a use after free may as well be a race with the delete.
inline const std::set<std::string> seldom_meeting{
    "structures/ms_queue_relaxed",
    "structures/treiber_stack_use_after_free",
};

}  // namespace heddle::test
