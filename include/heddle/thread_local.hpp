// heddle/thread_local.hpp - a thread_local variable for code that the checker runs.
//
//     heddle::thread_local_var<int> depth{0};
//     ++*depth;                                     // the calling thread's own
//
// The threads of a scenario share one OS thread, so a `thread_local` would be shared by all of them, and kept
// from one execution to the next. A thread_local_var has a value for each thread, which starts as a copy of
// the initial one at the thread's first use and lives as long as the variable. Under the checker it must be
// created inside the scenario's body. No other thread can access the value, so no access is a step.
#pragma once

#include <heddle/thread.hpp>

#include <map>
#include <mutex>
#include <utility>

namespace heddle {

template <class T>
class thread_local_var {
 public:
  explicit thread_local_var(T initial = T{}) : initial_(std::move(initial)) {}
  thread_local_var(const thread_local_var&) = delete;
  thread_local_var& operator=(const thread_local_var&) = delete;

  // The calling thread's value. The reference stays valid as long as the variable.
  T& get() {
    const std::lock_guard hold(guard_);
    return values_.try_emplace(this_thread::get_id(), initial_).first->second;
  }
  T& operator*() { return get(); }
  T* operator->() { return &get(); }

 private:
  const T initial_;
  std::mutex guard_;  // of the map; never held across a step
  std::map<thread::id, T> values_;
};

}  // namespace heddle
