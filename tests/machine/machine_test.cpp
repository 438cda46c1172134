// tests/machine/machine_test.cpp - executions begin afresh, end early without harm, and leave nothing behind.

#include "checker/machine/sanitizer_hooks.hpp"
#include "tests/verify/reading.hpp"

#include <heddle/atomic.hpp>
#include <heddle/check.hpp>
#include <heddle/choose.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdio>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#ifdef HEDDLE_ASAN
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // GCC 12 installs no header for it
#endif

namespace heddle {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::Body;
using tests::defect_of;
using tests::everything;
using tests::outcomes_of;

// Counts how many of it there are. Its counters are not part of what a scenario sees.
class Tracked {
 public:
  Tracked() { ++made; }
  Tracked(const Tracked&) { ++made; }
  ~Tracked() { ++gone; }
  static void reset() { made = gone = 0; }
  static inline long made = 0;
  static inline long gone = 0;
};

// ---- executions that end early ----------------------------------------------------------------------

TEST(MachineTest, DestructorsRunInExecutionsThatDeadlock) {
  Tracked::reset();
  const Result result = check(
      [] {
        const Tracked in_main;
        mutex a{"a"}, b{"b"};
        thread first([&, captured = Tracked()] {
          const Tracked local;
          const lock_guard hold_a(a);
          const auto owned = std::make_unique<Tracked>();
          const lock_guard hold_b(b);
        });
        thread second([&] {
          const lock_guard hold_b(b);
          const std::vector<Tracked> several(3);
          const lock_guard hold_a(a);
        });
        first.join();
        second.join();
      },
      everything());
  EXPECT_EQ(result.deadlocked, 1u);
  EXPECT_GT(Tracked::made, 0);
  EXPECT_EQ(Tracked::made, Tracked::gone);
}

TEST(MachineTest, DestructorsRunInExecutionsThatAnAssumptionStops) {
  Tracked::reset();
  const Result result = check([] {
    atomic<int> x{0, "x"};
    thread writer([&] {
      const Tracked local;
      x.store(1);
      x.store(2);
    });
    const Tracked in_main;
    assume(x.load() != 1);
    const Tracked later;
    writer.join();
  });
  EXPECT_EQ(result.verdict, Verdict::Verified);
  EXPECT_EQ(result.complete, 2u);
  EXPECT_EQ(result.blocked, 1u);
  EXPECT_EQ(Tracked::made, Tracked::gone);
}

TEST(MachineTest, DestructorsRunInExecutionsThatAreTooLong) {
  Tracked::reset();
  Options options = everything();
  options.steps = 50;
  const Result result = check(
      [] {
        atomic<bool> ready{false, "ready"};
        atomic<int> attempts{0, "attempts"};
        thread waiting([&] {
          const Tracked local;
          while (!ready.load()) ++attempts;
        });
        const Tracked in_main;
        ready.store(true);
        waiting.join();
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::Inconclusive);
  EXPECT_EQ(Tracked::made, Tracked::gone);
}

TEST(MachineTest, DestructorsRunWhenAnExpectationFails) {
  Tracked::reset();
  const Result result = check([] {
    mutex guard{"guard"};
    thread worker([&] {
      const Tracked local;
      const lock_guard hold(guard);
      require(false);
    });
    worker.join();
    const lock_guard hold(guard);  // free again
  });
  EXPECT_EQ(result.verdict, Verdict::Defect);
  EXPECT_EQ(result.deadlocked, 0u);
  EXPECT_EQ(Tracked::made, Tracked::gone);
}

TEST(MachineTest, DestructorsThatUseLocksDoNoHarmWhenAnExecutionIsAbandoned) {
  const Result result = check(
      [] {
        mutex a{"a"}, b{"b"}, registry{"registry"};
        var<int> members{0, "members"};
        class Member {
         public:
          Member(mutex& guard, var<int>& count) : guard_(guard), count_(count) {
            const lock_guard hold(guard_);
            ++count_;
          }
          ~Member() {
            const lock_guard hold(guard_);
            --count_;
          }

         private:
          mutex& guard_;
          var<int>& count_;
        };
        thread first([&] {
          const Member member(registry, members);
          const lock_guard hold_a(a);
          const lock_guard hold_b(b);
        });
        thread second([&] {
          const Member member(registry, members);
          const lock_guard hold_b(b);
          const lock_guard hold_a(a);
        });
        first.join();
        second.join();
        require_eq(members, 0);
      },
      everything());
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::Deadlock);
  EXPECT_TRUE(result.exhaustive);
}

// Its destructor waits for a lock: what a class that counts its objects does.
class LocksWhenDestroyed {
 public:
  explicit LocksWhenDestroyed(mutex& guard) : guard_(guard) {}
  ~LocksWhenDestroyed() { const lock_guard hold(guard_); }

