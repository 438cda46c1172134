// Peterson's lock with release and acquire where it has seq_cst. Each thread says that it wants to go in and
// gives the turn away, and only then looks for the other; but nothing keeps that look behind the two stores.
// On x86 they still wait in the store buffer when the load is done, so both threads find that nobody else
// wants to go in, and both go in. Release and acquire order what one thread hands to another; here each has
// to see the other, and for that there must be one order of all the stores and loads.

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
    turn_.store(other, memory_order_release);
    while (wants_[other].load(memory_order_acquire) && turn_.load(memory_order_acquire) == other) {
    }
  }
  void unlock(int me) { wants_[me].store(false, memory_order_release); }

 private:
  std::array<heddle::atomic<bool>, 2> wants_{heddle::atomic<bool>{false, "wants0"},
                                             heddle::atomic<bool>{false, "wants1"}};
  heddle::atomic<int> turn_{0, "turn"};
};

void peterson_release_acquire(const heddle::Parameters&) {
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
    .name = "mutual_exclusion/peterson_release_acquire",
    .lesson = "a lock of loads and stores needs seq_cst: release and acquire let the look overtake the flag",
    .story = "Each thread says that it wants to go in, lets the other go first, and looks for the other. The "
             "look may overtake both stores, and then the two are inside together: on x86 as well.",
    .tags = {"mutual-exclusion"},
    .expects = {},
    .expects_under = {{heddle::MemoryModel::Tso, heddle::DefectKind::StaleRead},
                      {heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "mutual_exclusion/peterson",
    .body = peterson_release_acquire,
}};

}  // namespace
