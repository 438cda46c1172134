// scenarios/deadlock/gated.cpp - a common outer lock makes the inner order harmless

#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

namespace {

void gated(const heddle::Parameters&) {
  heddle::mutex gate{"gate"};
  heddle::mutex a{"a"};
  heddle::mutex b{"b"};

  heddle::thread first([&] {
    const heddle::lock_guard pass(gate);
    const heddle::lock_guard hold_a(a);
    const heddle::lock_guard hold_b(b);
  });
  heddle::thread second([&] {
    const heddle::lock_guard pass(gate);
    const heddle::lock_guard hold_b(b);
    const heddle::lock_guard hold_a(a);
  });
  first.join();
  second.join();
}

const heddle::Registered registered{{
    .name = "deadlock/gated",
    .lesson = "a common outer lock makes the inner order harmless",
    .story = "The two threads take a and b in opposite orders, but only while they hold the gate. "
             "Only one of them can be at it: a warning about the order would be a false alarm.",
    .tags = {"deadlock", "course"},
    .expects = std::nullopt,
    .pair = "deadlock/opposite_order",
    .body = gated,
}};

}  // namespace
