// checker/native/thread.hpp - a thread of a native run, as its operations see it.
#pragma once

#include "checker/native/board.hpp"
#include "checker/native/record.hpp"

#include <heddle/detail/native.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace heddle::checker::native {

// What the threads of one run have in common.
struct Run {
  std::uint64_t number = 0;  // from 1
  std::uint64_t seed = 0;    // of choose()
  Record record;
  std::atomic<bool> discarded{false};
  std::mutex guard;                    // of the failure
  std::optional<std::string> failure;  // the first

  void begin(std::uint64_t run, std::uint64_t seed_of_all);
  void failed(std::string message);
};

// Ends a thread of a run.
struct Left : detail::Unwinding {};

// Starting and joining threads is the form's.
class Thread : public detail::NativeRun {
 public:
  Thread(Run& run, std::uint32_t index, Slot& slot) : run_(run), index_(index), slot_(slot) {}
  virtual ~Thread() = default;
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // Makes a thread the one that the calling OS thread runs, for a scope.
  class Current {
   public:
    explicit Current(Thread& thread) : previous_(std::exchange(detail::native_run, &thread)) {}
    ~Current() { detail::native_run = previous_; }
    Current(const Current&) = delete;
    Current& operator=(const Current&) = delete;

   private:
    detail::NativeRun* previous_;
  };

  // Runs what belongs to this thread, on the calling one. A task is destroyed there, too.
  void perform(const std::function<void()>& body);
  void perform(std::unique_ptr<detail::Task> task);

  void at_thread_exit(std::unique_ptr<detail::Task> task) final { at_exit_.push_back(std::move(task)); }
  std::uint32_t current_thread() const noexcept final { return index_; }
  std::size_t choose(std::size_t alternatives) final;
  [[noreturn]] void discard() final;
  [[noreturn]] void fail(std::string message, location where) final;
  void record_outcome(std::string_view name, detail::Word value, detail::WordFormat format) final {
    run_.record.set(name, value, format);
  }
  void record_outcome(std::string_view name, std::string_view text) final { run_.record.set(name, text); }
  void begin_wait(const char* what, const detail::Object* object, location where) noexcept override;
  void end_wait() noexcept final;

  Slot& slot() const { return slot_; }

 protected:
  Run& run() const { return run_; }

 private:
  void run_at_exit();
  void ended_by_exception();

  Run& run_;
  std::uint32_t index_;
  Slot& slot_;
  std::vector<std::unique_ptr<detail::Task>> at_exit_;
  std::uint64_t choices_ = 0;
  unsigned waits_ = 0;  // nested
};

}  // namespace heddle::checker::native
