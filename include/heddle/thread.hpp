// heddle/thread.hpp - std::thread, std::jthread and std::this_thread, scheduled by the checker.
//
//     heddle::thread worker([&] { ++count; });
//     worker.join();
//     heddle::jthread poller([&](heddle::stop_token stop) { while (!stop.stop_requested()) poll(); });
//
// As in <thread> ([thread.threads]): the callable and its arguments are copied or moved in, a joinable
// thread must be joined or detached before its object goes away. Under the checker a new thread runs up to
// its first visible operation at once, and its starting and being joined are not choices: they order the
// two threads but add no interleavings. Threads are called after their lineage: T1 and T2 are the first and
// the second thread that the scenario's body starts, T1.1 is the first one T1 starts.
//
// An execution lasts until all its threads have ended, detached ones included. At most 62 threads may be
// started in one execution. A thread object destroyed while joinable is reported as the std::terminate it
// would be; when that happens because a failed expectation is leaving the scope, the thread is joined
// instead, so that the failure is what gets reported. Joining oneself is `mutex-misuse`.
//
// sleep_for() and sleep_until() take no time: they are points where another thread may run, and move the
// thread's own heddle::steady_clock on.
#pragma once

#include <heddle/clock.hpp>
#include <heddle/detail/native.hpp>
#include <heddle/stop_token.hpp>

#include <compare>
#include <functional>
#include <memory>
#include <ostream>
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
  static constexpr std::uint32_t nobody = ~std::uint32_t{0};

 public:
  // Equal for equal threads; a default-constructed one stands for no thread.
  class id {
   public:
    id() noexcept = default;
    friend bool operator==(id, id) noexcept = default;
    friend std::strong_ordering operator<=>(id left, id right) noexcept {
      return left.number_ != right.number_ ? left.number_ <=> right.number_ : left.native_ <=> right.native_;
    }
    template <class Character, class Traits>
    friend std::basic_ostream<Character, Traits>& operator<<(std::basic_ostream<Character, Traits>& out,
                                                             id thread) {
      return thread.is_native() ? out << thread.native_ : out << thread.number_;
    }

   private:
    friend class heddle::thread;
    friend struct std::hash<id>;
    friend id this_thread_id() noexcept;
    bool is_native() const noexcept { return number_ == nobody; }

    std::uint32_t number_ = nobody;
    std::thread::id native_;
  };

  thread() noexcept = default;

  template <class F, class... A>
  requires(!std::is_same_v<std::remove_cvref_t<F>, thread>) explicit thread(F&& function, A&&... arguments) {
    if (detail::supervised()) {
      number_ = detail::start_thread(std::make_unique<detail::Call<std::decay_t<F>, std::decay_t<A>...>>(
          std::forward<F>(function), std::forward<A>(arguments)...));
    } else {
      native_ = std::thread(std::forward<F>(function), std::forward<A>(arguments)...);
    }
  }
  thread(thread&& other) noexcept { swap(other); }
  thread& operator=(thread&& other) noexcept {
    if (number_ != nobody) detail::drop_joinable_thread(std::exchange(number_, nobody));
    native_ = std::move(other.native_);
    number_ = std::exchange(other.number_, nobody);
    return *this;
  }
  ~thread() {
    if (number_ != nobody) detail::drop_joinable_thread(number_);
  }

  bool joinable() const noexcept { return number_ != nobody || native_.joinable(); }

  // Waits for the thread to end. REQUIRES: joinable().
  void join(location where = location::current()) {
    if (number_ != nobody) detail::join_thread(std::exchange(number_, nobody), where);
    else native_.join();
  }

  // Lets the thread go on without its object. REQUIRES: joinable().
  void detach() {
    if (number_ != nobody) number_ = nobody;
    else native_.detach();
  }
  id get_id() const noexcept {
    id result;
    result.number_ = number_;
    result.native_ = native_.get_id();
    return result;
  }
  static unsigned hardware_concurrency() noexcept { return std::thread::hardware_concurrency(); }

  void swap(thread& other) noexcept {
    native_.swap(other.native_);
    std::swap(number_, other.number_);
  }

 private:
  std::thread native_;
  std::uint32_t number_ = nobody;  // of an execution or a native run
};

