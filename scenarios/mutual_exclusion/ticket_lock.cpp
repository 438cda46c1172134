// scenarios/mutual_exclusion/ticket_lock.cpp - a number for each, and they are served in order

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

class Lock {
 public:
  void lock(int) {
    const int mine = next_.fetch_add(1, std::memory_order_relaxed);
    while (serving_.load(std::memory_order_acquire) != mine) {
    }
  }
  void unlock(int) {
    serving_.store(serving_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

 private:
  heddle::atomic<int> next_{0, "next"};
  heddle::atomic<int> serving_{0, "serving"};
};

void ticket_lock(const heddle::Parameters&) {
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
    .name = "mutual_exclusion/ticket_lock",
    .lesson = "a number for each, and they are served in order",
    .story =
        "Each thread draws a number and waits until it is called: a fair lock. Mellor-Crummey and Scott, "
        "TOCS 1991.",
    .tags = {"mutual-exclusion"},
    .expects = std::nullopt,
    .pair = "mutual_exclusion/ticket_lock_relaxed",
    .body = ticket_lock,
}};

}  // namespace
