// scenarios/deadlock/common_order.cpp - one order for all locks rules the cycle out

#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

namespace {

void common_order(const heddle::Parameters&) {
  heddle::mutex a{"a"};
  heddle::mutex b{"b"};

  heddle::thread first([&] {
    const heddle::lock_guard hold_a(a);
    const heddle::lock_guard hold_b(b);
  });
  heddle::thread second([&] {
    const heddle::lock_guard hold_a(a);
    const heddle::lock_guard hold_b(b);
  });
  first.join();
  second.join();
}

const heddle::Registered registered{{
    .name = "deadlock/common_order",
    .lesson = "one order for all locks rules the cycle out",
    .story = "Both transfers lock a before b, whatever their direction. "
             "Who holds b already has a, so that nobody who holds a can wait for a holder of b.",
    .tags = {"deadlock", "course"},
    .expects = std::nullopt,
    .pair = "deadlock/opposite_order",
    .body = common_order,
}};

}  // namespace
