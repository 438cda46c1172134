// tests/sync/thread_test.cpp - threads that stop, sleep and have names

#include "tests/sync/programs.hpp"

#include <heddle/thread.hpp>
#include <heddle/thread_local.hpp>
#include <heddle/var.hpp>

#include <sstream>

namespace heddle {
namespace {

using tests::behaviour;
using tests::classes;
using tests::misuse;
using tests::run_threads;
using tests::Texts;
using namespace std::chrono_literals;

TEST(JthreadTest, IsAskedToStopAndJoined) {
  EXPECT_EQ(behaviour([] {
              bool stopped = false;
              {
                const jthread worker([&](stop_token stop) {
                  while (!stop.stop_requested()) yield();
                  stopped = true;
                });
              }
              outcome("stopped", stopped);
            }),
            Texts{"stopped=true"});
}

TEST(StopTokenTest, ACallbackRunsOnceOrNotAtAll) {
  EXPECT_EQ(behaviour([] {
              stop_source source;
              int calls = 0;
              thread other([&] { const stop_callback count(source.get_token(), [&] { ++calls; }); });
              require(source.request_stop());
              require(!source.request_stop());
              other.join();
              outcome("calls", calls);
            }),
            (Texts{"calls=0", "calls=1"}));
}

TEST(StopTokenTest, ACallbacksDestructorWaitsForItToEnd) {
  EXPECT_EQ(behaviour([] {
              stop_source source;
              var<int> state{0, "state"};
              thread other([&] {
                {
                  const stop_callback set(source.get_token(), [&] {
                    state = 1;
                    state = 2;
                  });
                }
                require(state.load() != 1);
              });
              source.request_stop();
              other.join();
              outcome("state", state.load());
            }),
            (Texts{"state=0", "state=2"}));
}

TEST(ThreadTest, HasAnIdentity) {
  EXPECT_EQ(behaviour([] {
              thread::id seen;
              thread other([&] { seen = this_thread::get_id(); });
              const thread::id known = other.get_id();
              other.join();
              std::ostringstream text;
              text << known;
              outcome("text", text.str());
              outcome("same",
                      seen == known && seen != this_thread::get_id() && other.get_id() == thread::id());
            }),
            Texts{"same=true text=1"});
}

TEST(ThreadTest, ADetachedThreadRunsToItsEnd) {
  EXPECT_EQ(classes([] {
              static constexpr auto nothing = [] {};
              (void)nothing;
              thread([] { heddle::yield(); }).detach();
            }),
            1u);
}

TEST(ThreadTest, SleepingTakesNoTimeAndMovesTheClockOn) {
  EXPECT_EQ(behaviour([] {
              const auto start = heddle::steady_clock::now();
              this_thread::sleep_for(10min);
              this_thread::sleep_until(start + 1h);
              outcome("minutes",
                      std::chrono::floor<std::chrono::minutes>(heddle::steady_clock::now() - start).count());
            }),
            Texts{"minutes=60"});
}

TEST(ThreadTest, AThreadThatJoinsInADestructorIsUnwound) {
  EXPECT_EQ(behaviour([] {
              mutex guard{"guard"};
              guard.lock();
              const jthread stuck([&] { guard.lock(); });
            }),
            Texts{"deadlock"});
}

TEST(ThreadTest, TheSystemsClockIsVirtualToo) {
  EXPECT_EQ(behaviour([] {
              const auto start = heddle::system_clock::now();
              this_thread::sleep_until(start + 1h);
              outcome("minutes",
                      std::chrono::floor<std::chrono::minutes>(heddle::system_clock::now() - start).count());
              outcome("seconds", heddle::system_clock::to_time_t(heddle::system_clock::now()));
            }),
            Texts{"minutes=60 seconds=3600"});
}

TEST(ThreadTest, JoiningOneselfIsMisuse) {
  EXPECT_EQ(misuse([] {
              atomic<bool> known{false, "known"};
              atomic<bool> over{false, "over"};
              thread self;
              self = thread([&] {
                while (!known.load()) {
                }
                self.join();
              });
              known.store(true);
              while (!over.load()) {
              }
            }),
            "T1 joins itself");
}

TEST(ThreadLocalTest, EachThreadHasItsOwn) {
  EXPECT_EQ(behaviour([] {
              thread_local_var<int> depth{5};
              const auto count = [&](const char* name) {
                return [&, name] {
                  ++*depth;
                  yield();
                  outcome(name, ++*depth);
                };
              };
              run_threads({count("a"), count("b")});
              outcome("main", *depth);
            }),
            Texts{"a=7 b=7 main=5"});
}

}  // namespace
}  // namespace heddle
