// tests/sync/wide_atomic_test.cpp - atomics of values that do not fit a word.

#include "checker/machine/wide_values.hpp"
#include "tests/sync/programs.hpp"

#include <heddle/atomic.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <cstdint>
#include <string>

namespace heddle {
namespace {

using tests::behaviour;
using tests::run_threads;
using tests::Texts;

struct Tagged {
  int* pointer = nullptr;
  std::uint64_t tag = 0;
};

TEST(WideAtomicTest, ATaggedPointerIsComparedAsAWhole) {
  const auto body = [] {
    int node = 0;
    atomic<Tagged> head{Tagged{&node, 1}, "head"};
    run_threads({[&] {
                   Tagged seen = head.load();
                   const bool same = head.compare_exchange_strong(seen, Tagged{nullptr, seen.tag + 1});
                   outcome("same", same);
                 },
                 [&] {
                   head.store({nullptr, 2});
                   head.store({&node, 3});  // the pointer came back, with another tag
                 }});
    outcome("tag", head.load().tag);
  };
  EXPECT_EQ(behaviour(body), (Texts{"same=false tag=3", "same=true tag=3", "same=true tag=4"}));
}

TEST(WideAtomicTest, AWaitEndsWhenAnyPartChanges) {
  EXPECT_EQ(behaviour([] {
              atomic<Tagged> x{Tagged{}, "x"};
              run_threads({[&] { x.wait(Tagged{}); },
                           [&] {
                             x.store({nullptr, 1});
                             x.notify_one();
                           }});
              outcome("tag", x.load().tag);
            }),
            Texts{"tag=1"});
}

TEST(WideAtomicTest, HoldsTheNumberOfAThread) {
  EXPECT_EQ(behaviour([] {
              atomic<thread::id> owner;
              run_threads({[&] { owner = this_thread::get_id(); }});
              outcome("mine", owner.load() == this_thread::get_id());
            }),
            Texts{"mine=false"});
}

TEST(WideAtomicTest, StaleValuesAreReadWhole) {
  const auto body = [] {
    atomic<Tagged> x{Tagged{nullptr, 1}, "x"};
    atomic<bool> ready{false, "ready"};
    run_threads({[&] {
                   x.store({nullptr, 2}, std::memory_order_relaxed);
                   ready.store(true, std::memory_order_relaxed);
                 },
                 [&] {
                   if (ready.load(std::memory_order_relaxed))
                     outcome("tag", x.load(std::memory_order_relaxed).tag);
                 }});
  };
  Options options = tests::everything();
  EXPECT_EQ(tests::outcomes_of(check(body, options)), Texts{"tag=2"});
  options.model = MemoryModel::Rc11;
  EXPECT_EQ(tests::outcomes_of(check(body, options)), (Texts{"tag=1", "tag=2"}));
}

TEST(WideAtomicTest, OneDeclaredOutsideStartsEveryExecutionAnew) {
  atomic<Tagged> x{Tagged{nullptr, 7}, "x"};
  EXPECT_EQ(behaviour([&] {
              outcome("tag", x.load().tag);
              run_threads({[&] { x = Tagged{nullptr, 8}; }, [&] { x = Tagged{nullptr, 9}; }});
            }),
            Texts{"tag=7"});
  EXPECT_EQ(x.load().tag, 7u);
}

#if defined(__has_builtin) && __has_builtin(__builtin_clear_padding)
struct Padded {
  char small;
  std::uint64_t large;
};
struct Short {
  char small;
  int large;
};

template <class T>
T with_padding(unsigned char fill) {
  T value;
  std::memset(static_cast<void*>(&value), fill, sizeof value);
  value.small = 1;
  value.large = 2;
  return value;
}

TEST(WideAtomicTest, PaddingIsNoPartOfAValue) {
  EXPECT_EQ(behaviour([] {
              atomic<Padded> x{with_padding<Padded>(0xff)};
              Padded expected = with_padding<Padded>(0);
              require(x.compare_exchange_strong(expected, expected));
              atomic<Short> y{with_padding<Short>(0xff)};
              Short same = with_padding<Short>(0);
              require(y.compare_exchange_strong(same, same));
            }),
            Texts{});
}
#endif

TEST(WideValuesTest, TheWordIsTheSameWhoeverIsFirst) {
  checker::WideValues some;
  checker::WideValues others;
  const std::string a(16, 'a');
  const std::string b(16, 'b');
  const auto word = some.word_of(a);
  ASSERT_TRUE(word.has_value());
  EXPECT_NE(some.word_of(b), word);
  others.word_of(b);
  EXPECT_EQ(others.word_of(a), word);
  EXPECT_EQ(some.bytes_of(*word), a);
  EXPECT_EQ(some.bytes_of(0), "");
}

}  // namespace
}  // namespace heddle
