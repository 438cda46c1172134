// tests/core/trace_test.cpp - events, chains of accesses, and cutting back.

#include "checker/core/trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace heddle::checker {
namespace {

void add(Trace& trace, ThreadIndex thread, ObjectIndex object, AccessKind kind, Word value = 0) {
  trace.append(thread).kind = kind == AccessKind::Write ? OperationKind::Store : OperationKind::Load;
  trace.add_access(object, ObjectKind::Variable, kind, value);
}

// The events that accessed an object, newest first.
std::vector<EventIndex> chain(const Trace& trace, ObjectIndex object) {
  std::vector<EventIndex> events;
  for (AccessIndex a = trace.newest(object); a != no_access; a = trace.access(a).previous)
    events.push_back(trace.access(a).event);
  return events;
}

TEST(TraceTest, EventsOfAThreadAreNumberedFromOne) {
  Trace trace;
  add(trace, 1, 0, AccessKind::Read);
  add(trace, 2, 0, AccessKind::Read);
  add(trace, 1, 0, AccessKind::Read);
  EXPECT_EQ(trace[0].number, 1u);
  EXPECT_EQ(trace[1].number, 1u);
  EXPECT_EQ(trace[2].number, 2u);
  EXPECT_EQ(trace[0].po_previous, no_event);
  EXPECT_EQ(trace[1].po_previous, no_event);
  EXPECT_EQ(trace[2].po_previous, 0u);
  EXPECT_EQ(trace.events_of(1), 2u);
  EXPECT_EQ(trace.events_of(3), 0u);
}

TEST(TraceTest, FirstEventOfAThreadFollowsTheEventThatStartedIt) {
  Trace trace;
  add(trace, 0, 0, AccessKind::Write);
  trace.started(1, 0);
  EXPECT_EQ(trace.last_of(1), 0u);
  add(trace, 1, 0, AccessKind::Read);
  EXPECT_EQ(trace[1].po_previous, 0u);
  EXPECT_EQ(trace[1].number, 1u);
  EXPECT_EQ(trace.last_of(1), 1u);
}

TEST(TraceTest, AccessesOfAnObjectFormAChainFromTheNewest) {
  Trace trace;
  add(trace, 1, 7, AccessKind::Write);
  add(trace, 1, 8, AccessKind::Write);
  add(trace, 2, 7, AccessKind::Read);
  add(trace, 3, 7, AccessKind::Write);
  EXPECT_THAT(chain(trace, 7), testing::ElementsAre(3u, 2u, 0u));
  EXPECT_THAT(chain(trace, 8), testing::ElementsAre(1u));
  EXPECT_THAT(chain(trace, 9), testing::IsEmpty());
  EXPECT_THAT(chain(trace, 1'000'000), testing::IsEmpty());
}

TEST(TraceTest, AnAccessKnowsTheLastWriteBeforeIt) {
  Trace trace;
  add(trace, 1, 0, AccessKind::Read);
  add(trace, 1, 0, AccessKind::Write);
  add(trace, 2, 0, AccessKind::Read);
  add(trace, 2, 0, AccessKind::Write);
  EXPECT_EQ(trace.accesses(0)[0].last_write, no_access);
  EXPECT_EQ(trace.accesses(1)[0].last_write, no_access);
  EXPECT_EQ(trace.access(trace.accesses(2)[0].last_write).event, 1u);
  EXPECT_EQ(trace.access(trace.accesses(3)[0].last_write).event, 1u);
}

TEST(TraceTest, ReadAndWriteOfOneEventAreOneWrite) {
  Trace trace;
  add(trace, 1, 0, AccessKind::Read, 5);
  trace.add_access(0, ObjectKind::Variable, AccessKind::Write, 6);
  trace.add_access(0, ObjectKind::Variable, AccessKind::Read, 6);
  ASSERT_EQ(trace.accesses(0).size(), 1u);
  EXPECT_EQ(trace.accesses(0)[0].kind, AccessKind::Write);
  EXPECT_EQ(trace.accesses(0)[0].value, 6u);
  EXPECT_THAT(chain(trace, 0), testing::ElementsAre(0u));
}

TEST(TraceTest, AnEventMayAccessSeveralObjects) {
  Trace trace;
  add(trace, 1, 0, AccessKind::Write);
  trace.add_access(1, ObjectKind::Mutex, AccessKind::Write, 2);
  add(trace, 2, 1, AccessKind::Read);
  ASSERT_EQ(trace.accesses(0).size(), 2u);
  EXPECT_EQ(trace.accesses(0)[1].object, 1u);
  EXPECT_EQ(trace.accesses(0)[1].object_kind, ObjectKind::Mutex);
  EXPECT_EQ(trace.access(trace.accesses(1)[0].last_write).event, 0u);
}

TEST(TraceTest, TruncateToItsSizeChangesNothing) {
  Trace trace;
  add(trace, 1, 0, AccessKind::Write);
  add(trace, 2, 0, AccessKind::Read);
  trace.truncate(2);
  EXPECT_EQ(trace.size(), 2u);
  EXPECT_THAT(chain(trace, 0), testing::ElementsAre(1u, 0u));
}

TEST(TraceTest, TruncateKeepsWhereAThreadBegan) {
  Trace trace;
  add(trace, 0, 0, AccessKind::Write);
  trace.started(1, 0);
  add(trace, 1, 0, AccessKind::Read);
  trace.truncate(1);
  EXPECT_EQ(trace.last_of(1), 0u);
  EXPECT_EQ(trace.events_of(1), 0u);
  add(trace, 1, 0, AccessKind::Read);
  EXPECT_EQ(trace[1].number, 1u);
  EXPECT_EQ(trace[1].po_previous, 0u);
}

struct Recipe {
  ThreadIndex thread;
  std::vector<std::pair<ObjectIndex, AccessKind>> accesses;
};

std::string dump(const Trace& trace) {
  std::string text;
  for (EventIndex e = 0; e < trace.size(); ++e) {
    text += std::to_string(trace[e].thread) + " " + std::to_string(trace[e].number) + " " +
            std::to_string(trace[e].po_previous);
    for (const Access& a : trace.accesses(e))
      text += " (" + std::to_string(a.object) + " " + std::to_string(a.event) + " " +
              std::to_string(a.previous) + " " + std::to_string(a.last_write) + " " +
              std::to_string(a.value) + ")";
    text += "\n";
  }
  for (ObjectIndex object = 0; object < 40; ++object) text += std::to_string(trace.newest(object)) + " ";
  for (ThreadIndex thread = 0; thread < 5; ++thread)
    text += std::to_string(trace.last_of(thread)) + "/" + std::to_string(trace.events_of(thread)) + " ";
  return text;
}

void append(Trace& trace, const Recipe& recipe) {
  trace.append(recipe.thread);
  for (const auto& [object, kind] : recipe.accesses)
    trace.add_access(object, ObjectKind::Variable, kind, trace.size());
}

TEST(TraceTest, GrowingAfterATruncationIsAsIfItHadNeverBeenLonger) {
  std::mt19937 random(1);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  Trace trace;
  std::vector<Recipe> recipes;
  for (int round = 0; round < 300; ++round) {
    recipes.resize(below(static_cast<unsigned>(recipes.size()) + 1));
    trace.truncate(static_cast<EventIndex>(recipes.size()));
    for (unsigned more = below(8); more > 0; --more) {
      Recipe recipe{static_cast<ThreadIndex>(below(5)), {}};
      for (unsigned accesses = below(4); accesses > 0; --accesses)
        recipe.accesses.emplace_back(below(40), below(2) == 0 ? AccessKind::Read : AccessKind::Write);
      append(trace, recipe);
      recipes.push_back(recipe);
    }
    Trace fresh;
    for (const Recipe& recipe : recipes) append(fresh, recipe);
    ASSERT_EQ(dump(trace), dump(fresh)) << "round " << round;
  }
}

}  // namespace
}  // namespace heddle::checker