inline thread::id this_thread_id() noexcept {
  thread::id result;
  if (detail::supervised()) result.number_ = detail::running_thread();
  else result.native_ = std::this_thread::get_id();
  return result;
}

// Asks its thread to stop, and joins it, when it goes away.
class jthread {
 public:
  using id = thread::id;

  jthread() noexcept : source_(nostopstate) {}
  // The callable may take a stop_token before its arguments.
  template <class F, class... A>
  requires(!std::is_same_v<std::remove_cvref_t<F>, jthread>) explicit jthread(F&& function, A&&... arguments)
      : thread_(start(source_, std::forward<F>(function), std::forward<A>(arguments)...)) {}
  jthread(jthread&&) noexcept = default;
  jthread& operator=(jthread&& other) noexcept {
    if (this != &other) {
      end();
      thread_ = std::move(other.thread_);
      source_ = std::move(other.source_);
    }
    return *this;
  }
  ~jthread() { end(); }

  bool joinable() const noexcept { return thread_.joinable(); }
  void join(location where = location::current()) { thread_.join(where); }
  void detach() { thread_.detach(); }
  id get_id() const noexcept { return thread_.get_id(); }
  stop_source get_stop_source() noexcept { return source_; }
  stop_token get_stop_token() const noexcept { return source_.get_token(); }
  bool request_stop(location where = location::current()) { return source_.request_stop(where); }
  void swap(jthread& other) noexcept {
    std::swap(source_, other.source_);
    thread_.swap(other.thread_);
  }

 private:
  template <class F, class... A>
  static constexpr bool takes_stop_token =
      std::is_invocable_v<std::decay_t<F>, stop_token, std::decay_t<A>...>;
  template <class F, class... A>
  static thread start(stop_source& source, F&& function, A&&... arguments) {
    static_assert(takes_stop_token<F, A...> || std::is_invocable_v<std::decay_t<F>, std::decay_t<A>...> ||
                      !std::is_invocable_v<std::decay_t<F>, std::stop_token, std::decay_t<A>...>,
                  "the callable of a heddle::jthread takes a heddle::stop_token, not a std::stop_token");
    if constexpr (takes_stop_token<F, A...>)
      return thread(std::forward<F>(function), source.get_token(), std::forward<A>(arguments)...);
    else return thread(std::forward<F>(function), std::forward<A>(arguments)...);
  }
  void end() {
    if (!joinable()) return;
    detail::in_destructor([this] {
      request_stop(location{});
      thread_.join(location{});
    });
  }

  stop_source source_;
  thread thread_;
};

// A point where another thread may run, and nothing else.
inline void yield(location where = location::current()) {
  if (detail::in_model()) detail::yield(where);
  else std::this_thread::yield();
}

namespace this_thread {

inline thread::id get_id() noexcept { return this_thread_id(); }
inline void yield(location where = location::current()) { heddle::yield(where); }
template <class Rep, class Period>
void sleep_for(const std::chrono::duration<Rep, Period>& time, location where = location::current()) {
  if (detail::in_model()) detail::sleep(detail::deadline(time), where);
  else std::this_thread::sleep_for(time);
}
template <class Clock, class Duration>
void sleep_until(const std::chrono::time_point<Clock, Duration>& time, location where = location::current()) {
  if (detail::in_model()) detail::sleep(detail::deadline(time), where);
  else std::this_thread::sleep_until(time);
}

}  // namespace this_thread

}  // namespace heddle

template <>
struct std::hash<heddle::thread::id> {
  std::size_t operator()(heddle::thread::id thread) const noexcept {
    return thread.is_native() ? std::hash<std::thread::id>()(thread.native_) : thread.number_;
  }
};
