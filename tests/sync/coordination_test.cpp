// tests/sync/coordination_test.cpp - latches, barriers and calls that are made once

#include "tests/sync/programs.hpp"

#include <heddle/barrier.hpp>
#include <heddle/latch.hpp>
#include <heddle/once.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::behaviour;
using tests::misuse;
using tests::run_threads;
using tests::Texts;

TEST(LatchTest, WaitsUntilAllHaveCountedDown) {
  EXPECT_EQ(behaviour([] {
              latch ready{2, "ready"};
              var<int> a{0, "a"}, b{0, "b"};
              run_threads({[&] {
                             a = 1;
                             ready.count_down();
                           },
                           [&] {
                             b = 1;
                             ready.arrive_and_wait();
                             outcome("sum", a.load() + b.load());
                           }});
            }),
            Texts{"sum=2"});
}

TEST(LatchTest, TryWaitLooksAndGoesOn) {
  EXPECT_EQ(behaviour([] {
              latch ready{1, "ready"};
              run_threads({[&] { ready.count_down(); }, [&] { outcome("ready", ready.try_wait()); }});
            }),
            (Texts{"ready=false", "ready=true"}));
}

TEST(LatchTest, WaitingForTooManyIsADeadlock) {
  EXPECT_EQ(behaviour([] {
              latch ready{2, "ready"};
              ready.arrive_and_wait();
            }),
            Texts{"deadlock"});
}

TEST(LatchTest, MisuseIsReported) {
  EXPECT_EQ(misuse([] {
              latch ready{1, "ready"};
              ready.count_down(2);
            }),
            "main counts ready down below zero");
  EXPECT_EQ(misuse([] {
              thread other;
              {
                latch ready{1, "ready"};
                other = thread([&] { ready.wait(); });
              }
              other.join();
            }),
            "main destroys ready while T1 waits for it");
}

TEST(BarrierTest, NobodyGoesOnBeforeAllHaveArrived) {
  EXPECT_EQ(behaviour([] {
              int completed = 0;
              barrier phase(
                  2, [&]() noexcept { ++completed; }, "phase");
              var<int> a{0, "a"}, b{0, "b"};
              run_threads({[&] {
                             a = 1;
                             phase.arrive_and_wait();
                             outcome("b", b.load());
                             phase.arrive_and_wait();
                           },
                           [&] {
                             b = 1;
                             phase.arrive_and_wait();
                             outcome("a", a.load());
                             phase.arrive_and_wait();
                           }});
              outcome("completed", completed);
            }),
            Texts{"a=1 b=1 completed=2"});
}

TEST(BarrierTest, TheCompletionFunctionRunsBeforeAnybodyGoesOn) {
  EXPECT_EQ(behaviour([] {
              var<int> sum{0, "sum"};
              barrier phase(
                  2, [&]() noexcept { sum = 7; }, "phase");
              const auto read = [&](const char* name) {
                return [&, name] {
                  phase.arrive_and_wait();
                  outcome(name, sum.load());
                };
              };
              run_threads({read("a"), read("b")});
            }),
            Texts{"a=7 b=7"});
}

TEST(BarrierTest, WhoDropsIsNotWaitedFor) {
  EXPECT_EQ(behaviour([] {
              barrier<> phase(2, {}, "phase");
              run_threads({[&] {
                             phase.arrive_and_wait();
                             phase.arrive_and_wait();
                           },
                           [&] { phase.arrive_and_drop(); }});
              outcome("done", true);
            }),
            Texts{"done=true"});
}

TEST(BarrierTest, AWaitMayComeLaterThanTheArrival) {
  EXPECT_EQ(behaviour([] {
              barrier<> phase(2, {}, "phase");
              run_threads({[&] {
                             auto token = phase.arrive();
                             phase.wait(std::move(token));
                           },
                           [&] { (void)phase.arrive(); }});
              outcome("done", true);
            }),
            Texts{"done=true"});
}

TEST(BarrierTest, OneArrivalTooManyIsMisuse) {
  EXPECT_EQ(misuse([] {
              barrier<> phase(0, {}, "phase");
              (void)phase.arrive();
            }),
            "main arrives at phase when nobody is expected any more in this phase");
}

TEST(OnceTest, IsCalledByOneAndWaitedForByTheOthers) {
  EXPECT_EQ(behaviour([] {
              once_flag flag{"flag"};
              var<int> value{0, "value"};
              int calls = 0;
              const auto use = [&] {
                call_once(flag, [&] {
                  ++calls;
                  value = 42;
                });
                require_eq(value.load(), 42);
              };
              run_threads({use, use});
              outcome("calls", calls);
            }),
            Texts{"calls=1"});
}

TEST(OnceTest, ACallThatThrowsDoesNotCount) {
  EXPECT_EQ(behaviour([] {
              once_flag flag{"flag"};
              int calls = 0;
              const auto use = [&] {
                try {
                  call_once(flag, [&] {
                    if (++calls == 1) throw std::runtime_error("not yet");
                  });
                } catch (const std::runtime_error&) {
                }
              };
              run_threads({use, use});
              outcome("calls", calls);
            }),
            Texts{"calls=2"});
}

TEST(OnceTest, CallingItFromWithinIsMisuse) {
  EXPECT_EQ(misuse([] {
              once_flag flag{"flag"};
              call_once(flag, [&] { call_once(flag, [] {}); });
            }),
            "main calls once again, within the call, what flag stands for");
}

}  // namespace
}  // namespace heddle
