// checker/native/whole.cpp - the whole form: each run calls the body, which starts its threads.

#include "checker/native/form.hpp"
#include "checker/native/histogram.hpp"
#include "checker/native/processors.hpp"
#include "checker/native/thread.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <thread>
#include <vector>

namespace heddle::checker::native {

namespace {

class WholeRun;

class WholeThread final : public Thread {
 public:
  WholeThread(WholeRun& whole, Run& run, std::uint32_t index, Slot& slot, std::string name);

  std::uint32_t spawn(std::unique_ptr<detail::Task> task) override;
  void join(std::uint32_t thread, location where) override;
  void dropped_joinable(std::uint32_t thread) noexcept override;

 private:
  WholeRun& whole_;
  std::string name_;
  unsigned children_ = 0;
};

// The threads of one run.
class WholeRun {
 public:
  WholeRun(const Subject& subject, const std::vector<int>& processors)
      : subject_(subject), processors_(processors) {}

  void perform(std::uint64_t number) {
    run_.begin(number, subject_.options.seed);
    {
      const std::lock_guard hold(guard_);
      add("main");
    }
    threads_.front().perform(subject_.body);
    threads_.front().slot().state = Slot::State::Unused;
    join_all();
    for (Slot& slot : subject_.board.shared().slots) slot.state.store(Slot::State::Unused);
  }
  Ended ended() const { return {run_.number, run_.record, run_.failure, run_.discarded}; }

  std::uint32_t start(std::string name, std::unique_ptr<detail::Task> task) {
    const std::lock_guard hold(guard_);
    WholeThread& thread = add(std::move(name));
    os_threads_.back() = std::thread([this, &thread, task = std::move(task)]() mutable {
      if (subject_.options.pinned) pin(processors_, thread.current_thread() - 1);
      thread.perform(std::move(task));
      thread.slot().state = Slot::State::Unused;
    });
    return thread.current_thread();
  }
  void join(std::uint32_t index) {
    std::thread joined;
    {
      const std::lock_guard hold(guard_);
      joined = std::move(os_threads_[index]);
    }
    joined.join();
  }
  const char* name_of(std::uint32_t index) { return subject_.board.shared().slots[index].thread.data(); }

 private:
  // REQUIRES: the guard is held.
  WholeThread& add(std::string name) {
    const auto index = static_cast<std::uint32_t>(threads_.size());
    if (index == threads_most)
      throw std::length_error("a run can start at most " + std::to_string(threads_most - 1) + " threads");
    Slot& slot = subject_.board.shared().slots[index];
    slot.name(name);
    slot.run = run_.number;
    slot.state = Slot::State::Running;
    os_threads_.emplace_back();
    return threads_.emplace_back(*this, run_, index, slot, std::move(name));
  }
  // Detached threads may start others until they end.
  void join_all() {
    for (std::uint32_t index = 1;; ++index) {
      {
        const std::lock_guard hold(guard_);
        if (index == os_threads_.size()) return;
        if (!os_threads_[index].joinable()) continue;
      }
      join(index);
    }
  }

  const Subject& subject_;
  const std::vector<int>& processors_;
  Run run_;
  std::mutex guard_;  // of what follows
  std::deque<WholeThread> threads_;
  std::deque<std::thread> os_threads_;  // main's stays empty
};

WholeThread::WholeThread(WholeRun& whole, Run& run, std::uint32_t index, Slot& slot, std::string name)
    : Thread(run, index, slot), whole_(whole), name_(std::move(name)) {}

std::uint32_t WholeThread::spawn(std::unique_ptr<detail::Task> task) {
  const std::string number = std::to_string(++children_);
  return whole_.start(current_thread() == 0 ? "T" + number : name_ + "." + number, std::move(task));
}

void WholeThread::join(std::uint32_t thread, location where) {
  begin_wait("waits for the end of", nullptr, where);
  copy_text(slot().object, whole_.name_of(thread));
  whole_.join(thread);
  end_wait();
}

// What std::thread does, unless an expectation has failed and leaves the scope.
void WholeThread::dropped_joinable(std::uint32_t thread) noexcept {
  if (std::uncaught_exceptions() == 0) std::terminate();
  join(thread, location{});
}

}  // namespace

void run_whole(const Subject& subject) {
  const std::vector<int> allowed = processors();
  Histogram histogram(subject.board);
  Board::Shared& shared = subject.board.shared();
  const Clock::time_point began = Clock::now();
  while (goes_on(subject, began)) {
    const Clock::time_point start = Clock::now();
    WholeRun run(subject, allowed);
    run.perform(shared.runs + 1);
    const auto took = static_cast<std::uint64_t>(std::chrono::nanoseconds(Clock::now() - start).count());
    histogram.count(run.ended());
    shared.running += took;
  }
}

}  // namespace heddle::checker::native
