// scenarios/condition/lost_wakeup.cpp - a notification reaches only those who wait already

#include <heddle/condition_variable.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

void lost_wakeup(const heddle::Parameters&) {
  heddle::mutex guard{"guard"};
  heddle::condition_variable arrived{"arrived"};
  heddle::var<bool> order{false, "order"};

  heddle::thread kitchen([&] {
    heddle::unique_lock hold(guard);
    arrived.wait(hold);  // whether or not the order is there already
  });
  heddle::thread waiter([&] {
    {
      const heddle::lock_guard hold(guard);
      order = true;
    }
    arrived.notify_one();
  });
  kitchen.join();
  waiter.join();
}

const heddle::Registered registered{{
    .name = "condition/lost_wakeup",
    .lesson = "a notification reaches only those who wait already",
    .story = "The kitchen waits for an order, the waiter brings one and rings the bell. A condition variable "
             "remembers nothing: when the bell rings before the kitchen listens, the kitchen waits for ever.",
    .tags = {"condition", "course"},
    .expects = heddle::DefectKind::LostWakeup,
    .pair = "condition/waits_in_loop",
    .body = lost_wakeup,
}};

}  // namespace
