// heddle/detail/future_state.hpp - what a promise and its futures share, and who makes it ready.
#pragma once

#include <heddle/atomic.hpp>
#include <heddle/once.hpp>
#include <heddle/thread.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace heddle::detail {

// The thread of an asynchronous call. Everybody who waits for the call joins it.
class AsyncThread {
 public:
  explicit AsyncThread(std::unique_ptr<Task> call) {
    if (in_model()) modelled_ = spawn(std::move(call));
    else native_ = thread([own = std::move(call)] { own->run(); });
  }
  void join(location where) {
    if (modelled_) return in_model() ? detail::join(*modelled_, where) : void();
    std::call_once(joined_, [&] { native_.join(where); });
  }

 private:
  std::optional<std::uint32_t> modelled_;
  thread native_;
  std::once_flag joined_;
};

// What a promise and its futures share. A T& is kept as a pointer, void as nothing.
template <class T>
class FutureState {
 public:
  using Value =
      std::conditional_t<std::is_void_v<T>, std::nullptr_t,
                         std::conditional_t<std::is_reference_v<T>, std::remove_reference_t<T>*, T>>;
  // Made before the state becomes ready, so that nothing that may throw, or take a step, is left to be done
  // then. Has one of the two.
  struct Result {
    std::unique_ptr<Value> value;
    std::exception_ptr error;
  };
  template <class... From>
  static Result value(From&&... from) {
    return {std::make_unique<Value>(std::forward<From>(from)...), nullptr};
  }
  static Result error(std::exception_ptr error) { return {nullptr, std::move(error)}; }

  explicit FutureState(std::string_view name) : object_(ObjectKind::Future, name, 0, WordFormat::Opaque) {}
  FutureState(const FutureState&) = delete;
  FutureState& operator=(const FutureState&) = delete;

  // Throw when there is a result already.
  void set(Result result, location where) {
    if (!give(std::move(result), true, where))
      throw std::future_error(std::future_errc::promise_already_satisfied);
  }
  static void set_at_thread_exit(const std::shared_ptr<FutureState>& state, Result result, location where) {
    if (!state->give(std::move(result), false, where))
      throw std::future_error(std::future_errc::promise_already_satisfied);
    auto make_ready = [state, where] { state->make_ready(where); };
    at_thread_exit(std::make_unique<Call<decltype(make_ready)>>(std::move(make_ready)));
  }
  void break_promise() {
    give(error(std::make_exception_ptr(std::future_error(std::future_errc::broken_promise))), true,
         location{});
  }
  // Asked by who knows that nobody is about to set one, and so no step.
  bool has_result() const noexcept { return has_result_; }

  void wait(location where) {
    if (deferred_ != nullptr) return call_once(*once_, where, [this] { deferred_->run(); });
    if (async_) {
      async_->join(where);
      if (!has_result_)
        throw Unwinding();  // its expectation has failed: the caller has nothing to go on with
      return;
    }
    if (in_model()) return await(object_, 0, where);
    std::unique_lock hold(guard_);
    if (ready_) return;
    const NativeWait note("waits for", &object_, where);
    changed_.wait(hold, [this] { return ready_; });
  }
  // `wait` is the native one.
  template <class Time, class Wait>
  std::future_status wait_some_time(const Time& time, Wait wait, location where) {
    if (becomes_ready(wait, where)) {
      if (async_) async_->join(where);
      return std::future_status::ready;
    }
    if (deferred_ != nullptr) return std::future_status::deferred;
    if (in_model()) time_out(deadline(time));
    return std::future_status::timeout;
  }

  // REQUIRES: ready.
  const Value& get() const {
    if (result_.error != nullptr) std::rethrow_exception(result_.error);
    return *result_.value;
  }
  // The same for the only one who may ask.
  std::unique_ptr<Value> take() {
    get();
    return std::move(result_.value);
  }

  void defer(std::unique_ptr<Task> call) {
    deferred_ = std::move(call);
    once_.emplace();
  }

