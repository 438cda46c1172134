// Dekker's lock with release and acquire where it has seq_cst. A thread raises its flag and looks whether the
// other's is up; nothing keeps that look behind the raising. When both stores wait in their buffers, each
// thread finds the other's flag down and goes in without ever asking whose turn it is. The turn, which is all
// the cleverness of the algorithm, does not help: it decides only once the flags have been seen.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <array>

namespace {

using heddle::memory_order_acquire;
using heddle::memory_order_relaxed;
using heddle::memory_order_release;

class Lock {
 public:
  void lock(int me) {
    const int other = 1 - me;
    wants_[me].store(true, memory_order_release);
    while (wants_[other].load(memory_order_acquire)) {
      if (turn_.load(memory_order_relaxed) == me) continue;
      wants_[me].store(false, memory_order_release);
      while (turn_.load(memory_order_relaxed) != me) {
      }
      wants_[me].store(true, memory_order_release);
    }
  }
  void unlock(int me) {
    turn_.store(1 - me, memory_order_relaxed);
    wants_[me].store(false, memory_order_release);
  }

 private:
  std::array<heddle::atomic<bool>, 2> wants_{heddle::atomic<bool>{false, "wants0"},
                                             heddle::atomic<bool>{false, "wants1"}};
  heddle::atomic<int> turn_{0, "turn"};
};

void dekker_release_acquire(const heddle::Parameters&) {
  Lock lock;
  // Read and written in one, so that it is exact without the lock: who finds somebody inside is not alone.
  heddle::atomic<int> inside{0, "inside"};

  const auto work = [&](int me) {
    lock.lock(me);
    heddle::require_eq(inside.fetch_add(1, memory_order_relaxed), 0);
    inside.fetch_sub(1, memory_order_relaxed);
    lock.unlock(me);
  };
  heddle::thread first(work, 0);
  heddle::thread second(work, 1);
  first.join();
  second.join();
}

const heddle::Registered registered{{
    .name = "mutual_exclusion/dekker_release_acquire",
    .lesson = "a flag that is released may still be on its way when its thread looks for the other's",
    .story =
        "Each thread raises its flag and looks for that of the other. The look may overtake the raising: "
        "both find the other's flag down, and the two are inside together. On x86 as well.",
    .tags = {"mutual-exclusion"},
    .expects = {},
    .expects_under = {{heddle::MemoryModel::Tso, heddle::DefectKind::StaleRead},
                      {heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "mutual_exclusion/dekker",
    .body = dekker_release_acquire,
}};

}  // namespace
