// heddle/future.hpp - std::future and what makes them, visible to the checker.
//
//     heddle::promise<int> answer{"answer"};
//     heddle::thread worker([&] { answer.set_value(42); });
//     int got = answer.get_future().get();
//     auto sum = heddle::async([] { return 1 + 1; });
//
// Names, signatures and meaning of <future> ([futures]): promise, future, shared_future, packaged_task and
// async, with std::future_error for misuse that the standard says throws (a second value, a second future, a
// promise without state, a broken promise). Under the checker making a future ready is one step, and so is
// waiting for it. The timed waits look at no clock: they answer `timeout` exactly when the future is not
// ready at the moment they run. async without a policy starts a thread.
#pragma once

#include <heddle/thread.hpp>

#include <condition_variable>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace heddle {

using std::future_errc;
using std::future_error;
using std::future_status;
using std::launch;

namespace detail {

// What a promise and its futures share. A T& is kept as a pointer, void as nothing.
template <class T>
class FutureState {
 public:
  using Value =
      std::conditional_t<std::is_void_v<T>, std::nullptr_t,
                         std::conditional_t<std::is_reference_v<T>, std::remove_reference_t<T>*, T>>;

  explicit FutureState(std::string_view name) : object_(ObjectKind::Future, name, 0, WordFormat::Opaque) {}
  FutureState(const FutureState&) = delete;
  FutureState& operator=(const FutureState&) = delete;
  ~FutureState() {
    if (worker_.joinable()) worker_.join(location{});
  }

  // Throws std::future_error when there is a value already.
  void set(std::optional<Value> value, std::exception_ptr error, location where) {
    if (!try_set(std::move(value), std::move(error), where))
      throw std::future_error(std::future_errc::promise_already_satisfied);
  }
  bool try_set(std::optional<Value> value, std::exception_ptr error, location where) {
    if (in_model()) {
      if (!set_ready(object_, where)) return false;
      value_ = std::move(value);
      error_ = std::move(error);
      return true;
    }
    const std::lock_guard hold(guard_);
    if (ready_) return false;
    value_ = std::move(value);
    error_ = std::move(error);
    ready_ = true;
    changed_.notify_all();
    return true;
  }

  void wait(location where) {
    if (deferred_) return run_deferred();
    if (in_model()) return await(object_, 0, where);
    std::unique_lock hold(guard_);
    if (ready_) return;
    const NativeWait note("waits for", &object_, where);
    changed_.wait(hold, [&] { return ready_; });
  }
  template <class Wait>
  std::future_status wait_some_time(Wait wait, location where) {
    if (deferred_) return std::future_status::deferred;
    if (in_model())
      return peek(object_, where) != 0 ? std::future_status::ready : std::future_status::timeout;
    std::unique_lock hold(guard_);
    return wait(changed_, hold, [&] { return ready_; }) ? std::future_status::ready
                                                        : std::future_status::timeout;
  }
  // REQUIRES: ready.
  Value& value() {
    if (error_) std::rethrow_exception(error_);
    return *value_;
  }

  void run_on(heddle::thread worker) { worker_ = std::move(worker); }
  void defer(std::function<void()> call) { deferred_ = std::move(call); }

 private:
  void run_deferred() { std::exchange(deferred_, nullptr)(); }

