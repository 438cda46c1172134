// tests/sync/linearizable_test.cpp - concurrent objects against their specification

#include "tests/sync/programs.hpp"

#include <heddle/atomic.hpp>
#include <heddle/linearizable.hpp>
#include <heddle/mutex.hpp>
#include <optional>
#include <vector>

namespace heddle {
namespace {

using tests::behaviour;
using tests::run_threads;
using tests::Texts;

struct Register {
  int value = 0;
  void write(int to) { value = to; }
  int read() { return value; }
  bool operator==(const Register&) const = default;
};

struct AtomicRegister {
  atomic<int> value{0, "value"};
  void write(int to) { value.store(to); }
  int read() { return value.load(); }
};

// A reader may see the new value first and the old one later.
struct CachedRegister {
  atomic<int> first{0, "first"}, second{0, "second"};
  atomic<int> turn{0, "turn"};
  void write(int to) {
    first.store(to);
    second.store(to);
  }
  int read() { return turn.fetch_add(1) == 0 ? first.load() : second.load(); }
};

template <class Object>
tests::Body two_reads_and_a_write() {
  return [] {
    Object object;
    linearizable checked(Register(), object, "register");
    run_threads({[&] { checked.call("write(1)", [](auto& r) { r.write(1); }); },
                 [&] {
                   checked.call("read()", [](auto& r) { return r.read(); });
                   checked.call("read()", [](auto& r) { return r.read(); });
                 }});
    checked.require();
  };
}

TEST(LinearizableTest, AnAtomicRegisterIs) {
  EXPECT_EQ(behaviour(two_reads_and_a_write<AtomicRegister>()), Texts{});
}

TEST(LinearizableTest, ARegisterThatForgetsIsNotAndTheHistoryIsDrawn) {
  const Result result = check(two_reads_and_a_write<CachedRegister>(), tests::everything());
  const Defect* defect = tests::defect_of(result, DefectKind::Assertion);
  ASSERT_NE(defect, nullptr) << tests::summary(result);
  EXPECT_THAT(defect->message, testing::HasSubstr("the history is not linearizable:"));
  EXPECT_THAT(defect->message, testing::HasSubstr("\n  T2    |-|        read() = 1"));
}

TEST(LinearizableTest, ACallThatReturnedBeforeAnotherBeganComesFirst) {
  // Sequentially consistent but not linearizable: the second reader comes after the first one's answer.
  EXPECT_EQ(behaviour([] {
              struct Stale {
                int reads = 0;
                void write(int) {}
                int read() { return ++reads == 1 ? 1 : 0; }
              } object;
              linearizable checked(Register(), object, "register");
              checked.call("write(1)", [](auto& r) { r.write(1); });
              checked.call("read()", [](auto& r) { return r.read(); });
              checked.call("read()", [](auto& r) { return r.read(); });
              outcome("linearizable", checked.check());
            }),
            Texts{"linearizable=false"});
}

TEST(LinearizableTest, OutsideTheCheckerTheCallsAreMade) {
  Register object;
  linearizable checked(Register(), object);
  checked.call("write(1)", [](auto& r) { r.write(1); });
  EXPECT_EQ(checked.call("read()", [](auto& r) { return r.read(); }), 1);
  checked.require();
}

}  // namespace
}  // namespace heddle
