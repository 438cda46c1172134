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

#include <heddle/atomic.hpp>
#include <heddle/once.hpp>
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

}  // namespace detail

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
