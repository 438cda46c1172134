// scenarios/mutual_exclusion/spin_test_and_set.cpp - an atomic exchange makes a lock

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

class Lock {
 public:
  void lock(int) {
    while (taken_.exchange(true, std::memory_order_acquire)) {
    }
  }
  void unlock(int) { taken_.store(false, std::memory_order_release); }

 private:
  heddle::atomic<bool> taken_{false, "taken"};
};

void spin_test_and_set(const heddle::Parameters&) {
  Lock lock;
  heddle::var<int> inside{0, "inside"};
  heddle::var<int> count{0, "count"};

  const auto work = [&](int me) {
    lock.lock(me);
    ++inside;
    heddle::require_eq(inside.load(), 1);
    ++count;
    --inside;
    lock.unlock(me);
  };
  heddle::thread first(work, 0);
  heddle::thread second(work, 1);
  first.join();
  second.join();
  heddle::require_eq(count.load(), 2);
}

const heddle::Registered registered{{
    .name = "mutual_exclusion/spin_test_and_set",
    .lesson = "an atomic exchange makes a lock",
    .story =
        "A flag that is exchanged for true: who gets false back has the lock, everybody else tries again.",
    .tags = {"mutual-exclusion"},
    .expects = std::nullopt,
    .pair = "mutual_exclusion/spin_test_and_set_relaxed",
    .body = spin_test_and_set,
}};

}  // namespace
