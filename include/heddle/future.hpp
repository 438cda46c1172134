// heddle/future.hpp - std::future and what makes them, visible to the checker.
//
//     heddle::promise<int> answer{"answer"};
//     heddle::thread worker([&] { answer.set_value(42); });
//     int got = answer.get_future().get();
//     auto sum = heddle::async([] { return 1 + 1; });
//
// Names, signatures and meaning of <future> ([futures]): promise, future, shared_future, packaged_task and
// async, with std::future_error for misuse that the standard says throws (a second value, a second future, a
// promise without state, a broken promise). Whatever a function throws goes to the future.
//
// Under the checker making a future ready is one step, and so is waiting for it. Destroying a promise is a
// step only if it is broken and somebody has its future; destroying a task never is one otherwise, and
// neither is destroying a future, but for the last one of an asynchronous call, which waits for the thread.
// The call of a packaged_task, and that of a deferred function, are made once, as by call_once: who comes
// meanwhile waits.
//
// async without a policy starts a thread. Who waits for an asynchronous call joins its thread
// ([futures.async]/5); a deferred function runs in the thread that is the first to wait for it.
//
// The timed waits answer `ready` exactly when the future is ready at the moment they run. If it is not, the
// thread's clock (heddle/clock.hpp) has moved to the deadline. They never wait for a deferred function.
#pragma once

#include <heddle/detail/future_state.hpp>

#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace heddle {

using std::future_errc;
using std::future_error;
using std::future_status;
using std::launch;

template <class T>
class shared_future;

template <class T>
class future : public detail::FutureBase<T> {
 public:
  future() noexcept = default;
  future(future&&) noexcept = default;
  future& operator=(future&& other) noexcept {
    future(std::move(other)).swap(*this);
    return *this;
  }
  ~future() {
    if (this->state_ != nullptr) this->state_->end();
  }

  // Waits, and gives the value away. Throws what the promise was given instead.
  T get(location where = location::current()) {
    this->state().wait(where);
    const std::shared_ptr<detail::FutureState<T>> state = std::move(this->state_);
    const auto value = state->take();
    if constexpr (std::is_reference_v<T>) return **value;
    else if constexpr (!std::is_void_v<T>) return std::move(*value);
  }
  void wait(location where = location::current()) const { this->state().wait(where); }
  template <class Rep, class Period>
  std::future_status wait_for(const std::chrono::duration<Rep, Period>& time,
                              location where = location::current()) const {
    return this->wait_some_time(time, where);
  }
  template <class Clock, class Duration>
  std::future_status wait_until(const std::chrono::time_point<Clock, Duration>& time,
                                location where = location::current()) const {
    return this->wait_some_time(time, where);
  }
  shared_future<T> share() noexcept;

 private:
  template <class>
  friend class promise;
  template <class F, class... A>
  friend auto async(launch, F&&, A&&...) -> future<std::invoke_result_t<std::decay_t<F>, std::decay_t<A>...>>;
  explicit future(std::shared_ptr<detail::FutureState<T>> state) : detail::FutureBase<T>(std::move(state)) {}
  void swap(future& other) noexcept { this->state_.swap(other.state_); }
};

// Copies stand for the same result; each may be used by a thread of its own.
template <class T>
class shared_future : public detail::FutureBase<T> {
 public:
  shared_future() noexcept = default;
  shared_future(const shared_future& other) : detail::FutureBase<T>(other.state_) {
    if (this->state_ != nullptr) this->state_->add_owner();
  }
  shared_future(shared_future&& other) noexcept { swap(other); }
  shared_future(future<T>&& other) noexcept  // NOLINT(google-explicit-constructor): as std
      : shared_future(other.share()) {}
  shared_future& operator=(const shared_future& other) {
    shared_future(other).swap(*this);
    return *this;
  }
  shared_future& operator=(shared_future&& other) noexcept {
    shared_future(std::move(other)).swap(*this);
    return *this;
  }
  ~shared_future() {
    if (this->state_ != nullptr && !waited_.load(std::memory_order_relaxed)) this->state_->remove_owner();
  }

