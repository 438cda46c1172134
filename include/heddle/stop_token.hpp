// heddle/stop_token.hpp - std::stop_token and its relatives, visible to the checker.
//
//     heddle::stop_source source;
//     heddle::stop_callback say(source.get_token(), [&] { stopped = true; });
//     source.request_stop();
//
// Names, signatures and meaning of <stop_token> ([thread.stoptoken]). Callbacks run on the thread that
// requests the stop, or at once when it has been requested; a callback's destructor waits for it to end
// unless it runs on the same thread. Under the checker a query is one step, and requesting, registering and
// deregistering are steps on a mutex of the shared state.
#pragma once

#include <heddle/atomic.hpp>
#include <heddle/mutex.hpp>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace heddle {

using std::nostopstate;
using std::nostopstate_t;

namespace detail {

struct StopCallback {
  std::function<void()> run;
  bool* destroyed = nullptr;  // while it runs: set by its own destructor
};

// Under the checker: what the source and its tokens share.
class StopState {
 public:
  bool requested(location where) { return load(requested_, 0, std::memory_order_acquire, false, where) != 0; }
  // Joins the waiters unless the stop has been requested. Returns whether it has joined them.
  bool begin_to_wait(Object& waiters, location where) {
    return detail::begin_to_wait(waiters, requested_, 0, std::memory_order_acquire, where);
  }

  bool request(location where) {
    guard_.lock(where);
    const bool first = load(requested_, 0, std::memory_order_relaxed, false, where) == 0;
    if (first) {
      store(requested_, 0, 1, std::memory_order_release, false, where);
      runner_ = current_thread();
      while (!callbacks_.empty()) run_first(where);
    }
    guard_.unlock(where);
    return first;
  }

  // Returns false when the stop has been requested: the callback is to run at once.
  bool add(StopCallback& callback, location where) {
    const lock_guard hold(guard_, where);
    if (load(requested_, 0, std::memory_order_relaxed, false, where) != 0) return false;
    callbacks_.push_back(&callback);
    return true;
  }
  void remove(StopCallback& callback, location where) {
    const lock_guard hold(guard_, where);
    callbacks_.remove(&callback);
    if (running_ != &callback) return;
    if (runner_ == current_thread()) {
      *callback.destroyed = true;
      return;
    }
    const Word round = rounds_.load(std::memory_order_relaxed, where);
    guard_.unlock(where);
    rounds_.wait(round, std::memory_order_acquire, where);
    guard_.lock(where);
  }

 private:
  void run_first(location where) {
    StopCallback* const callback = callbacks_.front();
    callbacks_.pop_front();
    bool destroyed = false;
    callback->destroyed = &destroyed;
    running_ = callback;
    guard_.unlock(where);
    callback->run();
    guard_.lock(where);
    running_ = nullptr;
    if (destroyed) return;
    rounds_.fetch_add(1, std::memory_order_release, where);
    rounds_.notify_all(where);
  }

  Object requested_{ObjectKind::Atomic, "stop", 0, WordFormat::Boolean};
  mutex guard_{"stop guard"};
  atomic<Word> rounds_{0, "stop callbacks"};
  std::list<StopCallback*> callbacks_;
  StopCallback* running_ = nullptr;
  std::uint32_t runner_ = 0;
};

}  // namespace detail

class stop_token {
 public:
  stop_token() noexcept = default;

  bool stop_requested(location where = location::current()) const {
    return state_ != nullptr ? state_->requested(where) : native_.stop_requested();
  }
  // For a source that still exists, or a stop that has been requested.
  bool stop_possible() const noexcept { return state_ != nullptr || native_.stop_possible(); }
  friend bool operator==(const stop_token&, const stop_token&) noexcept = default;

 private:
  friend class stop_source;
  friend class condition_variable_any;
  template <class>
  friend class stop_callback;
  std::shared_ptr<detail::StopState> state_;
  std::stop_token native_;
};

class stop_source {
 public:
  stop_source() : native_(nostopstate) {
    if (detail::in_model()) state_ = std::make_shared<detail::StopState>();
    else native_ = std::stop_source();
  }
  explicit stop_source(nostopstate_t) noexcept : native_(nostopstate) {}

  stop_token get_token() const noexcept {
    stop_token token;
    token.state_ = state_;
    token.native_ = native_.get_token();
    return token;
  }
  bool stop_requested(location where = location::current()) const {
    return state_ != nullptr ? state_->requested(where) : native_.stop_requested();
  }
  bool stop_possible() const noexcept { return state_ != nullptr || native_.stop_possible(); }
  // Returns whether this call was the first.
  bool request_stop(location where = location::current()) {
    return state_ != nullptr ? state_->request(where) : native_.request_stop();
  }
  friend bool operator==(const stop_source&, const stop_source&) noexcept = default;

 private:
  std::shared_ptr<detail::StopState> state_;
  std::stop_source native_;
};

template <class Callback>
class [[nodiscard]] stop_callback {
 public:
  using callback_type = Callback;

  template <class C>
  explicit stop_callback(const stop_token& token, C&& callback, location where = location::current())
      : callback_(std::forward<C>(callback)), state_(token.state_) {
    if (state_ == nullptr) {
      native_.emplace(token.native_, [this] { callback_(); });
      return;
    }
    registered_.run = [this] { callback_(); };
    if (state_->add(registered_, where)) return;
    state_ = nullptr;
    callback_();
  }
  ~stop_callback() {
    if (state_ != nullptr) state_->remove(registered_, location{});
  }
  stop_callback(const stop_callback&) = delete;
  stop_callback& operator=(const stop_callback&) = delete;

 private:
  Callback callback_;
  std::shared_ptr<detail::StopState> state_;
  detail::StopCallback registered_;
  std::optional<std::stop_callback<std::function<void()>>> native_;
};
template <class Callback>
stop_callback(stop_token, Callback) -> stop_callback<Callback>;

}  // namespace heddle
