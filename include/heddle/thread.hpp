// heddle/thread.hpp - std::thread, scheduled by the checker.
//
//     heddle::thread worker([&] { ++count; });
//     worker.join();
//
// As in <thread> ([thread.thread.class]): the callable and its arguments are copied or moved in, a
// joinable thread must be joined before its object goes away. Under the checker a new thread runs up to
// its first visible operation at once, and its starting and being joined are not choices: they order
// the two threads but add no interleavings. Threads are called after their lineage: T1 and T2 are the
// first and the second thread that the scenario's body starts, T1.1 is the first one T1 starts.
//
// At most 63 threads may exist in one execution. A thread object destroyed while joinable is reported
// as the std::terminate it would be; when that happens because a failed expectation is leaving the
// scope, the thread is joined instead, so that the failure is what gets reported.
#pragma once

#include <heddle/detail/model.hpp>

#include <functional>
#include <memory>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>

namespace heddle {

namespace detail {

template <class Function, class... Arguments>
class Call final : public Task {
 public:
  template <class F, class... A>
  explicit Call(F&& function, A&&... arguments)
      : function_(std::forward<F>(function)), arguments_(std::forward<A>(arguments)...) {}
  void run() override {
    std::apply([&](auto&... each) { std::invoke(std::move(function_), std::move(each)...); }, arguments_);
  }

 private:
  Function function_;
  std::tuple<Arguments...> arguments_;
};

}  // namespace detail

class thread {
 public:
  thread() noexcept = default;

  template <class F, class... A>
  requires(!std::is_same_v<std::remove_cvref_t<F>, thread>) explicit thread(F&& function, A&&... arguments) {
    if (detail::in_model()) {
      model_ = detail::spawn(std::make_unique<detail::Call<std::decay_t<F>, std::decay_t<A>...>>(
          std::forward<F>(function), std::forward<A>(arguments)...));
    } else {
      native_ = std::thread(std::forward<F>(function), std::forward<A>(arguments)...);
    }
  }
  thread(thread&& other) noexcept { swap(other); }
  thread& operator=(thread&& other) noexcept {
    if (model_ != nobody) detail::dropped_joinable(std::exchange(model_, nobody));
    native_ = std::move(other.native_);
    model_ = std::exchange(other.model_, nobody);
    return *this;
  }
  ~thread() {
    if (model_ != nobody) detail::dropped_joinable(model_);
  }

  bool joinable() const noexcept { return model_ != nobody || native_.joinable(); }

  // Waits for the thread to end. REQUIRES: joinable().
  void join(location where = location::current()) {
    if (model_ != nobody) detail::join(std::exchange(model_, nobody), where);
    else native_.join();
  }

  void swap(thread& other) noexcept {
    native_.swap(other.native_);
    std::swap(model_, other.model_);
  }

 private:
  static constexpr std::uint32_t nobody = ~std::uint32_t{0};
  std::thread native_;
  std::uint32_t model_ = nobody;
};

// A point where another thread may run, and nothing else.
inline void yield(location where = location::current()) {
  if (detail::in_model()) detail::yield(where);
  else std::this_thread::yield();
}

}  // namespace heddle
