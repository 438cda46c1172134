// scenarios/structures/seqlock.cpp - read, and look whether anybody wrote meanwhile

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <utility>

namespace {

class Point {
 public:
  // The fences see to it that whoever reads anything new finds the version odd, or newer, when it looks
  // again.
  void move_to(int x, int y) {
    version_.fetch_add(1, std::memory_order_relaxed);
    heddle::atomic_thread_fence(std::memory_order_release);
    x_.store(x, std::memory_order_relaxed);
    y_.store(y, std::memory_order_relaxed);
    version_.fetch_add(1, std::memory_order_release);
  }
  std::pair<int, int> where() const {
    unsigned before = 0;
    std::pair<int, int> point;
    do {
      while (((before = version_.load(std::memory_order_acquire)) & 1u) != 0) {
      }
      point = {x_.load(std::memory_order_relaxed), y_.load(std::memory_order_relaxed)};
      heddle::atomic_thread_fence(std::memory_order_acquire);
    } while (version_.load(std::memory_order_relaxed) != before);
    return point;
  }

 private:
  heddle::atomic<unsigned> version_{0, "version"};
  heddle::atomic<int> x_{0, "x"};
  heddle::atomic<int> y_{0, "y"};
};

void seqlock(const heddle::Parameters&) {
  Point point;
  heddle::thread writer([&] { point.move_to(1, 1); });
  heddle::thread reader([&] {
    const auto [x, y] = point.where();
    heddle::require_eq(x, y);
  });
  writer.join();
  reader.join();
}

const heddle::Registered registered{{
    .name = "structures/seqlock",
    .lesson = "read, and look whether anybody wrote meanwhile",
    .story =
        "The writer makes a counter odd while it writes. A reader that finds it odd, or changed after reading, "
        "reads again: it never waits for a lock and never sees half an update.",
    .tags = {"lock-free"},
    .expects = std::nullopt,
    .pair = "structures/seqlock_unchecked",
    .body = seqlock,
}};

}  // namespace
