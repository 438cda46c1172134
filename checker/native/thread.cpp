#include "checker/native/thread.hpp"

#include "checker/core/format.hpp"
#include "checker/core/hash.hpp"
#include "checker/machine/object_table.hpp"

#include <exception>

namespace heddle::checker::native {

void Run::begin(std::uint64_t run, std::uint64_t seed_of_all) {
  number = run;
  seed = mixed(mixed(seed_of_all) + run);
  record.clear();
  discarded.store(false, std::memory_order_relaxed);
  failure.reset();
}

void Run::failed(std::string message) {
  const std::lock_guard hold(guard);
  if (!failure) failure = std::move(message);
}

void Thread::perform(const std::function<void()>& body) {
  const Current current(*this);
  try {
    body();
    run_at_exit();
  } catch (...) {
    ended_by_exception();
  }
  at_exit_.clear();
}

void Thread::perform(std::unique_ptr<detail::Task> task) {
  const Current current(*this);
  try {
    std::unique_ptr<detail::Task> own = std::move(task);
    own->run();
    own.reset();
    run_at_exit();
  } catch (...) {
    ended_by_exception();
  }
  at_exit_.clear();
}

std::size_t Thread::choose(std::size_t alternatives) {
  return mixed(run_.seed + (std::uint64_t{index_} << 32) + ++choices_) % alternatives;
}

void Thread::discard() {
  run_.discarded.store(true, std::memory_order_relaxed);
  throw Left();
}

void Thread::fail(std::string message, location where) {
  run_.failed(message + place_text(where));
  throw Left();
}

void Thread::run_at_exit() {
  for (const auto& task : at_exit_) task->run();
}

void Thread::ended_by_exception() {
  try {
    throw;
  } catch (const detail::Unwinding&) {
  } catch (const std::exception& error) {
    run_.failed(std::string(slot_.thread.data()) + " ended with an exception: " + error.what());
  } catch (...) {
    run_.failed(std::string(slot_.thread.data()) + " ended with an exception that is no std::exception");
  }
}

void Thread::begin_wait(const char* what, const detail::Object* object, location where) noexcept {
  // Waiting for a condition variable ends by locking a mutex, from inside the standard library.
  if (waits_++ == 0) slot_.where = where;
  slot_.what = what;
  if (object == nullptr) slot_.object.front() = '\0';
  else if (!object->name().empty()) copy_text(slot_.object, object->name());
  else copy_text(slot_.object, "a " + std::string(type_name(object->kind())));
  slot_.state.store(Slot::State::Waiting, std::memory_order_release);
}

void Thread::end_wait() noexcept {
  if (--waits_ == 0) slot_.state.store(Slot::State::Running, std::memory_order_release);
}

}  // namespace heddle::checker::native
