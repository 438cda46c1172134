// A reader that looks at the version again after it has read, with acquire. That seems to be the careful way,
// and does nothing: an acquire keeps what follows it from moving up, and here it is what comes before, the
// two reads, that must not move down. So the version may be looked at for the second time before the data is
// read, and half a new point passes for a whole one. The repaired twin has an acquire fence between the two
// (Boehm, Can seqlocks get along with programming language memory models?, MSPC'12). The hardware of x86
// keeps loads in order and hides it.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <utility>

namespace {

using heddle::memory_order_acquire;
using heddle::memory_order_relaxed;
using heddle::memory_order_release;

class Point {
 public:
  void move_to(int x, int y) {
    version_.fetch_add(1, memory_order_relaxed);
    heddle::atomic_thread_fence(memory_order_release);
    x_.store(x, memory_order_relaxed);
    y_.store(y, memory_order_relaxed);
    version_.fetch_add(1, memory_order_release);
  }
  std::pair<int, int> where() const {
    unsigned before = 0;
    std::pair<int, int> point;
    do {
      while (((before = version_.load(memory_order_acquire)) & 1u) != 0) {
      }
      point = {x_.load(memory_order_relaxed), y_.load(memory_order_relaxed)};
    } while (version_.load(memory_order_acquire) != before);
    return point;
  }

 private:
  heddle::atomic<unsigned> version_{0, "version"};
  heddle::atomic<int> x_{0, "x"};
  heddle::atomic<int> y_{0, "y"};
};

void seqlock_relaxed(const heddle::Parameters&) {
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
    .name = "structures/seqlock_relaxed",
    .lesson = "an acquire load does not keep back the loads before it",
    .story =
        "The reader looks at the version, reads, and looks at the version again, with acquire both times. "
        "The second look may come before what it is to confirm: the reader gets half an update.",
    .tags = {"lock-free"},
    .expects = {},
    .expects_under = {{heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "structures/seqlock",
    .body = seqlock_relaxed,
}};

}  // namespace
