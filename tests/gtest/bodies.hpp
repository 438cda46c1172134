// tests/gtest/bodies.hpp - what the tests of the adapter explore, and how they ask a matcher.
#pragma once

#include <heddle/atomic.hpp>
#include <heddle/choose.hpp>
#include <heddle/expect.hpp>
#include <heddle/gtest.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <string>

namespace heddle::tests {

// Two threads run this.
template <class Work>
void twice(Work work) {
  thread first(work);
  thread second(work);
  first.join();
  second.join();
}

// Counts under a lock: two classes of interleavings, no defect.
inline void locked() {
  mutex guard{"guard"};
  var<int> count{0, "count"};
  twice([&] {
    const lock_guard hold(guard);
    ++count;
  });
  outcome("count", count);
}

// Loses an update.
inline void unlocked() {
  var<int> count{0, "count"};
  twice([&] { ++count; });
  outcome("count", count);
}

// Counts in two atomic steps, so that a count may be missing without any defect.
inline int split_count() {
  atomic<int> count{0, "count"};
  twice([&] {
    const int seen = count.load();
    count.store(seen + 1);
  });
  return count.load();
}

inline void split() { outcome("count", split_count()); }

// What main sees of another thread's write: 0 or 1, without a defect.
inline int glance() {
  atomic<int> turn{0, "turn"};
  thread other([&] { turn = 1; });
  const int seen = turn.load();
  other.join();
  return seen;
}

// What the matcher says of the result: whether it matches, and its explanation.
struct Verdicts {
  bool matches;
  std::string why;
};
inline Verdicts ask(const ResultMatcher& matcher, const Result& result) {
  testing::StringMatchResultListener listener;
  const bool matches = matcher.MatchAndExplain(result, &listener);
  return {matches, listener.str()};
}

inline std::string why_not(const ResultMatcher& matcher, const Result& result) {
  const Verdicts verdicts = ask(matcher, result);
  return verdicts.matches ? "it matches" : verdicts.why;
}

inline Options everything() {
  Options options;
  options.keep_going = true;
  return options;
}

}  // namespace heddle::tests
