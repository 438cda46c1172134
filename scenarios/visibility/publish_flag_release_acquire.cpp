// A writer fills in data and then sets a flag; a reader that sees the flag uses the data. The flag is set
// with release, which keeps all that was written before it in front of it, and read with acquire, which keeps
// all that is read after it behind it. So whoever finds it set has everything that came before: the data
// itself may stay relaxed, or be plain. It takes both halves: a release that nobody acquires, or an acquire
// of what was not released, orders nothing.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

namespace {

using heddle::memory_order_acquire;
using heddle::memory_order_relaxed;
using heddle::memory_order_release;

void publish_flag_release_acquire(const heddle::Parameters&) {
  heddle::atomic<int> data{0, "data"};
  heddle::atomic<bool> ready{false, "ready"};

  heddle::thread writer([&] {
    data.store(42, memory_order_relaxed);
    ready.store(true, memory_order_release);
  });
  heddle::thread reader([&] {
    if (!ready.load(memory_order_acquire)) return;
    const int seen = data.load(memory_order_relaxed);
    heddle::require_eq(seen, 42);
  });
  writer.join();
  reader.join();
}

const heddle::Registered registered{{
    .name = "visibility/publish_flag_release_acquire",
    .lesson = "whoever acquires what was released sees all that came before it",
    .story = "The writer stores 42 and sets a flag with release, the reader sees the flag with acquire and "
             "loads: the load cannot miss the 42, although it is relaxed.",
    .tags = {"visibility"},
    .expects = {},
    .pair = "visibility/publish_flag",
    .body = publish_flag_release_acquire,
}};

}  // namespace
