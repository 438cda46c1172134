// A spin lock that is given back with a relaxed store. It still lets in one thread at a time: the exchange
// finds the flag down only after the owner has put it there. But keeping others out is half of what a lock
// does. The next owner has to see what the last one did, and a relaxed store hands over nothing: the count is
// read old, and an increment is lost although no two threads were inside together. (With a plain int it would
// be a data race under every model.) The hardware of x86 keeps stores in order and hides it.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

namespace {

using heddle::memory_order_acquire;
using heddle::memory_order_relaxed;

class Lock {
 public:
  void lock() {
    while (taken_.exchange(true, memory_order_acquire)) {
    }
  }
  void unlock() { taken_.store(false, memory_order_relaxed); }

 private:
  heddle::atomic<bool> taken_{false, "taken"};
};

void spin_test_and_set_relaxed(const heddle::Parameters&) {
  Lock lock;
  heddle::atomic<int> count{0, "count"};

  const auto work = [&] {
    lock.lock();
    const int before = count.load(memory_order_relaxed);
    count.store(before + 1, memory_order_relaxed);
    lock.unlock();
  };
  heddle::thread first(work);
  heddle::thread second(work);
  first.join();
  second.join();
  heddle::require_eq(count, 2);
}

const heddle::Registered registered{{
    .name = "mutual_exclusion/spin_test_and_set_relaxed",
    .lesson = "a relaxed unlock still keeps threads apart, but hands nothing over",
    .story =
        "The unlock is relaxed. The threads come one after the other, but the second need not see what the "
        "first has counted: an increment is lost.",
    .tags = {"mutual-exclusion"},
    .expects = {},
    .expects_under = {{heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "mutual_exclusion/spin_test_and_set",
    .body = spin_test_and_set_relaxed,
}};

}  // namespace
