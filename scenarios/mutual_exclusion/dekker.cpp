// scenarios/mutual_exclusion/dekker.cpp - two flags and a turn, the first solution there was

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <array>

namespace {

class Lock {
 public:
  // Of what is seq_cst here there is one order, so that the last to raise its flag sees the other's. The turn
  // only decides who waits: it hands over nothing.
  void lock(int me) {
    const int other = 1 - me;
    wants_[me].store(true, std::memory_order_seq_cst);
    while (wants_[other].load(std::memory_order_seq_cst)) {
      if (turn_.load(std::memory_order_relaxed) == me) continue;
      wants_[me].store(false, std::memory_order_release);
      while (turn_.load(std::memory_order_relaxed) != me) {
      }
      wants_[me].store(true, std::memory_order_seq_cst);
    }
  }
  void unlock(int me) {
    turn_.store(1 - me, std::memory_order_relaxed);
    wants_[me].store(false, std::memory_order_release);
  }

 private:
  std::array<heddle::atomic<bool>, 2> wants_{heddle::atomic<bool>{false, "wants0"},
                                             heddle::atomic<bool>{false, "wants1"}};
  heddle::atomic<int> turn_{0, "turn"};
};

void dekker(const heddle::Parameters&) {
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
    .name = "mutual_exclusion/dekker",
    .lesson = "two flags and a turn, the first solution there was",
    .story =
        "Each thread raises its flag; when both have, the one whose turn it is not takes its own back and waits. "
        "Th. J. Dekker's, as told in Dijkstra, Cooperating sequential processes, 1965.",
    .tags = {"mutual-exclusion"},
    .expects = std::nullopt,
    .pair = "mutual_exclusion/dekker_release_acquire",
    .body = dekker,
}};

}  // namespace
