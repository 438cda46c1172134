// tests/core/causality_test.cpp - clocks, and hashes that are equal for equivalent interleavings.

#include "checker/core/causality.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace heddle::checker {
namespace {

struct Access1 {
  ObjectIndex object;
  AccessKind kind;
};

struct Step {
  ThreadIndex thread;
  std::vector<Access1> accesses;
  unsigned alternative = 0;
};

Step read(ThreadIndex thread, ObjectIndex object) { return {thread, {{object, AccessKind::Read}}}; }
Step write(ThreadIndex thread, ObjectIndex object) { return {thread, {{object, AccessKind::Write}}}; }

void append(Trace& trace, const Step& step) {
  Event& event = trace.append(step.thread);
  event.kind = step.accesses.empty() ? OperationKind::Choose : OperationKind::Load;
  event.alternative = static_cast<std::uint8_t>(step.alternative);
  for (const Access1& access : step.accesses)
    trace.add_access(access.object, ObjectKind::Atomic, access.kind, 0);
}

Hash class_of(const std::vector<Step>& steps) {
  Trace trace;
  for (const Step& step : steps) append(trace, step);
  Causality causality(trace);
  causality.extend();
  return causality.class_hash();
}

bool dependent_steps(const Step& a, const Step& b) {
  if (a.thread == b.thread) return true;
  for (const Access1& x : a.accesses)
    for (const Access1& y : b.accesses)
      if (x.object == y.object && conflicting(x.kind, y.kind)) return true;
  return false;
}

TEST(CausalityTest, IndependentStepsMayBeSwapped) {
  EXPECT_EQ(class_of({write(1, 0), write(2, 1)}), class_of({write(2, 1), write(1, 0)}));
  EXPECT_EQ(class_of({read(1, 0), read(2, 0)}), class_of({read(2, 0), read(1, 0)}));
}

TEST(CausalityTest, ConflictingStepsMayNot) {
  EXPECT_NE(class_of({write(1, 0), read(2, 0)}), class_of({read(2, 0), write(1, 0)}));
  EXPECT_NE(class_of({write(1, 0), write(2, 0)}), class_of({write(2, 0), write(1, 0)}));
}

TEST(CausalityTest, AWriteKnowsTheReadsBeforeIt) {
  EXPECT_NE(class_of({read(1, 0), write(2, 0), read(3, 0)}), class_of({write(2, 0), read(1, 0), read(3, 0)}));
  EXPECT_EQ(class_of({read(1, 0), read(3, 0), write(2, 0)}), class_of({read(3, 0), read(1, 0), write(2, 0)}));
}

TEST(CausalityTest, TheAnswerOfAChoiceIsPartOfTheClass) {
  EXPECT_NE(class_of({{1, {}, 0}}), class_of({{1, {}, 1}}));
  EXPECT_EQ(class_of({{1, {}, 1}, write(2, 0)}), class_of({write(2, 0), {1, {}, 1}}));
}

TEST(CausalityTest, ThreadsAreNotInterchangeable) {
  EXPECT_NE(class_of({write(1, 0), write(1, 0), write(2, 0)}),
            class_of({write(2, 0), write(2, 0), write(1, 0)}));
}

TEST(CausalityTest, OrderOfTheAccessesWithinAStepDoesNotMatter) {
  EXPECT_EQ(class_of({{1, {{0, AccessKind::Write}, {1, AccessKind::Read}}}}),
            class_of({{1, {{1, AccessKind::Read}, {0, AccessKind::Write}}}}));
}

// Two random interleavings of a program have equal hashes exactly when swapping independent neighbours leads
// from one to the other. The normal form of a class is its smallest interleaving in thread order.
std::vector<unsigned> normal_form(std::vector<Step> steps) {
  std::vector<unsigned> form;
  std::map<ThreadIndex, unsigned> done;
  while (!steps.empty()) {
    std::size_t best = steps.size();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      bool minimal = true;
      for (std::size_t j = 0; j < i; ++j) minimal = minimal && !dependent_steps(steps[j], steps[i]);
      if (minimal && (best == steps.size() || steps[i].thread < steps[best].thread)) best = i;
    }
    form.push_back(steps[best].thread);
    steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(best));
  }
  return form;
}

