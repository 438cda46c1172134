// scenarios/deadlock/scoped_lock.cpp - all locks at once, or none

#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

namespace {

void scoped_lock(const heddle::Parameters&) {
  heddle::mutex a{"a"};
  heddle::mutex b{"b"};

  heddle::thread first([&] { const heddle::scoped_lock hold(a, b); });
  heddle::thread second([&] { const heddle::scoped_lock hold(b, a); });
  first.join();
  second.join();
}

const heddle::Registered registered{{
    .name = "deadlock/scoped_lock",
    .lesson = "all locks at once, or none",
    .story = "Both transfers name the two locks in opposite orders, but take them together: "
             "scoped_lock gives back what it has when it cannot have all.",
    .tags = {"deadlock", "course"},
    .expects = std::nullopt,
    .pair = "deadlock/opposite_order",
    .body = scoped_lock,
}};

}  // namespace
