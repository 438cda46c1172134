// tests/sync/semaphore_test.cpp - counting semaphores

#include "tests/sync/programs.hpp"

#include <heddle/semaphore.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::behaviour;
using tests::misuse;
using tests::run_threads;
using tests::Texts;
using namespace std::chrono_literals;

TEST(SemaphoreTest, LetsAsManyInAsItCounts) {
  EXPECT_EQ(behaviour([] {
              counting_semaphore<2> slots{2, "slots"};
              atomic<int> inside{0, "inside"};
              const auto enter = [&] {
                slots.acquire();
                require(inside.fetch_add(1) < 2);
                inside.fetch_sub(1);
                slots.release();
              };
              run_threads({enter, enter, enter});
              outcome("done", true);
            }),
            Texts{"done=true"});
}

TEST(SemaphoreTest, OneReleaseLetsAnyOneOfTheWaitingGoOn) {
  EXPECT_EQ(behaviour([] {
              binary_semaphore go{0, "go"};
              run_threads({[&] { go.acquire(); }, [&] { go.acquire(); }, [&] { go.release(); }});
            }),
            Texts{"deadlock"});
}

TEST(SemaphoreTest, ReleaseOrdersWhatComesBeforeIt) {
  EXPECT_EQ(behaviour([] {
              binary_semaphore go{0, "go"};
              var<int> x{0, "x"};
              run_threads({[&] {
                             x = 1;
                             go.release();
                           },
                           [&] {
                             go.acquire();
                             outcome("x", x.load());
                           }});
            }),
            Texts{"x=1"});
}

TEST(SemaphoreTest, ATryFailsExactlyWhenItIsAtZero) {
  EXPECT_EQ(behaviour([] {
              counting_semaphore<3> slots{0, "slots"};
              run_threads({[&] { slots.release(2); },
                           [&] {
                             const bool first = slots.try_acquire();
                             const bool second = slots.try_acquire_for(1s);
                             outcome("first", first);
                             outcome("second", second);
                           }});
            }),
            (Texts{"first=false second=false", "first=false second=true", "first=true second=true"}));
}

TEST(SemaphoreTest, ReleasingBeyondTheMaximumIsMisuse) {
  EXPECT_EQ(misuse([] {
              binary_semaphore go{1, "go"};
              go.release();
            }),
            "main releases go beyond its maximum");
}

}  // namespace
}  // namespace heddle
