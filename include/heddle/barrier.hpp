// heddle/barrier.hpp - std::barrier, visible to the checker.
//
//     heddle::barrier phase{2, [&]() noexcept { ++rounds; }, "phase"};
//     phase.arrive_and_wait();
//
// Names, signatures and preconditions of <barrier> ([thread.barrier]). Arriving, ending a phase and waiting
// for that are one step each. The completion function runs on the thread that arrives last, before any
// waiting thread goes on. Arriving when nobody is expected any more in this phase, and destroying a barrier
// that somebody waits for, are `mutex-misuse`. At most 16,777,215 participants.
#pragma once

#include <heddle/detail/native.hpp>

#include <atomic>
#include <barrier>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace heddle {

namespace detail {
struct NoCompletion {
  void operator()() noexcept {}
};
}  // namespace detail

template <class Completion = detail::NoCompletion>
class barrier {
  struct Forward {
    barrier* self;
    void operator()() noexcept { self->completion_(); }
  };
  using Native = std::barrier<Forward>;

 public:
  class [[nodiscard]] arrival_token {
    friend class barrier;
    explicit arrival_token(detail::Word phase) : phase_(phase) {}
    explicit arrival_token(typename Native::arrival_token&& native) : native_(std::move(native)) {}
    detail::Word phase_ = 0;
    std::optional<typename Native::arrival_token> native_;
  };

  static constexpr std::ptrdiff_t max() noexcept { return 0xffffff; }

  // REQUIRES: 0 <= expected <= max().
  explicit barrier(std::ptrdiff_t expected, Completion completion = Completion(), std::string_view name = {})
      : object_(detail::ObjectKind::Barrier, name, word(static_cast<detail::Word>(expected)),
                detail::WordFormat::Opaque),
        completion_(std::move(completion)),
        native_(expected, Forward{this}) {}
  barrier(const barrier&) = delete;
  barrier& operator=(const barrier&) = delete;

  // REQUIRES: 0 < update <= how many are still to arrive in this phase.
  arrival_token arrive(std::ptrdiff_t update = 1, location where = location::current()) {
    if (!detail::in_model()) return arrival_token(native_.arrive(update));
    detail::Word phase = 0;
    while (update-- > 0) phase = arrive_once(false, where);
    return arrival_token(phase);
  }
  void wait(arrival_token&& token, location where = location::current()) const {
    if (!token.native_) return detail::await(object_, token.phase_, where);
    const detail::NativeWait note("waits at", &object_, where);
    native_.wait(std::move(*token.native_));
  }
  void arrive_and_wait(location where = location::current()) { wait(arrive(1, where), where); }
  // Arrives, and takes no part in the phases that follow.
  void arrive_and_drop(location where = location::current()) {
    if (detail::in_model()) arrive_once(true, where);
    else native_.arrive_and_drop();
  }

 private:
  static constexpr detail::Word word(detail::Word expected) { return expected | expected << 24; }

  // Returns the number of the phase.
  detail::Word arrive_once(bool drop, location where) {
    // Only a completion function can tell whether the last to arrive knows what the others knew.
    constexpr bool completes = !std::is_same_v<Completion, detail::NoCompletion>;
    const detail::Arrival arrival = detail::arrive(
        object_, drop, completes ? std::memory_order_acq_rel : std::memory_order_release, where);
    if (arrival.last) {
      completion_();
      detail::complete_phase(object_, where);
    }
    return arrival.phase;
  }

  mutable detail::Object object_;
  Completion completion_;
  mutable Native native_;
};

}  // namespace heddle
