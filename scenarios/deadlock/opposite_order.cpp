// scenarios/deadlock/opposite_order.cpp - two locks taken in opposite orders

#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

namespace {

void opposite_order(const heddle::Parameters&) {
  heddle::mutex a{"a"};
  heddle::mutex b{"b"};

  heddle::thread first([&] {
    const heddle::lock_guard hold_a(a);
    const heddle::lock_guard hold_b(b);
  });
  heddle::thread second([&] {
    const heddle::lock_guard hold_b(b);
    const heddle::lock_guard hold_a(a);
  });
  first.join();
  second.join();
}

const heddle::Registered registered{{
    .name = "deadlock/opposite_order",
    .lesson = "two locks taken in opposite orders",
    .story = "One transfer locks account a and then b, another one b and then a. "
             "When both have taken their first lock, each waits for the other for ever.",
    .tags = {"deadlock", "course"},
    .expects = heddle::DefectKind::Deadlock,
    .pair = "deadlock/common_order",
    .body = opposite_order,
}};

}  // namespace
