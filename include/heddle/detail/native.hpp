// heddle/detail/native.hpp - the door between the public types and a native run.
//
// A native run executes a scenario on std::thread and real memory, see <heddle/native.hpp>. The types do the
// real thing there as they do outside an exploration; only starting and joining threads, outcomes,
// expectations and choices belong to the run. Waits are noted, and only once a thread really has to wait, so
// that a run that hangs can say where. Not part of the stable interface.
#pragma once

#include <heddle/detail/model.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace heddle::detail {

// The run as one of its threads sees it.
class NativeRun {
 public:
  virtual std::uint32_t spawn(std::unique_ptr<Task> task) = 0;
  virtual void join(std::uint32_t thread, location where) = 0;
  virtual void at_thread_exit(std::unique_ptr<Task> task) = 0;
  virtual void dropped_joinable(std::uint32_t thread) noexcept = 0;
  virtual std::uint32_t current_thread() const noexcept = 0;

  virtual std::size_t choose(std::size_t alternatives) = 0;
  // Ends the calling thread; the run does not count.
  [[noreturn]] virtual void discard() = 0;
  // Ends the calling thread; the run has failed.
  [[noreturn]] virtual void fail(std::string message, location where) = 0;
  virtual void record_outcome(std::string_view name, Word value, WordFormat format) = 0;
  virtual void record_outcome(std::string_view name, std::string_view text) = 0;

  // `what` is a literal: "waits to lock". Waits may be nested; the outermost has the place the user wrote.
  virtual void begin_wait(const char* what, const Object* object, location where) noexcept = 0;
  virtual void end_wait() noexcept = 0;

 protected:
  ~NativeRun() = default;
};

// The native run that the calling thread belongs to, or null.
extern constinit thread_local NativeRun* native_run;

// Whether threads are numbered by a machine or a native run.
inline bool supervised() noexcept { return in_model() || native_run != nullptr; }

inline std::uint32_t start_thread(std::unique_ptr<Task> task) {
  return in_model() ? spawn(std::move(task)) : native_run->spawn(std::move(task));
}
inline void join_thread(std::uint32_t thread, location where) {
  if (in_model()) join(thread, where);
  else native_run->join(thread, where);
}
inline void drop_joinable_thread(std::uint32_t thread) noexcept {
  if (in_model()) dropped_joinable(thread);
  else native_run->dropped_joinable(thread);
}
inline std::uint32_t running_thread() noexcept {
  return in_model() ? current_thread() : native_run->current_thread();
}

// Notes that the calling thread waits, for as long as it exists.
class NativeWait {
 public:
  NativeWait(const char* what, const Object* object, location where) noexcept {
    if (native_run == nullptr) return;
    native_run->begin_wait(what, object, where);
    waits_ = true;
  }
  ~NativeWait() { end(); }
  NativeWait(const NativeWait&) = delete;
  NativeWait& operator=(const NativeWait&) = delete;

  void end() noexcept {
    if (std::exchange(waits_, false)) native_run->end_wait();
  }

 private:
  bool waits_ = false;
};

// Waits for what can be had without waiting as well, and notes it only if it has to.
template <class Try, class Wait>
void wait_natively(const char* what, const Object& object, location where, Try without_waiting, Wait wait) {
  if (native_run == nullptr) return wait();
  if (without_waiting()) return;
  const NativeWait note(what, &object, where);
  wait();
}

}  // namespace heddle::detail
