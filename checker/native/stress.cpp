// checker/native/stress.cpp - the stress form: threads that stay run the scenario's threads of many
// instances.
//
// A batch is a number of instances. The coordinator runs the main thread of each on a fiber until it joins
// its threads, which have not begun yet. Then worker k runs the kth thread of every instance, and the
// coordinator goes on with the mains. All workers take the instances in the same order: otherwise one could
// wait for ever in an instance whose other threads stand behind another such wait. A worker begins with an
// instance when the others have come to it, or do not seem to come soon.

#include "checker/core/format.hpp"
#include "checker/machine/fiber.hpp"
#include "checker/machine/stack_pool.hpp"
#include "checker/native/form.hpp"
#include "checker/native/histogram.hpp"
#include "checker/native/processors.hpp"
#include "checker/native/thread.hpp"

#include <unistd.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace heddle::checker::native {

namespace {

constexpr std::size_t batch = 512;  // instances
constexpr std::size_t stack_bytes = 128 * 1024;
constexpr unsigned patience = 200;  // looks at the others before a worker goes on alone
constexpr unsigned skew_most = 8;   // pauses by which a worker begins later than the others

void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

// Leaves the process: the form does not suit this scenario after all.
[[noreturn]] void refuse(Board& board, const std::string& reason) {
  copy_text(board.shared().unsuited, reason);
  board.shared().refused = true;
  _exit(0);
}

class Instance;

// A thread of the scenario that a worker runs.
class TaskThread final : public Thread {
 public:
  TaskThread(Run& run, std::uint32_t index, Board& board)
      : Thread(run, index, board.shared().slots[index]), board_(board) {
    slot().name("T" + std::to_string(index));
  }
  std::uint32_t spawn(std::unique_ptr<detail::Task>) override {
    refuse(board_, "T" + std::to_string(current_thread()) + " starts a thread");
  }
  void join(std::uint32_t, location where) override {
    refuse(board_, "T" + std::to_string(current_thread()) + " joins a thread" + place_text(where));
  }
  void dropped_joinable(std::uint32_t) noexcept override { std::terminate(); }

 private:
  Board& board_;
};

class MainThread final : public Thread {
 public:
  MainThread(Instance& instance, Run& run, Slot& slot, Board& board)
      : Thread(run, 0, slot), instance_(instance), board_(board) {}
  std::uint32_t spawn(std::unique_ptr<detail::Task> task) override;
  void join(std::uint32_t thread, location where) override;
  void dropped_joinable(std::uint32_t thread) noexcept override;
  void begin_wait(const char* what, const detail::Object* object, location where) noexcept override;

 private:
  Instance& instance_;
  Board& board_;
};

class Instance {
 public:
  Instance(const Subject& subject, const Stack& stack)
      : subject_(subject),
        board_(subject.board),
        fiber_(stack),
        main_(*this, run_, subject.board.shared().slots[0], subject.board) {}

  // Runs main up to its first join.
  void begin(std::uint64_t number) {
    run_.begin(number, subject_.options.seed);
    tasks_.clear();
    fiber_.assign([](void* self) { static_cast<Instance*>(self)->run_main(); }, this);
    go_on();
  }
  // The threads have run: main goes on.
  void go_on() {
    ended_ = tasks_.size();
    main_.slot().run.store(run_.number, std::memory_order_relaxed);
    const Thread::Current current(main_);
    fiber_.resume();
    if (fiber_.idle() && waiting() > 0) refuse(board_, "main ends without joining all threads");
  }
  std::size_t waiting() const { return tasks_.size() - ended_; }
  // On worker k, the kth thread that waits.
  void run_task(std::size_t k) {
    if (k >= waiting()) return;
    const std::size_t index = ended_ + k;
    TaskThread& thread = threads_[index];
    Slot& slot = thread.slot();
    slot.run.store(run_.number, std::memory_order_relaxed);
    slot.state.store(Slot::State::Running, std::memory_order_relaxed);
    thread.perform(std::move(tasks_[index]));
    slot.state.store(Slot::State::Unused, std::memory_order_relaxed);
  }
  Ended ended() const { return {run_.number, run_.record, run_.failure, run_.discarded}; }

