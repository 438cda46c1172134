// scenarios/structures/double_checked_locking.cpp - a look without the lock orders nothing

#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

void double_checked_locking(const heddle::Parameters&) {
  heddle::mutex guard{"guard"};
  heddle::var<int> made{0, "made"};
  heddle::var<int> settings{0, "settings"};

  const auto use = [&] {
    if (made.load() == 0) {
      const heddle::lock_guard hold(guard);
      if (made.load() == 0) {
        settings = 42;
        made = 1;
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
    .name = "structures/double_checked_locking",
    .lesson = "a look without the lock orders nothing",
    .story =
        "To save the lock, a thread looks first whether the settings were made. Nothing orders that look with the "
        "thread that makes them: it is a data race, and the settings behind it may not be there yet.",
    .tags = {"visibility"},
    .expects = heddle::DefectKind::DataRace,
    .expects_under = {{heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "structures/double_checked_locking_atomic",
    .body = double_checked_locking,
}};

}  // namespace
