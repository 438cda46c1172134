// scenarios/condition/waits_once.cpp - what was true at the notification may be over at the wake-up

#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

void waits_once(const heddle::Parameters&) {
  heddle::mutex guard{"guard"};
  heddle::condition_variable arrived{"arrived"};
  heddle::var<int> orders{0, "orders"};

  const auto cook = [&] {
    heddle::unique_lock hold(guard);
    if (orders.load() == 0) arrived.wait(hold);
    heddle::require(orders.load() > 0);
    --orders;
  };
  heddle::thread first(cook);
  heddle::thread second(cook);
  heddle::thread waiter([&] {
    for (int order = 0; order < 2; ++order) {
      {
        const heddle::lock_guard hold(guard);
        ++orders;
      }
      arrived.notify_all();
    }
  });
  first.join();
  second.join();
  waiter.join();
}

const heddle::Registered registered{{
    .name = "condition/waits_once",
    .lesson = "what was true at the notification may be over at the wake-up",
    .story =
        "Two cooks wait for orders and look only once, with `if`. One order comes, both are woken, and the "
        "second finds that the first has taken it. `while` would look again.",
    .tags = {"condition", "course"},
    .expects = heddle::DefectKind::Assertion,
    .pair = "condition/waits_in_loop",
    .body = waits_once,
}};

}  // namespace