TEST(CausalityTest, HashesAreEqualExactlyForEquivalentInterleavingsOfRandomPrograms) {
  std::mt19937 random(2);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  for (int program = 0; program < 60; ++program) {
    std::vector<std::vector<Step>> threads(2 + below(2));
    for (std::size_t t = 0; t < threads.size(); ++t)
      for (unsigned n = 1 + below(4); n > 0; --n) {
        Step step{static_cast<ThreadIndex>(t), {}};
        for (unsigned a = 1 + below(2); a > 0; --a)
          step.accesses.push_back({below(3), below(2) == 0 ? AccessKind::Read : AccessKind::Write});
        threads[t].push_back(step);
      }
    std::map<std::vector<unsigned>, Hash> by_form;
    std::map<Hash, std::vector<unsigned>> by_hash;
    for (int sample = 0; sample < 60; ++sample) {
      std::vector<std::size_t> next(threads.size(), 0);
      std::vector<Step> steps;
      for (;;) {
        std::vector<std::size_t> left;
        for (std::size_t t = 0; t < threads.size(); ++t)
          if (next[t] < threads[t].size()) left.push_back(t);
        if (left.empty()) break;
        const std::size_t t = left[below(static_cast<unsigned>(left.size()))];
        steps.push_back(threads[t][next[t]++]);
      }
      const Hash hash = class_of(steps);
      const std::vector<unsigned> form = normal_form(steps);
      ASSERT_EQ(by_form.emplace(form, hash).first->second, hash) << "equivalent, but different hashes";
      ASSERT_EQ(by_hash.emplace(hash, form).first->second, form) << "not equivalent, but equal hashes";
    }
  }
}

TEST(CausalityTest, ProgramOrderConflictsStartAndJoinOrderEvents) {
  Trace trace;
  append(trace, write(0, 0));  // 0
  trace.started(1, 0);
  trace.started(2, 0);
  append(trace, write(1, 1));     // 1
  append(trace, read(2, 2));      // 2
  append(trace, read(2, 1));      // 3: reads what 1 wrote
  append(trace, write(1, 3));     // 4
  Event& join = trace.append(0);  // 5
  join.kind = OperationKind::Join;
  join.joined = 1;
  join.joined_event = 4;
  Causality causality(trace);
  causality.extend();
  EXPECT_TRUE(causality.before(0, 1)) << "the start of a thread";
  EXPECT_TRUE(causality.before(0, 2));
  EXPECT_TRUE(causality.before(1, 4)) << "program order";
  EXPECT_TRUE(causality.before(1, 3)) << "a conflict";
  EXPECT_TRUE(causality.before(4, 5)) << "a join";
  EXPECT_TRUE(causality.before(1, 5)) << "and what was before it";
  EXPECT_TRUE(causality.before(3, 3)) << "reflexive";
  EXPECT_FALSE(causality.before(1, 2));
  EXPECT_FALSE(causality.before(2, 1));
  EXPECT_FALSE(causality.before(3, 4));
  EXPECT_FALSE(causality.before(3, 5));
  EXPECT_FALSE(causality.before(4, 1));
}

// The thread that joins goes on with what the other has left behind, which may be no object of the trace.
TEST(CausalityTest, AJoinIsIdentifiedByWhatTheJoinedThreadHasSeen) {
  const auto hash_of_join = [](bool graphs, bool writes_first) {
    Trace trace;
    if (writes_first) append(trace, write(2, 0));
    append(trace, read(1, 0));
    const EventIndex end_of_reader = trace.size() - 1;
    if (!writes_first) append(trace, write(2, 0));
    Event& join = trace.append(0);
    join.kind = OperationKind::Join;
    join.joined = 1;
    join.joined_event = end_of_reader;
    Causality causality(trace, graphs);
    causality.extend();
    return causality.hash(trace.size() - 1);
  };
  EXPECT_NE(hash_of_join(false, true), hash_of_join(false, false));
  EXPECT_NE(hash_of_join(true, true), hash_of_join(true, false));
}

TEST(CausalityTest, ExtendingAfterATruncationIsAsIfItHadNeverBeenLonger) {
  std::mt19937 random(3);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  Trace trace;
  Causality causality(trace);
  std::vector<Step> steps;
  for (int round = 0; round < 200; ++round) {
    const unsigned kept = below(static_cast<unsigned>(steps.size()) + 1);
    steps.resize(kept);
    trace.truncate(kept);
    causality.truncate(kept);
    for (unsigned more = below(6); more > 0; --more) {
      steps.push_back({static_cast<ThreadIndex>(below(40)),
                       {{below(3), below(2) == 0 ? AccessKind::Read : AccessKind::Write}}});
      append(trace, steps.back());
      if (below(2) == 0) causality.extend();
    }
    causality.extend();
    ASSERT_EQ(causality.class_hash(), class_of(steps)) << "round " << round;
    Trace fresh;
    Causality other(fresh);
    for (const Step& step : steps) append(fresh, step);
    other.extend();
    for (EventIndex a = 0; a < trace.size(); ++a) {
      ASSERT_EQ(causality.hash(a), other.hash(a));
      for (EventIndex b = a; b < trace.size(); ++b)
        ASSERT_EQ(causality.before(a, b), other.before(a, b)) << a << " before " << b;
    }
  }
}

TEST(CausalityTest, AnEmptyTraceHasTheHashOfNothing) { EXPECT_EQ(class_of({}), 0u); }

}  // namespace
}  // namespace heddle::checker