  std::conditional_t<std::is_void_v<T> || std::is_reference_v<T>, T, std::add_lvalue_reference_t<const T>>
  get(location where = location::current()) const {
    wait(where);
    if constexpr (std::is_reference_v<T>) return *this->state_->get();
    else if constexpr (!std::is_void_v<T>) return this->state_->get();
    else static_cast<void>(this->state_->get());
  }
  void wait(location where = location::current()) const {
    this->state().wait(where);
    waited_.store(true, std::memory_order_relaxed);
  }
  template <class Rep, class Period>
  std::future_status wait_for(const std::chrono::duration<Rep, Period>& time,
                              location where = location::current()) const {
    return noted(this->wait_some_time(time, where));
  }
  template <class Clock, class Duration>
  std::future_status wait_until(const std::chrono::time_point<Clock, Duration>& time,
                                location where = location::current()) const {
    return noted(this->wait_some_time(time, where));
  }

 private:
  friend class future<T>;
  explicit shared_future(std::shared_ptr<detail::FutureState<T>> state)
      : detail::FutureBase<T>(std::move(state)) {
    if (this->state_ != nullptr) this->state_->share();
  }
  std::future_status noted(std::future_status status) const {
    if (status == std::future_status::ready) waited_.store(true, std::memory_order_relaxed);
    return status;
  }
  void swap(shared_future& other) noexcept {
    this->state_.swap(other.state_);
    waited_.store(other.waited_.exchange(waited_.load(std::memory_order_relaxed), std::memory_order_relaxed),
                  std::memory_order_relaxed);
  }

  mutable std::atomic<bool> waited_{false};  // several threads may set it
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
  promise(promise&& other) noexcept
      : state_(std::move(other.state_)), retrieved_(std::exchange(other.retrieved_, false)) {}
  promise& operator=(promise&& other) noexcept {
    promise(std::move(other)).swap(*this);
    return *this;
  }
  // Without a result its future throws future_errc::broken_promise. Whoever has set one has done so before
  // the promise goes, so that this need not ask as a step.
  ~promise() {
    if (state_ == nullptr || !retrieved_ || state_->has_result()) return;
    state_->break_promise();
  }

  future<T> get_future() {
    auto state = shared();
    if (std::exchange(retrieved_, true)) throw std::future_error(std::future_errc::future_already_retrieved);
    return future<T>(std::move(state));
  }
  // Throw future_errc::promise_already_satisfied when there is a value or an exception. A value that throws
  // when it is moved leaves the promise as it was.
  template <class U = T>
  requires(!std::is_void_v<T>) void set_value(U&& value, location where = location::current()) {
    shared()->set(result(std::forward<U>(value)), where);
  }
  void set_value(location where = location::current()) requires std::is_void_v<T> {
    shared()->set(State::value(), where);
  }
  void set_exception(std::exception_ptr error, location where = location::current()) {
    shared()->set(State::error(std::move(error)), where);
  }
  // The same, but the future becomes ready when the calling thread has ended.
  template <class U = T>
  requires(!std::is_void_v<T>) void set_value_at_thread_exit(U&& value,
                                                             location where = location::current()) {
    State::set_at_thread_exit(shared(), result(std::forward<U>(value)), where);
  }
  void set_value_at_thread_exit(location where = location::current()) requires std::is_void_v<T> {
    State::set_at_thread_exit(shared(), State::value(), where);
  }
  void set_exception_at_thread_exit(std::exception_ptr error, location where = location::current()) {
    State::set_at_thread_exit(shared(), State::error(std::move(error)), where);
  }
  void swap(promise& other) noexcept {
    std::swap(state_, other.state_);
    std::swap(retrieved_, other.retrieved_);
  }
  friend void swap(promise& a, promise& b) noexcept { a.swap(b); }

