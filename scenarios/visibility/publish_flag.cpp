// A writer fills in data and then sets a flag; a reader that sees the flag uses the data. Both accesses of
// the flag are relaxed: atomic, so that nothing is torn, but they order nothing else. On a machine (or after
// a compiler) that lets the flag overtake the data, the reader finds the flag set and the data old. Under
// sequential consistency and on x86 it cannot: stores come to memory in order there. The C++ model allows it,
// and so does ARM. The repaired twin sets the flag with release and reads it with acquire.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

namespace {

using heddle::memory_order_relaxed;

void publish_flag(const heddle::Parameters&) {
  heddle::atomic<int> data{0, "data"};
  heddle::atomic<bool> ready{false, "ready"};

  heddle::thread writer([&] {
    data.store(42, memory_order_relaxed);
    ready.store(true, memory_order_relaxed);
  });
  heddle::thread reader([&] {
    if (!ready.load(memory_order_relaxed)) return;
    const int seen = data.load(memory_order_relaxed);
    heddle::require_eq(seen, 42);
  });
  writer.join();
  reader.join();
}

const heddle::Registered registered{{
    .name = "visibility/publish_flag",
    .lesson = "a relaxed flag does not publish what was written before it",
    .story =
        "The writer stores 42 and sets a flag, the reader sees the flag and loads. Both are atomic and relaxed, "
        "so the reader may see the flag and old data.",
    .tags = {"visibility"},
    .expects = {},
    .expects_under = {{heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "visibility/publish_flag_release_acquire",
    .body = publish_flag,
}};

}  // namespace
