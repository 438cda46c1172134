// The look without the lock is atomic, but relaxed. Whoever finds there that the settings were made uses
// them, and has neither taken the lock nor acquired what the maker released: nothing orders its read of the
// settings after their writing. That is a data race whatever the machine does. Where loads come in order, as
// under sequential consistency and on x86, nobody sees it; the C++ model lets the settings be read before the
// look, when they were not made yet. Only this one look needs acquire: the one under the lock may be relaxed.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

using heddle::memory_order_relaxed;
using heddle::memory_order_release;

void double_checked_locking_relaxed(const heddle::Parameters&) {
  heddle::mutex guard{"guard"};
  heddle::atomic<int> made{0, "made"};
  heddle::var<int> settings{0, "settings"};

  const auto use = [&] {
    if (made.load(memory_order_relaxed) == 0) {
      const heddle::lock_guard hold(guard);
      if (made.load(memory_order_relaxed) == 0) {
        settings = 42;
        made.store(1, memory_order_release);
      }
    }
    heddle::require_eq(settings.load(), 42);
  };
  heddle::thread first(use);
  heddle::thread second(use);
  first.join();
  second.join();
}

const heddle::Registered registered{{
    .name = "structures/double_checked_locking_relaxed",
    .lesson = "the look without the lock has to acquire what it finds",
    .story =
        "A thread looks first, with relaxed, whether the settings were made, and takes no lock when they "
        "were. Nothing orders its use of them after their making: it is a data race, and they may not be "
        "there yet.",
    .tags = {"visibility"},
    .expects = heddle::DefectKind::DataRace,
    .expects_under = {{heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "structures/double_checked_locking_atomic",
    .body = double_checked_locking_relaxed,
}};

}  // namespace
