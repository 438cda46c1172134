// tests/sync/atomic_members_test.cpp - what std::atomic's members and functions do, heddle's do.

#include "tests/sync/programs.hpp"

#include <heddle/atomic.hpp>

#include <type_traits>

namespace heddle {
namespace {

using tests::behaviour;
using tests::run_threads;
using tests::Texts;

static_assert(!std::is_copy_constructible_v<atomic<int>> && !std::is_copy_assignable_v<atomic<int>>);
static_assert(!std::is_copy_constructible_v<atomic_flag>);
static_assert(std::is_convertible_v<int, atomic<int>> && std::is_convertible_v<atomic<int>&, int>);
static_assert(atomic_ref<int>::required_alignment == alignof(int) && atomic_ref<int>::is_always_lock_free);

// Inside and outside an exploration.
void expect_everywhere(const tests::Body& body) {
  body();
  EXPECT_EQ(behaviour(body), Texts{});
}

TEST(AtomicMembersTest, InitialisationIsImplicit) {
  expect_everywhere([] {
    struct Shared {
      atomic<int> count = 3;
      atomic<bool> ready = false;
      atomic<int*> at = nullptr;
    } shared;
    atomic<int> row[2] = {1, 2};
    atomic<int> zeroes[2] = {};
    atomic_flag flag = ATOMIC_FLAG_INIT;
    require(shared.count == 3 && !shared.ready && shared.at == nullptr);
    require(row[1] == 2 && zeroes[1] == 0 && !flag.test());
  });
}

TEST(AtomicMembersTest, CompoundAssignmentGivesTheNewValue) {
  expect_everywhere([] {
    atomic<unsigned> bits = 0b0110u;
    require_eq(bits |= 0b0001u, 0b0111u);
    require_eq(bits &= 0b0011u, 0b0011u);
    require_eq(bits ^= 0b0110u, 0b0101u);
    require_eq(bits += 2, 7u);
    require_eq(bits -= 3, 4u);
  });
}

TEST(AtomicMembersTest, ACompoundAssignmentIsOneStep) {
  EXPECT_EQ(behaviour([] {
              atomic<unsigned> bits{0, "bits"};
              run_threads({[&] { bits |= 1u; }, [&] { bits |= 2u; }});
              outcome("bits", bits.load());
            }),
            Texts{"bits=3"});
}

TEST(AtomicMembersTest, AVolatileObjectIsLikeAnyOther) {
  expect_everywhere([] {
    volatile atomic<int> x = 1;
    volatile atomic_flag flag;
    x = 2;
    ++x;
    x += 2;
    int expected = 5;
    require(x.compare_exchange_strong(expected, 6));
    require_eq(x.exchange(7), 6);
    require(x == 7 && x.is_lock_free() && !flag.test_and_set() && atomic_load(&x) == 7);
  });
}

TEST(AtomicMembersTest, FunctionsAreTheMembers) {
  expect_everywhere([] {
    atomic_int x;
    atomic_init(&x, 1);
    atomic_store(&x, 2);
    atomic_store_explicit(&x, 3, memory_order_release);
    require_eq(atomic_load_explicit(&x, memory_order_acquire), 3);
    require_eq(atomic_exchange(&x, 4), 3);
    int expected = 3;
    require(!atomic_compare_exchange_strong(&x, &expected, 5));
    require(
        atomic_compare_exchange_weak_explicit(&x, &expected, 5, memory_order_acq_rel, memory_order_relaxed));
    require_eq(atomic_fetch_add(&x, 1), 5);
    require_eq(atomic_fetch_sub_explicit(&x, 2, memory_order_relaxed), 6);
    require_eq(atomic_fetch_or(&x, 3), 4);
    require_eq(atomic_fetch_and(&x, 6), 7);
    require_eq(atomic_fetch_xor(&x, 1), 6);
    require(atomic_is_lock_free(&x));
    atomic_wait(&x, 0);
    atomic_notify_all(&x);
    atomic_flag flag;
    require(!atomic_flag_test_and_set(&flag) && atomic_flag_test(&flag));
    atomic_flag_clear_explicit(&flag, memory_order_release);
    atomic_signal_fence(memory_order_seq_cst);
  });
}

TEST(AtomicMembersTest, AReferenceHasTheMembersOfAnAtomic) {
  expect_everywhere([] {
    int x = 6;
    {
      const atomic_ref ref(x);
      require_eq(ref.fetch_sub(2), 6);
      require_eq(ref.fetch_or(3), 4);
      require_eq(ref.fetch_and(6), 7);
      require_eq(ref.fetch_xor(1), 6);
      require_eq(ref += 3, 10);
      require_eq(ref |= 1, 11);
      require_eq(ref--, 11);
      require_eq(++ref, 11);
      int expected = 0;
      require(!ref.compare_exchange_weak(expected, 1, memory_order_acq_rel, memory_order_relaxed));
      require(ref.compare_exchange_weak(expected, 1) && ref == 1 && ref.is_lock_free());
      ref = 2;
      ref.wait(1);
      ref.notify_one();
    }
    require_eq(x, 2);
  });
}

TEST(AtomicMembersTest, AReferenceIsWaitedFor) {
  EXPECT_EQ(behaviour([] {
              int x = 0;
              run_threads({[&] { atomic_ref(x).wait(0); },
                           [&] {
                             const atomic_ref ref(x);
                             ref = 1;
                             ref.notify_one();
                           }});
              outcome("x", x);
            }),
            Texts{"x=1"});
}

TEST(AtomicMembersTest, ARequirementMayHaveAMessage) {
  const Result result = check([] { require(atomic<bool>(false), "is never set"); }, tests::everything());
  const Defect* defect = tests::defect_of(result, DefectKind::Assertion);
  ASSERT_NE(defect, nullptr) << tests::summary(result);
  EXPECT_THAT(defect->message, testing::HasSubstr("is never set"));
}

}  // namespace
}  // namespace heddle
