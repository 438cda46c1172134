// A ticket lock that waits for its number with a relaxed load. The last owner has released what it did, but
// whoever looks with relaxed does not acquire it: the look tells that it is one's turn, and nothing else.
// What is read inside may have been read while still waiting outside. So the threads take turns, in the right
// order, and the second one counts on from an old value. It is the other half of spin_test_and_set_relaxed: a
// release needs an acquire. The hardware of x86 keeps loads in order and hides it.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

namespace {

using heddle::memory_order_relaxed;
using heddle::memory_order_release;

class Lock {
 public:
  void lock() {
    const int mine = next_.fetch_add(1, memory_order_relaxed);
    while (serving_.load(memory_order_relaxed) != mine) {
    }
  }
  void unlock() { serving_.store(serving_.load(memory_order_relaxed) + 1, memory_order_release); }

 private:
  heddle::atomic<int> next_{0, "next"};
  heddle::atomic<int> serving_{0, "serving"};
};

void ticket_lock_relaxed(const heddle::Parameters&) {
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
    .name = "mutual_exclusion/ticket_lock_relaxed",
    .lesson = "a release needs an acquire: to see that it is one's turn is not to see what was done before",
    .story =
        "Each thread draws a number and waits with a relaxed load until it is called. They come in order, "
        "but the second need not see what the first has counted: an increment is lost.",
    .tags = {"mutual-exclusion"},
    .expects = {},
    .expects_under = {{heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "mutual_exclusion/ticket_lock",
    .body = ticket_lock_relaxed,
}};

}  // namespace
