// The reports show lines of this file: the goldens change with it.

#include "tests/report/kinds.hpp"

#include <csignal>
#include <heddle/atomic.hpp>
#include <heddle/choose.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>

namespace heddle::test {

namespace {

using Body = std::function<void(const Parameters&)>;

void assertion(const Parameters&) {
  atomic<bool> ready{false, "ready"};
  thread worker([&] { ready.store(true); });
  const bool seen = ready.load();
  outcome("seen", seen);
  worker.join();
  require(seen);
}

void assertion_at_once(const Parameters&) { require_eq(1, 2); }

void exception(const Parameters&) {
  mutex guard{"guard"};
  var<int> length{0, "length"};
  thread consumer([&] {
    const lock_guard hold(guard);
    if (length.load() == 0) throw std::runtime_error("the queue is empty");
  });
  {
    const lock_guard hold(guard);
    ++length;
  }
  consumer.join();
}

void crash(const Parameters&) {
  atomic<bool> published{false, "published"};
  var<int> value{7, "value"};
  thread publisher([&] { published.store(true); });
  if (published.load()) std::raise(SIGSEGV);  // a real one is UBSan's to report

  publisher.join();
}

void dropped_thread(const Parameters&) {
  atomic<int> done{0, "done"};
  thread worker([&] { done.store(1); });
}

void unlock_of_nobodys(const Parameters&) {
  mutex guard{"guard"};
  thread worker([&] {
    guard.lock();
    guard.unlock();
    guard.unlock();
  });
  worker.join();
}

void lock_twice(const Parameters&) {
  mutex guard{"guard"};
  thread worker([&] {
    const lock_guard outer(guard);
    const lock_guard inner(guard);
  });
  worker.join();
}

void destroyed_while_held(const Parameters&) {
  auto guard = std::make_unique<mutex>("guard");
  guard->lock();
  guard.reset();
}

void step_limit(const Parameters&) {
  atomic<int> ticks{0, "ticks"};
  thread clock([&] {
    for (;;) ticks.fetch_add(1);
  });
  clock.join();
}

void waiting_loop(const Parameters&) {
  atomic<bool> ready{false, "ready"};
  atomic<int> attempts{0, "attempts"};
  thread producer([&] { ready.store(true); });
  while (!ready.load()) ++attempts;
  producer.join();
}

void livelock(const Parameters&) {
  atomic<bool> ready{false, "ready"};
  thread reader([&] {
    while (!ready.load()) yield();
  });
  reader.join();
}

void endless_loop(const Parameters&) {
  atomic<int> begun{0, "begun"};
  begun.store(1);
  volatile int turns = 0;
  for (;;) turns = turns + 1;
}

void opposite_order(const Parameters&) {
  mutex a{"a"};
  mutex b{"b"};
  thread first([&] {
    const lock_guard hold_a(a);
    const lock_guard hold_b(b);
  });
  thread second([&] {
    const lock_guard hold_b(b);
    const lock_guard hold_a(a);
  });
  first.join();
  second.join();
}

// Who replaces the settings forgets the old ones.
void leak(const Parameters&) {
  struct Settings {
    int level = 0;
  };
  atomic<Settings*> settings{nullptr, "settings"};
  thread first([&] { settings.store(new Settings{1}); });
  thread second([&] { settings.store(new Settings{2}); });
  first.join();
  second.join();
  delete settings.load();
}

void sleeping(const Parameters&) {
  atomic<int> begun{0, "begun"};
  thread worker([&] {
    begun.store(1);
    std::this_thread::sleep_for(std::chrono::seconds(30));
  });
  worker.join();
}

void chosen(const Parameters&) {
  var<int> stock{3, "stock"};
  const std::size_t order = choose(5);
  assume(order > 0);
  stock -= static_cast<int>(order);
  require_ge(stock.load(), 0);
}

void all_at_once(const Parameters&) {
  mutex a{"a"};
  mutex b{"b"};
  thread first([&] { const scoped_lock hold(a, b); });
  thread second([&] {
    const lock_guard hold(b);
    throw std::logic_error("not under the lock");
  });
  first.join();
  second.join();
}

void nested_threads(const Parameters&) {
  var<int> count{0, "count"};
  thread parent([&] {
    thread child([&] { ++count; });
    ++count;
    child.join();
  });
  parent.join();
  require_eq(count.load(), 2);
}

// These depend on how often they ran, which no scenario may.
Body forgetful_at_once() {
  return [runs = std::make_shared<int>(0)](const Parameters&) {
    atomic<int> x{0, "x"};
    atomic<int> y{0, "y"};
    atomic<int>& chosen_object = ++*runs == 1 ? x : y;
    chosen_object.store(1);
    thread worker([&] { x.store(2); });
    x.load();
    worker.join();
  };
}

Body forgetful_after_a_switch() {
  return [runs = std::make_shared<int>(0)](const Parameters&) {
    atomic<int> x{0, "x"};
    atomic<int> y{0, "y"};
    const bool first = ++*runs == 1;
    thread worker([&] { x.store(1); });
    if (first) x.load();
    else y.load();
    worker.join();
  };
}

}  // namespace

Scenario kind(const std::string& name) {
  const std::map<std::string, Body> bodies{{"assertion", assertion},
                                           {"assertion_at_once", assertion_at_once},
                                           {"exception", exception},
                                           {"crash", crash},
                                           {"dropped_thread", dropped_thread},
                                           {"unlock_of_nobodys", unlock_of_nobodys},
                                           {"lock_twice", lock_twice},
                                           {"destroyed_while_held", destroyed_while_held},
                                           {"step_limit", step_limit},
                                           {"waiting_loop", waiting_loop},
                                           {"livelock", livelock},
                                           {"endless_loop", endless_loop},
                                           {"opposite_order", opposite_order},
                                           {"leak", leak},
                                           {"sleeping", sleeping},
                                           {"chosen", chosen},
                                           {"all_at_once", all_at_once},
                                           {"nested_threads", nested_threads},
                                           {"forgetful_at_once", forgetful_at_once()},
                                           {"forgetful_after_a_switch", forgetful_after_a_switch()}};
  return {.name = "kind/" + name,
          .lesson = {},
          .story = {},
          .tags = {},
          .parameters = {},
          .expects = {},
          .pair = {},
          .body = bodies.at(name)};
}

}  // namespace heddle::test