  void run_on_a_thread(std::unique_ptr<Task> call) { async_.emplace(std::move(call)); }
  // The future of an asynchronous call goes: it is the last.
  void end() noexcept {
    if (async_) in_destructor([this] { async_->join(location{}); });
  }
  // It becomes a shared one. These are counted in steps, because the last one waits for the thread; one that
  // has waited before need not tell that it goes.
  void share() {
    if (async_) owners_.emplace(1, "shared futures");
  }
  void add_owner() {
    if (owners_) owners_->fetch_add(1, std::memory_order_relaxed, location{});
  }
  void remove_owner() noexcept {
    if (!owners_) return;
    in_destructor([this] {
      if (owners_->fetch_sub(1, std::memory_order_acq_rel, location{}) == 1) async_->join(location{});
    });
  }

 private:
  bool give(Result result, bool ready, location where) {
    if (in_model()) {
      if (!give_result(object_, ready, where)) return false;
      keep(std::move(result));
      return true;
    }
    const std::lock_guard hold(guard_);
    if (has_result_) return false;
    keep(std::move(result));
    ready_ = ready;
    changed_.notify_all();
    return true;
  }
  void keep(Result result) {
    result_ = std::move(result);
    has_result_ = true;
  }
  void make_ready(location where) {
    if (in_model()) return detail::make_ready(object_, where);
    const std::lock_guard hold(guard_);
    ready_ = true;
    changed_.notify_all();
  }
  template <class Wait>
  bool becomes_ready(Wait wait, location where) {
    if (in_model()) return is_ready(object_, where);
    std::unique_lock hold(guard_);
    if (deferred_ != nullptr) return ready_;
    return wait(changed_, hold, [this] { return ready_; });
  }

  Object object_;
  Result result_;
  bool has_result_ = false;  // or had one, that was taken
  std::unique_ptr<Task> deferred_;
  std::optional<once_flag> once_;  // of the deferred call
  std::optional<AsyncThread> async_;
  std::optional<atomic<int>> owners_;
  // Outside the checker:
  std::mutex guard_;
  std::condition_variable changed_;
  bool ready_ = false;
};

// What the function returns or throws. What ends the calling thread passes.
template <class T, class Function>
typename FutureState<T>::Result result_of(Function&& function) {
  using State = FutureState<T>;
  try {
    if constexpr (std::is_void_v<T>) {
      function();
      return State::value();
    } else if constexpr (std::is_reference_v<T>) {
      return State::value(&function());
    } else {
      return State::value(function());
    }
  } catch (const Unwinding&) {
    throw;
  } catch (...) {
    return State::error(std::current_exception());
  }
}

// A call of async, with the decayed copies of what it is given.
template <class T, class Function, class... Arguments>
class AsyncCall final : public Task {
 public:
  template <class F, class... A>
  explicit AsyncCall(std::shared_ptr<FutureState<T>> state, F&& function, A&&... arguments)
      : state_(std::move(state)),
        function_(std::forward<F>(function)),
        arguments_(std::forward<A>(arguments)...) {}
  void run() override {
    state_->set(
        result_of<T>([this]() -> T { return std::apply(std::move(function_), std::move(arguments_)); }),
        location{});
  }

 private:
  std::shared_ptr<FutureState<T>> state_;
  Function function_;
  std::tuple<Arguments...> arguments_;
};

template <class T>
class FutureBase {
 public:
  bool valid() const noexcept { return state_ != nullptr; }

 protected:
  FutureBase() noexcept = default;
  explicit FutureBase(std::shared_ptr<FutureState<T>> state) : state_(std::move(state)) {}
  FutureState<T>& state() const {
    if (state_ == nullptr) throw std::future_error(std::future_errc::no_state);
    return *state_;
  }
  template <class Rep, class Period>
  std::future_status wait_some_time(const std::chrono::duration<Rep, Period>& time, location where) const {
    return state().wait_some_time(
        time, [&](auto& changed, auto& hold, auto ready) { return changed.wait_for(hold, time, ready); },
        where);
  }
  template <class Clock, class Duration>
  std::future_status wait_some_time(const std::chrono::time_point<Clock, Duration>& time,
                                    location where) const {
    return state().wait_some_time(
        time, [&](auto& changed, auto& hold, auto ready) { return changed.wait_until(hold, time, ready); },
        where);
  }

  std::shared_ptr<FutureState<T>> state_;
};

}  // namespace heddle::detail