  // Main's side.
  std::uint32_t add(std::unique_ptr<detail::Task> task) {
    if (tasks_.size() + 1 == threads_most)
      refuse(board_, "it starts more than " + std::to_string(threads_most - 1) + " threads");
    tasks_.push_back(std::move(task));
    const auto index = static_cast<std::uint32_t>(tasks_.size());
    if (threads_.size() < tasks_.size()) threads_.emplace_back(run_, index, board_);
    return index;
  }
  void suspend_until_ended(std::uint32_t thread) {
    while (thread > ended_) fiber_.suspend();
  }

 private:
  void run_main() { main_.perform(subject_.body); }

  const Subject& subject_;
  Board& board_;
  Fiber fiber_;
  Run run_;
  MainThread main_;
  std::vector<std::unique_ptr<detail::Task>> tasks_;  // of this run, by thread
  std::deque<TaskThread> threads_;                    // of all runs
  std::size_t ended_ = 0;                             // of the tasks
};

std::uint32_t MainThread::spawn(std::unique_ptr<detail::Task> task) { return instance_.add(std::move(task)); }

void MainThread::join(std::uint32_t thread, location) { instance_.suspend_until_ended(thread); }

void MainThread::dropped_joinable(std::uint32_t thread) noexcept {
  if (std::uncaught_exceptions() == 0) std::terminate();
  join(thread, location{});
}

void MainThread::begin_wait(const char* what, const detail::Object* object, location where) noexcept {
  if (instance_.waiting() > 0)
    refuse(board_,
           "before it joins its threads, main " + std::string(what) + " something" + place_text(where));
  Thread::begin_wait(what, object, where);
}

// Runs a phase of a batch on threads of its own.
class Workers {
 public:
  explicit Workers(std::vector<std::unique_ptr<Instance>>& instances)
      : instances_(instances), processors_(processors()), order_(instances.size()) {}
  ~Workers() {
    stop_ = true;
    phase_.fetch_add(1);
    phase_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  // Runs the threads that wait, in the first `size` instances: at most `width` of each.
  void run(std::size_t size, std::size_t width, Hash random) {
    while (threads_.size() < width) start();
    shuffle(size, random);
    size_ = size;
    skew_ = random;
    ready_ = 0;
    for (auto& position : positions_) position.value.store(0, std::memory_order_relaxed);
    working_ = threads_.size();
    phase_.fetch_add(1);
    phase_.notify_all();
    for (std::size_t left = working_.load(); left != 0; left = working_.load()) working_.wait(left);
  }

 private:
  static constexpr std::size_t never = ~std::size_t{0};
  struct alignas(64) Position {
    std::atomic<std::size_t> value{0};
  };

  void start() {
    const std::size_t k = threads_.size();
    positions_.emplace_back();
    threads_.emplace_back([this, k, phase = phase_.load()] { work(k, phase); });
  }

  void work(std::size_t k, unsigned seen) {
    pin(processors_, k);
    for (;; ++seen) {
      phase_.wait(seen);
      if (stop_) return;
      run_phase(k);
      if (working_.fetch_sub(1) == 1) working_.notify_all();
    }
  }

  void run_phase(std::size_t k) {
    meet();
    const unsigned skew = mixed(skew_ + k) % skew_most;
    std::size_t stopped = never;
    for (std::size_t i = 0; i < size_; ++i) {
      positions_[k].value.store(i + 1, std::memory_order_release);
      wait_for_others(i + 1, stopped);
      for (unsigned n = 0; n < skew; ++n) relax();
      instances_[order_[i]]->run_task(k);
    }
    positions_[k].value.store(size_ + 1, std::memory_order_release);
  }
  // The barrier before a phase.
  void meet() {
    if (ready_.fetch_add(1) + 1 == threads_.size()) return ready_.notify_all();
    for (unsigned look = 0; look < patience && ready_.load() < threads_.size(); ++look) relax();
    for (std::size_t ready = ready_.load(); ready < threads_.size(); ready = ready_.load())
      ready_.wait(ready);
  }
  // `stopped` is where the last one stood when it was last waited for in vain: the system has taken its
  // processor away, and before it moves there is no point in waiting again.
  void wait_for_others(std::size_t position, std::size_t& stopped) {
    if (threads_.size() > processors_.size()) return;
    std::size_t last = last_position();
    if (last == stopped) return;
    for (unsigned look = 0; last < position; last = last_position()) {
      if (++look == patience) {
        stopped = last;
        return;
      }
      relax();
    }
  }
  std::size_t last_position() const {
    std::size_t last = never;
    for (const Position& each : positions_) last = std::min(last, each.value.load(std::memory_order_acquire));
    return last;
  }

  // Strided or, every other time, shuffled.
  void shuffle(std::size_t size, Hash random) {
    for (std::size_t i = 0; i < size; ++i) order_[i] = i;
    if (random % 2 == 0) {
      for (std::size_t i = size; i > 1; --i) std::swap(order_[i - 1], order_[mixed(random + i) % i]);
    } else {
      const std::size_t stride = 1 + random / 2 % 31;
      std::stable_sort(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(size),
                       [&](std::size_t a, std::size_t b) { return a % stride < b % stride; });
    }
  }

  std::vector<std::unique_ptr<Instance>>& instances_;
  std::vector<int> processors_;
  std::vector<std::size_t> order_;
  std::size_t size_ = 0;
  Hash skew_ = 0;
  std::deque<Position> positions_;
  std::atomic<std::size_t> ready_{0};
  std::atomic<std::size_t> working_{0};
  std::atomic<unsigned> phase_{0};
  std::atomic<bool> stop_{false};
  std::deque<std::thread> threads_;
};

// Stacks begin at different lines of a page: otherwise all instances would compete for the same few of a
// cache.
Stack stack_of(StackPool& stacks, std::size_t instance) {
  Stack stack = stacks.acquire();
  stack.mapped -= instance % 32 * 128;
  return stack;
}

}  // namespace

void run_stress(const Subject& subject) {
  StackPool stacks(stack_bytes);
  std::vector<std::unique_ptr<Instance>> instances;
  for (std::size_t i = 0; i < batch; ++i)
    instances.push_back(std::make_unique<Instance>(subject, stack_of(stacks, i)));
  Workers workers(instances);
  Histogram histogram(subject.board);
  Board::Shared& shared = subject.board.shared();
  shared.slots[0].name("main");
  shared.slots[0].state = Slot::State::Running;
  Hash random = mixed(subject.options.seed);
  for (const Clock::time_point began = Clock::now(); goes_on(subject, began);) {
    const std::uint64_t done = shared.runs;
    const std::uint64_t left = subject.options.runs == 0 ? batch : subject.options.runs - done;
    const std::size_t size = std::min<std::uint64_t>(batch, left);
    for (std::size_t i = 0; i < size; ++i) instances[i]->begin(done + i + 1);
    for (;;) {
      std::size_t width = 0;
      for (std::size_t i = 0; i < size; ++i) width = std::max(width, instances[i]->waiting());
      if (width == 0) break;
      shared.slots[0].state = Slot::State::Unused;
      workers.run(size, width, random = mixed(random + 1));
      shared.slots[0].state = Slot::State::Running;
      for (std::size_t i = 0; i < size; ++i)
        if (instances[i]->waiting() > 0) instances[i]->go_on();
    }
    for (std::size_t i = 0; i < size; ++i) histogram.count(instances[i]->ended());
  }
}

}  // namespace heddle::checker::native
