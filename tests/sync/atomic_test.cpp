// tests/sync/atomic_test.cpp - the whole of <atomic>

#include "tests/sync/programs.hpp"

#include <heddle/atomic.hpp>
#include <heddle/var.hpp>
#include <limits>

namespace heddle {
namespace {

using tests::behaviour;
using tests::run_threads;
using tests::Texts;

TEST(AtomicTest, CountsPointersAndFloatingPointNumbers) {
  EXPECT_EQ(behaviour([] {
              int numbers[3] = {1, 2, 3};
              atomic<int*> at{numbers, "at"};
              atomic<double> sum{0.5, "sum"};
              const auto step = [&] {
                at.fetch_add(1);
                sum.fetch_add(1.0);
              };
              run_threads({step, step});
              outcome("number", *at.load());
              outcome("sum", sum.load());
            }),
            Texts{"number=3 sum=2.5"});
}

TEST(AtomicTest, IntegersWrapAround) {
  EXPECT_EQ(behaviour([] {
              atomic<int> n{std::numeric_limits<int>::max(), "n"};
              outcome("after", ++n);
              outcome("before", n--);
            }),
            Texts{"after=-2147483648 before=-2147483648"});
}

TEST(AtomicTest, AWaitEndsWithANotificationAfterAChange) {
  EXPECT_EQ(behaviour([] {
              atomic<int> x{0, "x"};
              run_threads({[&] {
                             x.wait(0);
                             outcome("x", x.load());
                           },
                           [&] {
                             x.store(1);
                             x.notify_one();
                           }});
            }),
            Texts{"x=1"});
}

TEST(AtomicTest, AChangeWithoutANotificationMayNotBeSeen) {
  EXPECT_EQ(behaviour([] {
              atomic<int> x{0, "x"};
              run_threads({[&] { x.wait(0); }, [&] { x.store(1); }});
              outcome("done", true);
            }),
            (Texts{"deadlock", "done=true"}));
}

TEST(AtomicTest, ANotificationBeforeTheChangeIsLost) {
  EXPECT_EQ(behaviour([] {
              atomic<int> x{0, "x"};
              run_threads({[&] { x.wait(0); },
                           [&] {
                             x.notify_one();
                             x.store(1);
                           }});
              outcome("done", true);
            }),
            (Texts{"deadlock", "done=true", "lost-wakeup"}));
}

TEST(AtomicTest, AFlagIsALock) {
  EXPECT_EQ(behaviour([] {
              atomic_flag flag{"flag"};
              var<int> x{0, "x"};
              const auto work = [&] {
                while (flag.test_and_set(std::memory_order_acquire))
                  flag.wait(true, std::memory_order_relaxed);
                ++x;
                flag.clear(std::memory_order_release);
                flag.notify_one();
              };
              run_threads({work, work});
              outcome("x", x.load());
            }),
            Texts{"x=2"});
}

TEST(AtomicTest, AReferenceMakesAnOrdinaryObjectAtomic) {
  EXPECT_EQ(behaviour([] {
              int x = 0;
              const auto add = [&] { atomic_ref(x).fetch_add(1); };
              run_threads({add, add});
              outcome("x", x);
            }),
            Texts{"x=2"});
  EXPECT_EQ(behaviour([] {
              int x = 0;
              const auto add = [&] {
                const atomic_ref ref(x);
                ref.store(ref.load() + 1);
              };
              run_threads({add, add});
              outcome("x", x);
            }),
            (Texts{"x=1", "x=2"}));
}

TEST(AtomicTest, FencesOrderRelaxedAccesses) {
  const auto message = [](bool release, bool acquire) {
    return [=] {
      var<int> data{0, "data"};
      atomic<bool> ready{false, "ready"};
      run_threads({[&] {
                     data = 42;
                     if (release) heddle::atomic_thread_fence(std::memory_order_release);
                     ready.store(true, std::memory_order_relaxed);
                   },
                   [&] {
                     if (!ready.load(std::memory_order_relaxed)) return;
                     if (acquire) heddle::atomic_thread_fence(std::memory_order_acquire);
                     require_eq(data.load(), 42);
                   }});
    };
  };
  EXPECT_EQ(behaviour(message(true, true)), Texts{});
  EXPECT_EQ(behaviour(message(true, false)), Texts{"data-race"});
  EXPECT_EQ(behaviour(message(false, true)), Texts{"data-race"});
}

TEST(AtomicTest, AValueThatCameBackIsToldWithTheFailureItLeadsTo) {
  const auto body = [] {
    atomic<int> head{1, "head"};
    int next = 2;
    run_threads({[&] {
                   int seen = head.load();
                   const int after = next;
                   yield();
                   if (head.compare_exchange_strong(seen, after)) require_eq(after, next);
                 },
                 [&] {
                   head.store(3);
                   next = 3;
                   head.store(1);
                 }});
  };
  const Result result = check(body, tests::everything());
  const Defect* defect = tests::defect_of(result, DefectKind::Assertion);
  ASSERT_NE(defect, nullptr) << tests::summary(result);
  EXPECT_THAT(tests::because(*defect), testing::HasSubstr("T1's compare-exchange of head at step"));
  EXPECT_THAT(tests::because(*defect), testing::HasSubstr(": ABA."));
}

TEST(AtomicTest, AWeakExchangeFailsSpuriouslyOnlyWhenAskedFor) {
  const auto body = [] {
    atomic<int> x{0, "x"};
    int expected = 0;
    outcome("exchanged", x.compare_exchange_weak(expected, 1));
  };
  EXPECT_EQ(behaviour(body), Texts{"exchanged=true"});
  Options spurious = tests::everything();
  spurious.spurious = 1;
  EXPECT_EQ(behaviour(body, spurious), (Texts{"exchanged=false", "exchanged=true"}));
}

}  // namespace
}  // namespace heddle
