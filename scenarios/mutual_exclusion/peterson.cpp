// scenarios/mutual_exclusion/peterson.cpp - two flags and a turn keep two threads apart

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <array>

namespace {

class Lock {
 public:
  // Of what is seq_cst here there is one order, so that the last to give the turn away sees the other's wish.
  void lock(int me) {
    const int other = 1 - me;
    wants_[me].store(true, std::memory_order_seq_cst);
    turn_.store(other, std::memory_order_seq_cst);
    while (wants_[other].load(std::memory_order_seq_cst) && turn_.load(std::memory_order_acquire) == other) {
    }
  }
  void unlock(int me) { wants_[me].store(false, std::memory_order_release); }

 private:
  std::array<heddle::atomic<bool>, 2> wants_{heddle::atomic<bool>{false, "wants0"},
                                             heddle::atomic<bool>{false, "wants1"}};
  heddle::atomic<int> turn_{0, "turn"};
};

void peterson(const heddle::Parameters&) {
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
    .name = "mutual_exclusion/peterson",
    .lesson = "two flags and a turn keep two threads apart",
    .story =
        "Each thread says that it wants to go in and lets the other go first; it waits while the other wants to "
        "as well and has the turn. Peterson, Myths about the mutual exclusion problem, 1981.",
    .tags = {"mutual-exclusion"},
    .expects = std::nullopt,
    .pair = "mutual_exclusion/peterson_release_acquire",
    .body = peterson,
}};

}  // namespace