 private:
  template <class>
  friend class packaged_task;
  explicit promise(std::nullptr_t) noexcept {}
  template <class U>
  static typename State::Result result(U&& value) {
    if constexpr (std::is_reference_v<T>) return State::value(&value);
    else return State::value(std::forward<U>(value));
  }
  std::shared_ptr<State> shared() const {
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
      : function_(std::make_unique<Stored<std::decay_t<F>>>(std::forward<F>(function))),
        called_(std::make_shared<once_flag>()) {}
  packaged_task(packaged_task&&) noexcept = default;
  packaged_task& operator=(packaged_task&& other) noexcept {
    packaged_task(std::move(other)).swap(*this);
    return *this;
  }

  bool valid() const noexcept { return promise_.state_ != nullptr; }
  future<R> get_future() { return promise_.get_future(); }
  // Throw future_errc::promise_already_satisfied when it has been called before.
  void operator()(Arguments... arguments) {
    const auto state = promise_.shared();
    call([&](auto result) { state->set(std::move(result), location{}); },
         std::forward<Arguments>(arguments)...);
  }
  void make_ready_at_thread_exit(Arguments... arguments) {
    const auto state = promise_.shared();
    call([&](auto result) { state->set_at_thread_exit(state, std::move(result), location{}); },
         std::forward<Arguments>(arguments)...);
  }
  // For another call, with another future.
  void reset() {
    promise_.shared();
    promise_ = promise<R>();
    called_ = std::make_shared<once_flag>();
  }
  void swap(packaged_task& other) noexcept {
    std::swap(function_, other.function_);
    std::swap(called_, other.called_);
    std::swap(promise_, other.promise_);
  }
  friend void swap(packaged_task& a, packaged_task& b) noexcept { a.swap(b); }

 private:
  struct Function {
    virtual R call(Arguments... arguments) = 0;
    virtual ~Function() = default;
  };
  template <class F>
  struct Stored final : Function {
    explicit Stored(F given) : function(std::move(given)) {}
    R call(Arguments... arguments) override {
      if constexpr (std::is_void_v<R>) std::invoke(function, std::forward<Arguments>(arguments)...);
      else return std::invoke(function, std::forward<Arguments>(arguments)...);
    }
    F function;
  };

  template <class Set>
  void call(Set set, Arguments... arguments) {
    const auto called = called_;  // the task may go as soon as its future is ready
    bool first = false;
    detail::call_once(*called, location{}, [&] {
      first = true;
      set(detail::result_of<R>(
          [&]() -> R { return function_->call(std::forward<Arguments>(arguments)...); }));
    });
    if (!first) throw std::future_error(std::future_errc::promise_already_satisfied);
  }

  std::unique_ptr<Function> function_;
  std::shared_ptr<once_flag> called_;
  promise<R> promise_;
};

namespace detail {

template <class Function>
struct SignatureOf;
template <class Signature>
struct SignatureOf<std::function<Signature>> {
  using type = Signature;
};

}  // namespace detail

template <class R, class... Arguments>
packaged_task(R (*)(Arguments...)) -> packaged_task<R(Arguments...)>;
template <class F>
packaged_task(F)
    -> packaged_task<typename detail::SignatureOf<decltype(std::function(std::declval<F>()))>::type>;

// With launch::async, alone or not, the call is made by a thread of its own; else by whoever waits first.
template <class F, class... A>
auto async(launch policy, F&& function, A&&... arguments)
    -> future<std::invoke_result_t<std::decay_t<F>, std::decay_t<A>...>> {
  using R = std::invoke_result_t<std::decay_t<F>, std::decay_t<A>...>;
  using State = detail::FutureState<R>;
  const auto state = std::make_shared<State>("");
  const auto call = [&](std::shared_ptr<State> kept) {
    return std::make_unique<detail::AsyncCall<R, std::decay_t<F>, std::decay_t<A>...>>(
        std::move(kept), std::forward<F>(function), std::forward<A>(arguments)...);
  };
  if ((policy & launch::async) == launch::async) {
    state->run_on_a_thread(call(state));
  } else {  // the state owns the call, and not the other way round as well
    state->defer(call(std::shared_ptr<State>(std::shared_ptr<State>(), state.get())));
  }
  return future<R>(state);
}
template <class F, class... A>
requires(!std::is_same_v<std::remove_cvref_t<F>, launch>) auto async(F&& function, A&&... arguments) {
  return heddle::async(launch::async | launch::deferred, std::forward<F>(function),
                       std::forward<A>(arguments)...);
}

}  // namespace heddle
