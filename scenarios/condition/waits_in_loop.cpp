// scenarios/condition/waits_in_loop.cpp - look under the lock, wait in a loop, notify after the change

#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

void waits_in_loop(const heddle::Parameters&) {
  heddle::mutex guard{"guard"};
  heddle::condition_variable arrived{"arrived"};
  heddle::var<int> orders{0, "orders"};

  const auto cook = [&] {
    heddle::unique_lock hold(guard);
    while (orders.load() == 0) arrived.wait(hold);
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
      arrived.notify_one();
    }
  });
  first.join();
  second.join();
  waiter.join();
  heddle::require_eq(orders.load(), 0);
}

const heddle::Registered registered{{
    .name = "condition/waits_in_loop",
    .lesson = "look under the lock, wait in a loop, notify after the change",
    .story =
        "Each cook looks whether there is an order before it waits and again after it was woken, and the "
        "waiter rings after putting the order down. An early bell is not needed, a late one finds a cook.",
    .tags = {"condition", "course"},
    .expects = std::nullopt,
    .pair = "condition/lost_wakeup",
    .body = waits_in_loop,
}};

}  // namespace