 private:
  mutex& guard_;
};

TEST(MachineTest, ADeadlockInsideADestructorIsADeadlock) {
  const Result result = check(
      [] {
        mutex a{"a"}, b{"b"};
        thread first([&] {
          const lock_guard hold_a(a);
          const LocksWhenDestroyed last(b);
        });
        thread second([&] {
          const lock_guard hold_b(b);
          const LocksWhenDestroyed last(a);
        });
        first.join();
        second.join();
      },
      everything());
  ASSERT_EQ(result.verdict, Verdict::Defect);
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::Deadlock);
  EXPECT_EQ(result.deadlocked, 1u);
  EXPECT_TRUE(result.exhaustive);
}

TEST(MachineTest, ADestructorThatLocksAfterAnExceptionWasSwallowedDoesNoHarm) {
  const Result result = check(
      [] {
        mutex a{"a"}, b{"b"};
        const auto both = [](mutex& one, mutex& other) {
          try {
            const lock_guard hold(one);
            const lock_guard hold_other(other);
          } catch (...) {  // swallows what ends the execution as well
          }
          const LocksWhenDestroyed last(one);
        };
        thread first([&] { both(a, b); });
        thread second([&] { both(b, a); });
        first.join();
        second.join();
      },
      everything());
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::Deadlock);
}

TEST(MachineTest, AThreadThatSwallowsEveryExceptionDoesNotHangTheTool) {
  const Result result = check(
      [] {
        mutex a{"a"}, b{"b"};
        thread stubborn([&] {
          const lock_guard hold_b(b);
          for (bool done = false; !done;) {
            try {
              const lock_guard hold_a(a);
              done = true;
            } catch (...) {
            }
          }
        });
        thread other([&] {
          const lock_guard hold_a(a);
          const lock_guard hold_b(b);
        });
        stubborn.join();
        other.join();
      },
      everything());
  ASSERT_EQ(result.defects.size(), 1u);
  EXPECT_EQ(result.defects[0].kind, DefectKind::Deadlock);
  EXPECT_EQ(result.deadlocked, 1u);
}

TEST(MachineTest, AThreadStartedWhileAnExecutionIsAbandonedDoesNotRun) {
  int ran = 0;
  struct StartsThread {
    int& ran;
    ~StartsThread() {
      thread late([&] { ++ran; });
      late.join();
    }
  };
  const Result result = check([&] {
    mutex a{"a"};
    thread stuck([&] {
      a.lock();
      const StartsThread last{ran};
      a.lock();
    });
    stuck.join();
  });
  EXPECT_EQ(result.verdict, Verdict::Defect);
  EXPECT_EQ(ran, 0);
}

#ifdef HEDDLE_ASAN
// AddressSanitizer keeps what is freed for a while, so the resident pages would say little.
long pages_in_use() { return static_cast<long>(__sanitizer_get_current_allocated_bytes() / 4096); }
#else
long pages_in_use() {
  long total = 0, resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return resident;
}
#endif

void two_by_four() {
  atomic<int> count{0, "count"};
  mutex unused{"a name that is too long for the small string optimisation"};
  std::deque<thread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 4; ++i) count.store(count.load() + 1);
    });
  for (thread& each : threads) each.join();
}

