// tests/field/process_test.cpp - what programs keep outside of their functions: every execution is a new
// process

#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace heddle {
namespace {

using tests::each_class;
using tests::expect_among_defects;
using tests::expect_outcomes;
using tests::expect_verified;
using tests::explored;
using tests::sc;
using tests::together;

struct Registry {
  mutex guard{"guard"};
  std::map<std::string, int> items;
  var<int> changes{0, "changes"};

  void add(const std::string& name) {
    const lock_guard hold(guard);
    ++items[name];
    ++changes;
  }
};

Registry& registry() {
  static Registry made;
  return made;
}

TEST(ProcessTest, ASingletonIsMadeOnceByWhoeverComesFirst) {
  expect_verified([] {
    const auto work = [] { registry().add("a name that is too long to be kept in the string"); };
    together(work, work);
    require_eq(registry().changes, 2);
    require_eq(registry().items.size(), 1u);
  });
}

TEST(ProcessTest, ASingletonThatIsNeededInSomeExecutionsOnly) {
  expect_outcomes({"changes=0", "changes=1"}, [] {
    atomic<bool> wanted{false, "wanted"};
    int changes = 0;
    together([&] { wanted.store(true); },
             [&] {
               if (!wanted.load()) return;
               static Registry made;
               made.add("an item");
               changes = made.changes;
             });
    outcome("changes", changes);
  });
}

// Nobody but the process destroys it: its thread ends, and is joined, when main has returned.
class Worker {
 public:
  Worker() : thread_([this] { work(); }) {}
  ~Worker() {
    {
      const lock_guard hold(guard_);
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  void run(std::function<void()> task) {
    {
      const lock_guard hold(guard_);
      tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
  }

 private:
  void work() {
    for (;;) {
      unique_lock hold(guard_);
      changed_.wait(hold, [&] { return stopped_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      const std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      hold.unlock();
      task();
    }
  }

  mutex guard_{"guard"};
  condition_variable changed_{"changed"};
  std::deque<std::function<void()>> tasks_;
  bool stopped_ = false;
  thread thread_;
};

Worker& worker() {
  static Worker made;
  return made;
}

TEST(ProcessTest, AThreadOfASingletonEndsWithTheProcess) {
  expect_verified(
      [] {
        atomic<int> done{0, "done"};
        worker().run([&] { done.store(1); });
        while (done.load() == 0) yield();
      },
      each_class);
}

TEST(ProcessTest, ASingletonThatIsNeverDestroyed) {
  expect_verified([] {
    const auto next = [] {
      static auto* const count = new atomic<int>(0, "count");
      return ++*count;
    };
    together(next, next);
    require_eq(next(), 3);
  });
}

TEST(ProcessTest, WhoComesLaterSeesWhatTheInitialisationDid) {
  expect_verified([] {
    var<int> made{0, "made"};
    const auto work = [&] {
      static const int times = [&] { return ++made; }();
      require_eq(times, 1);
      require_eq(made, 1);
    };
    together(work, work);
  });
}

TEST(ProcessTest, AnInitialisationThatFailsIsTriedAgain) {
  expect_verified([] {
    atomic<int> tries{0, "tries"};
    const auto work = [&] {
      try {
        static const int value = tries.fetch_add(1) == 0 ? throw 1 : 7;
        require_eq(value, 7);
      } catch (int) {
      }
    };
    together(work, work);
    require_eq(tries, 2);
  });
}

int circular(int depth) {
  static const int value = depth == 0 ? 0 : circular(depth - 1);
  return value;
}

TEST(ProcessTest, AnInitialisationThatNeedsItselfIsADefect) {
  expect_among_defects(DefectKind::MutexMisuse, [] { circular(1); });
}

// Two that need each other, by two threads: each waits for the other.
TEST(ProcessTest, InitialisationsInOppositeOrdersAreADeadlock) {
  expect_among_defects(DefectKind::Deadlock, [] {
    struct Two {
      static int a(bool other) {
        static const int value = other ? b(false) : 1;
        return value;
      }
      static int b(bool other) {
        static const int value = other ? a(false) : 2;
        return value;
      }
    };
    together([] { Two::a(true); }, [] { Two::b(true); });
  });
}

TEST(ProcessTest, WhatTheLibraryKeepsIsMadeInAnyExecution) {
  expect_outcomes({"text=", "text=1.5 100000 1"}, [] {
    atomic<bool> wanted{false, "wanted"};
    std::string text;
    together([&] { wanted.store(true); },
             [&] {
               if (!wanted.load()) return;
               std::ostringstream out;
               out << 1.5 << ' ' << 100'000 << ' ' << true;
               text = out.str();
             });
    outcome("text", text);
  });
}

// The containers are the caller's, and keep what they are given.
TEST(ProcessTest, ABodyMayCollectWhatItSees) {
  for (const tests::Search& search : tests::every_search) {
    SCOPED_TRACE(search.name);
    std::set<int> seen;
    std::vector<std::string> log;
    std::map<std::string, std::list<int>> by_text;
    const Result result = explored(
        [&] {
          atomic<int> x{0, "x"};
          int first = 0, second = 0;
          together(
              [&] {
                x.store(1);
                first = x.load();
              },
              [&] {
                second = x.load();
                x.store(2);
              });
          const int both = 10 * first + second;
          seen.insert(both);
          log.push_back("a text that is too long to be kept in the string: " + std::to_string(both));
          by_text[log.back()].push_back(both);
        },
        search);
    EXPECT_EQ(result.verdict, Verdict::Verified) << tests::told(result);
    EXPECT_EQ(seen, (std::set<int>{10, 11, 20, 21}));
    EXPECT_GE(log.size(), result.complete);
    std::size_t kept = 0;
    for (const auto& [text, all] : by_text)
      for (const int both : all) {
        EXPECT_EQ(text, "a text that is too long to be kept in the string: " + std::to_string(both));
        ++kept;
      }
    EXPECT_EQ(kept, log.size());
  }
}

// What was there before is linked with what comes from the scenario.
class CollectingTest : public testing::Test {
 protected:
  void explore_with(const tests::Search& search) {
    const Result result = explored(
        [&] {
          atomic<int> x{0, "x"};
          int seen = 0;
          together([&] { x.store(1); }, [&] { seen = x.load(); });
          in_order_.push_back(seen);
          values_.insert(seen);
          log_.push_back("a text that is too long to be kept in the string: " + std::to_string(seen));
        },
        search);
    EXPECT_EQ(result.verdict, Verdict::Verified) << tests::told(result);
  }

  std::list<int> in_order_{-1};
  std::set<int> values_{-2, -1, 5};
  std::vector<std::string> log_{"the first text that is too long to be kept in the string"};
};

TEST_F(CollectingTest, ContainersMayHaveElements) {
  log_.reserve(1'000);
  for (const tests::Search& search : tests::every_search) explore_with(search);
  EXPECT_EQ(values_, (std::set<int>{-2, -1, 0, 1, 5}));
  EXPECT_EQ(in_order_.front(), -1);
  EXPECT_EQ(in_order_.size(), log_.size());
  auto seen = in_order_.begin();
  for (std::size_t i = 1; i < log_.size(); ++i)
    EXPECT_EQ(log_[i], "a text that is too long to be kept in the string: " + std::to_string(*++seen));
}

}  // namespace
}  // namespace heddle