  Object object_;
  std::optional<Value> value_;
  std::exception_ptr error_;
  std::function<void()> deferred_;
  heddle::thread worker_;  // of async: joined by the last future
  // Outside the checker:
  std::mutex guard_;
  std::condition_variable changed_;
  bool ready_ = false;
};

// Runs the function and makes the future ready with what comes of it.
template <class T, class Function>
void fulfil(FutureState<T>& state, Function&& function) {
  try {
    if constexpr (std::is_void_v<T>) {
      function();
      state.set(nullptr, nullptr, location{});
    } else if constexpr (std::is_reference_v<T>) {
      state.set(&function(), nullptr, location{});
    } else {
      state.set(function(), nullptr, location{});
    }
  } catch (const std::exception&) {
    state.set(std::nullopt, std::current_exception(), location{});
  }
}

template <class T>
class FutureBase {
 public:
  bool valid() const noexcept { return state_ != nullptr; }
  void wait(location where = location::current()) const { state().wait(where); }
  template <class Rep, class Period>
  std::future_status wait_for(const std::chrono::duration<Rep, Period>& time,
                              location where = location::current()) const {
    return state().wait_some_time(
        [&](auto& changed, auto& hold, auto ready) { return changed.wait_for(hold, time, ready); }, where);
  }
  template <class Clock, class Duration>
  std::future_status wait_until(const std::chrono::time_point<Clock, Duration>& time,
                                location where = location::current()) const {
    return state().wait_some_time(
        [&](auto& changed, auto& hold, auto ready) { return changed.wait_until(hold, time, ready); }, where);
  }

 protected:
  FutureBase() noexcept = default;
  explicit FutureBase(std::shared_ptr<FutureState<T>> state) : state_(std::move(state)) {}
  FutureState<T>& state() const {
    if (state_ == nullptr) throw std::future_error(std::future_errc::no_state);
    return *state_;
  }

  std::shared_ptr<FutureState<T>> state_;
};

}  // namespace detail

template <class T>
class shared_future;

template <class T>
class future : public detail::FutureBase<T> {
 public:
  future() noexcept = default;
  future(future&&) noexcept = default;
  future& operator=(future&&) noexcept = default;

  // Waits, and gives the value away. Throws what the promise was given instead.
  T get(location where = location::current()) {
    this->state().wait(where);
    const std::shared_ptr<detail::FutureState<T>> state = std::move(this->state_);
    if constexpr (std::is_void_v<T>) static_cast<void>(state->value());
    else if constexpr (std::is_reference_v<T>) return *state->value();
    else return std::move(state->value());
  }
  shared_future<T> share() noexcept;

 private:
  template <class>
  friend class promise;
  template <class>
  friend class packaged_task;
  template <class F, class... A>
  friend auto async(launch, F&&, A&&...) -> future<std::invoke_result_t<std::decay_t<F>, std::decay_t<A>...>>;
  explicit future(std::shared_ptr<detail::FutureState<T>> state) : detail::FutureBase<T>(std::move(state)) {}
};

template <class T>
class shared_future : public detail::FutureBase<T> {
 public:
  shared_future() noexcept = default;
  shared_future(future<T>&& other) noexcept  // NOLINT(google-explicit-constructor): as std
      : shared_future(other.share()) {}

  std::conditional_t<std::is_void_v<T> || std::is_reference_v<T>, T, std::add_lvalue_reference_t<const T>>
  get(location where = location::current()) const {
    this->state().wait(where);
    if constexpr (std::is_void_v<T>) static_cast<void>(this->state().value());
    else if constexpr (std::is_reference_v<T>) return *this->state().value();
    else return this->state().value();
  }

 private:
  friend class future<T>;
  explicit shared_future(std::shared_ptr<detail::FutureState<T>> state)
      : detail::FutureBase<T>(std::move(state)) {}
};

template <class T>
shared_future<T> future<T>::share() noexcept {
  return shared_future<T>(std::move(this->state_));
}

template <class T>
class promise {
  using State = detail::FutureState<T>;

 public:
  explicit promise(std::string_view name = {}) : state_(std::make_shared<State>(name)) {}
  promise(promise&&) noexcept = default;
  promise& operator=(promise&& other) noexcept {
    promise(std::move(other)).swap(*this);
    return *this;
  }
  // Without a value its future throws future_errc::broken_promise.
  ~promise() {
    if (state_ != nullptr && state_.use_count() > 1)
      state_->try_set(std::nullopt,
                      std::make_exception_ptr(std::future_error(std::future_errc::broken_promise)),
                      location{});
  }