TEST(MemoryTest, DoesNotGrowWithTheNumberOfExecutions) {
  Options options = everything(StrategyKind::All);
  long early = 0, late = 0;
  unsigned asked = 0;
  options.interrupted = [&] {
    if (++asked == 400) early = pages_in_use();
    if (asked % 60 == 0) late = pages_in_use();
    return false;
  };
  const Result result = check(two_by_four, options);
  EXPECT_EQ(result.complete, 12'870u);
  ASSERT_GT(early, 0);
  EXPECT_LE(late - early, 64) << "pages, after " << result.complete << " executions";
}

TEST(MemoryTest, DoesNotGrowWithTheNumberOfExplorations) {
  for (int warm = 0; warm < 3; ++warm) check(two_by_four);
  const long before = pages_in_use();
  for (int n = 0; n < 20; ++n) EXPECT_EQ(check(two_by_four).complete, 3'334u);
  EXPECT_LE(pages_in_use() - before, 128) << "pages";
}

TEST(MemoryTest, DoesNotGrowWithTheNumberOfAbandonedExecutions) {
  Options options = everything(StrategyKind::Random);
  options.executions = 8'000;
  long early = 0, late = 0;
  unsigned asked = 0;
  options.interrupted = [&] {
    if (++asked == 60) early = pages_in_use();
    if (asked % 60 == 0) late = pages_in_use();
    return false;
  };
  const Result result = check(
      [] {
        mutex a{"a"}, b{"b"};
        const std::string held(1000, 'x');
        thread first([&, held] {
          const lock_guard hold_a(a);
          const std::string more(held);
          const lock_guard hold_b(b);
        });
        thread second([&, held] {
          const lock_guard hold_b(b);
          const lock_guard hold_a(a);
        });
        first.join();
        second.join();
      },
      options);
  EXPECT_GT(result.deadlocked, 1000u);
  ASSERT_GT(early, 0);
  EXPECT_LE(late - early, 64) << "pages";
}

// ---- state ------------------------------------------------------------------------------------------

TEST(MachineTest, ObjectsFromOutsideStartEveryExecutionWithTheirOutsideValue) {
  var<int> count{40, "count"};
  atomic<int> ticket{7, "ticket"};
  mutex guard{"guard"};
  const auto body = [&] {
    const auto work = [&] {
      const lock_guard hold(guard);
      ++count;
      ticket.fetch_add(1);
    };
    thread first(work), second(work);
    first.join();
    second.join();
    outcome("count", count);
    outcome("ticket", ticket);
  };
  for (int round = 0; round < 2; ++round) {
    const Result result = check(body);
    EXPECT_EQ(result.verdict, Verdict::Verified);
    EXPECT_THAT(outcomes_of(result), ElementsAre("count=42 ticket=9"));
  }
  EXPECT_EQ(count.load(), 40);
  EXPECT_EQ(ticket.load(), 7);
  count = 50;  // outside the checker it is an int
  EXPECT_THAT(outcomes_of(check(body)), ElementsAre("count=52 ticket=9"));
  EXPECT_THAT(outcomes_of(check(body, everything(StrategyKind::All))), ElementsAre("count=52 ticket=9"));
}

TEST(MachineTest, ALockFromOutsideThatAnExecutionLeftHeldIsFreeInTheNext) {
  mutex guard{"guard"};
  const Result result = check(
      [&] {
        thread forgetful([&] { guard.lock(); });
        thread polite([&] {
          if (guard.try_lock()) guard.unlock();
        });
        forgetful.join();
        polite.join();
      },
      everything());
  EXPECT_EQ(result.complete, 2u) << "the try_lock before and after";
  EXPECT_EQ(result.deadlocked, 0u);
}

TEST(MachineTest, AVariableMayBeOfAnyCopyableType) {
  const Result result = check([] {
    var<std::string> text{"a string that does not fit into its object itself: ", "text"};
    var<std::vector<int>> list{{}, "list"};
    mutex guard{"guard"};
    const auto append = [&](const char* word, int number) {
      const lock_guard hold(guard);
      text += std::string(word);
      std::vector<int> longer = list.load();
      longer.push_back(number);
      list = longer;
    };
    thread a([&] { append("a", 1); });
    thread b([&] { append("b", 2); });
    a.join();
    b.join();
    outcome("text", text.load().substr(text.load().size() - 2));
    require_eq(list.load().size(), 2u);
  });
  EXPECT_EQ(result.verdict, Verdict::Verified) << (result.defects.empty() ? "" : result.defects[0].message);
  EXPECT_THAT(outcomes_of(result), ElementsAre("text=ab", "text=ba"));
}

TEST(MachineTest, LostUpdateOfAStringIsFound) {
  const Result result = check(
      [] {
        var<std::string> text{"", "text"};
        thread a([&] { text += std::string("a"); });
        thread b([&] { text += std::string("b"); });
        a.join();
        b.join();
        outcome("text", text);
      },
      everything());
  EXPECT_NE(defect_of(result, DefectKind::LostUpdate), nullptr);
  EXPECT_THAT(outcomes_of(result), ElementsAre("text=a", "text=ab", "text=b", "text=ba"));
}

}  // namespace
}  // namespace heddle
