// scenarios/structures/readers_writers_shared.cpp - a share is not enough to write

#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/shared_mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <vector>

namespace {

void readers_writers_shared(const heddle::Parameters& parameters) {
  const auto readers = parameters.integer("readers");
  const auto writers = parameters.integer("writers");
  heddle::shared_mutex guard{"guard"};
  heddle::var<int> count{0, "count"};

  std::vector<heddle::thread> threads;
  for (int t = 0; t < writers; ++t) {
    threads.emplace_back([&] {
      const heddle::shared_lock hold(guard);
      ++count;
    });
  }
  for (int t = 0; t < readers; ++t) {
    threads.emplace_back([&] {
      const heddle::shared_lock hold(guard);
      heddle::require(count.load() <= writers);
    });
  }
  for (heddle::thread& thread : threads) thread.join();
  heddle::require_eq(count.load(), static_cast<int>(writers));
}

const heddle::Registered registered{{
    .name = "structures/readers_writers_shared",
    .lesson = "a share is not enough to write",
    .story = "The writers take the lock as the readers do, shared: two of them are inside at once.",
    .tags = {"locks"},
    .parameters = {heddle::integer("readers", 1, 0, 4, "how many threads read"),
                   heddle::integer("writers", 2, 1, 4, "how many threads write")},
    .expects = heddle::DefectKind::LostUpdate,
    .expects_under = {{heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .pair = "structures/readers_writers",
    .body = readers_writers_shared,
}};

}  // namespace
