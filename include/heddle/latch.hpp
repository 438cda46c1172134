// heddle/latch.hpp - std::latch, visible to the checker.
//
//     heddle::latch ready{3, "ready"};
//     ready.count_down();
//     ready.wait();
//
// Names, signatures and preconditions of <latch> ([thread.latch]). Each operation is one step, but
// arrive_and_wait() is two. Counting below zero and destroying a latch that somebody waits for are
// `mutex-misuse`. try_wait() does not fail spuriously.
#pragma once

#include <heddle/detail/native.hpp>

#include <cstddef>
#include <latch>
#include <string_view>

namespace heddle {

class latch {
 public:
  static constexpr std::ptrdiff_t max() noexcept { return std::latch::max(); }

  // REQUIRES: 0 <= expected <= max().
  explicit latch(std::ptrdiff_t expected, std::string_view name = {})
      : object_(detail::ObjectKind::Latch, name, static_cast<detail::Word>(expected),
                detail::WordFormat::Unsigned),
        native_(expected) {}
  latch(const latch&) = delete;
  latch& operator=(const latch&) = delete;

  // REQUIRES: 0 <= update <= what is left.
  void count_down(std::ptrdiff_t update = 1, location where = location::current()) {
    if (detail::in_model()) detail::count_down(object_, static_cast<detail::Word>(update), where);
    else native_.count_down(update);
  }
  bool try_wait(location where = location::current()) const {
    return detail::in_model() ? detail::peek(object_, where) == 0 : native_.try_wait();
  }
  void wait(location where = location::current()) const {
    if (detail::in_model()) return detail::await(object_, 0, where);
    detail::wait_natively(
        "waits for", object_, where, [&] { return native_.try_wait(); }, [&] { native_.wait(); });
  }
  void arrive_and_wait(std::ptrdiff_t update = 1, location where = location::current()) {
    count_down(update, where);
    wait(where);
  }

 private:
  mutable detail::Object object_;
  std::latch native_;
};

}  // namespace heddle
