// tests/sync/once_test.cpp - under every model: a call that throws is left to the next one

#include "tests/sync/every_search.hpp"

#include <heddle/mutex.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::run_threads;
using tests::Texts;

class OnceTest : public tests::UnderEverySearch {};

// [thread.once.callonce]/3: the exceptional call, too, synchronises with the one that follows.
TEST_P(OnceTest, AnExceptionLetsTheNextOneIn) {
  EXPECT_EQ(outcomes([] {
              once_flag flag{"flag"};
              var<int> attempts{0, "attempts"};
              const auto work = [&](const char* name) {
                return [&, name] {
                  try {
                    call_once(flag, [&] {
                      ++attempts;
                      if (attempts.load() == 1) throw 1;
                    });
                    require_eq(attempts.load(), 2);
                    outcome(name, "goes on");
                  } catch (int) {
                    outcome(name, "threw");
                  }
                };
              };
              thread one(work("one"));
              thread two(work("two"));
              one.join();
              two.join();
            }),
            (Texts{"one=threw two=goes on", "one=goes on two=threw"}));
}

TEST_P(OnceTest, IfEachCallThrowsEachIsMade) {
  EXPECT_EQ(outcomes([] {
              once_flag flag{"flag"};
              var<int> attempts{0, "attempts"};
              const auto work = [&] {
                try {
                  call_once(flag, [&] {
                    ++attempts;
                    throw 1;
                  });
                } catch (int) {
                }
              };
              run_threads({work, work, work});
              outcome("attempts", attempts.load());
            }),
            Texts{"attempts=3"});
}

TEST_P(OnceTest, ACallThatWaitsForEverIsUnwound) {
  EXPECT_EQ(outcomes([] {
              once_flag flag{"flag"};
              mutex guard{"guard"};
              guard.lock();
              run_threads({[&] { call_once(flag, [&] { guard.lock(); }); }, [&] { call_once(flag, [] {}); }});
              guard.unlock();
            }),
            Texts{"deadlock"});
}

INSTANTIATE_TEST_SUITE_P(Searches, OnceTest, tests::every_search(), tests::name_of);

}  // namespace
}  // namespace heddle
