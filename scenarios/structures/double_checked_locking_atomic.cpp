// scenarios/structures/double_checked_locking_atomic.cpp - publish through an atomic what others look at
// without the lock

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

void double_checked_locking_atomic(const heddle::Parameters&) {
  heddle::mutex guard{"guard"};
  heddle::atomic<int> made{0, "made"};
  heddle::var<int> settings{0, "settings"};

  const auto use = [&] {
    if (made.load(std::memory_order_acquire) == 0) {
      const heddle::lock_guard hold(guard);
      if (made.load(std::memory_order_relaxed) == 0) {
        settings = 42;
        made.store(1, std::memory_order_release);
      }
    }
    heddle::require_eq(settings.load(), 42);
  };
  heddle::thread first(use);
  heddle::thread second(use);
  first.join();
  second.join();
}

const heddle::Registered registered{{
    .name = "structures/double_checked_locking_atomic",
    .lesson = "publish through an atomic what others look at without the lock",
    .story =
        "The first look is an acquire, the publication a release: whoever sees that it was made sees what was made.",
    .tags = {"visibility"},
    .expects = std::nullopt,
    .pair = "structures/double_checked_locking",
    .body = double_checked_locking_atomic,
}};

}  // namespace