  future<T> get_future() {
    if (std::exchange(retrieved_, true)) throw std::future_error(std::future_errc::future_already_retrieved);
    return future<T>(shared());
  }
  template <class U = T>
  requires(!std::is_void_v<T>) void set_value(U&& value, location where = location::current()) {
    if constexpr (std::is_reference_v<T>) shared()->set(&value, nullptr, where);
    else shared()->set(std::optional<T>(std::forward<U>(value)), nullptr, where);
  }
  void set_value(location where = location::current()) requires std::is_void_v<T> {
    shared()->set(nullptr, nullptr, where);
  }
  void set_exception(std::exception_ptr error, location where = location::current()) {
    shared()->set(std::nullopt, std::move(error), where);
  }
  void swap(promise& other) noexcept {
    std::swap(state_, other.state_);
    std::swap(retrieved_, other.retrieved_);
  }

 private:
  const std::shared_ptr<State>& shared() const {
    if (state_ == nullptr) throw std::future_error(std::future_errc::no_state);
    return state_;
  }

  std::shared_ptr<State> state_;
  bool retrieved_ = false;
};

template <class Signature>
class packaged_task;

template <class R, class... Arguments>
class packaged_task<R(Arguments...)> {
 public:
  packaged_task() noexcept : promise_(nullptr) {}
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, packaged_task>) explicit packaged_task(F&& function)
      : function_(std::forward<F>(function)), promise_(std::make_unique<promise<R>>()) {}
  packaged_task(packaged_task&&) noexcept = default;
  packaged_task& operator=(packaged_task&&) noexcept = default;

  bool valid() const noexcept { return promise_ != nullptr; }
  future<R> get_future() { return shared().get_future(); }
  void operator()(Arguments... arguments) {
    promise<R>& result = shared();
    try {
      if constexpr (std::is_void_v<R>) {
        function_(std::forward<Arguments>(arguments)...);
        result.set_value(location{});
      } else {
        result.set_value(function_(std::forward<Arguments>(arguments)...), location{});
      }
    } catch (const std::future_error&) {
      throw;
    } catch (const std::exception&) {
      result.set_exception(std::current_exception(), location{});
    }
  }
  void reset() {
    shared();
    promise_ = std::make_unique<promise<R>>();
  }
  void swap(packaged_task& other) noexcept {
    std::swap(function_, other.function_);
    std::swap(promise_, other.promise_);
  }

 private:
  promise<R>& shared() const {
    if (promise_ == nullptr) throw std::future_error(std::future_errc::no_state);
    return *promise_;
  }

  std::function<R(Arguments...)> function_;
  std::unique_ptr<promise<R>> promise_;
};

// The last future of an asynchronous call waits for its thread when it goes away. With launch::deferred
// alone the call is made by whoever waits first.
template <class F, class... A>
auto async(launch policy, F&& function, A&&... arguments)
    -> future<std::invoke_result_t<std::decay_t<F>, std::decay_t<A>...>> {
  using R = std::invoke_result_t<std::decay_t<F>, std::decay_t<A>...>;
  auto state = std::make_shared<detail::FutureState<R>>("");
  auto call = [&state = *state, f = std::decay_t<F>(std::forward<F>(function)),
               a = std::tuple<std::decay_t<A>...>(std::forward<A>(arguments)...)]() mutable {
    detail::fulfil(state, [&]() -> R { return std::apply(std::move(f), std::move(a)); });
  };
  if ((policy & launch::async) == launch::async) {
    state->run_on(heddle::thread(std::move(call)));
  } else {
    state->defer([shared = std::make_shared<decltype(call)>(std::move(call))] { (*shared)(); });
  }
  return future<R>(std::move(state));
}
template <class F, class... A>
requires(!std::is_same_v<std::remove_cvref_t<F>, launch>) auto async(F&& function, A&&... arguments) {
  return heddle::async(launch::async | launch::deferred, std::forward<F>(function),
                       std::forward<A>(arguments)...);
}

}  // namespace heddle
