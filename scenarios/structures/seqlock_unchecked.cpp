// scenarios/structures/seqlock_unchecked.cpp - what was read in two pieces may be half old and half new

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <utility>

namespace {

class Point {
 public:
  void move_to(int x, int y) {
    version_.fetch_add(1);
    x_.store(x);
    y_.store(y);
    version_.fetch_add(1);
  }
  std::pair<int, int> where() const {
    while ((version_.load() & 1u) != 0) {
    }
    const std::pair<int, int> point{x_.load(), y_.load()};
    return point;
  }

 private:
  heddle::atomic<unsigned> version_{0, "version"};
  heddle::atomic<int> x_{0, "x"};
  heddle::atomic<int> y_{0, "y"};
};

void seqlock_unchecked(const heddle::Parameters&) {
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
    .name = "structures/seqlock_unchecked",
    .lesson = "what was read in two pieces may be half old and half new",
    .story =
        "The reader looks at the counter before it reads but not after: the writer comes in between the two halves.",
    .tags = {"lock-free"},
    .expects = heddle::DefectKind::Assertion,
    .pair = "structures/seqlock",
    .body = seqlock_unchecked,
}};

}  // namespace
