#include "checker/native/supervisor.hpp"

#include "checker/machine/caller_blocks.hpp"
#include "checker/machine/fault_guard.hpp"
#include "checker/native/thread.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <system_error>

namespace heddle::checker::native {

using heddle::native::Fault;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t output_most = 64 * 1024;
constexpr std::chrono::milliseconds look{50};
// What the running process has to end in after an interruption.
constexpr std::chrono::milliseconds grace{500};

[[noreturn]] void refuse(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

// ---- the running process ----------------------------------------------------------------------------

Board* board_of_process = nullptr;

// Notes which thread of which run it was, and lets the signal end the process.
void on_fatal(int signal) {
  if (detail::native_run != nullptr) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): there are no others
    const Slot& slot = static_cast<Thread*>(detail::native_run)->slot();
    Board::Shared& shared = board_of_process->shared();
    shared.crashed = static_cast<int>(&slot - shared.slots.data());
  }
  std::signal(signal, SIG_DFL);
  raise(signal);
}

[[noreturn]] void run_and_leave(Board& board, int output, pid_t parent, const std::function<void()>& work) {
  checker::caller_blocks::stop();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // it has died before
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::signal(SIGINT, SIG_IGN);  // the watching process tells when to end
  board_of_process = &board;
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) std::signal(signal, on_fatal);
  work();
  std::fflush(nullptr);
  board.shared().finished = true;
  _exit(0);
}

// ---- the watching process ---------------------------------------------------------------------------

class Child {
 public:
  Child(Board& board, const std::function<void()>& work) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) refuse("cannot make a pipe");
    std::fflush(nullptr);  // or else both write what is buffered
    const pid_t self = getpid();
    process_ = fork();
    if (process_ < 0) {
      close(ends[0]);
      close(ends[1]);
      refuse("cannot start a process");
    }
    if (process_ == 0) run_and_leave(board, ends[1], self, work);
    close(ends[1]);
    output_ = ends[0];
  }
  ~Child() {
    if (status_ < 0) end();
    close(output_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Takes what the process has written, for as long as `look`. Returns false when it has ended.
  bool read() {
    pollfd ready{.fd = output_, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, static_cast<int>(look.count())) > 0) {
      std::array<char, 4096> part;
      const ssize_t size = ::read(output_, part.data(), part.size());
      if (size <= 0) {
        wait(0);
        return false;
      }
      written_.append(part.data(), std::min(static_cast<std::size_t>(size), output_most - written_.size()));
    }
    return !wait(WNOHANG) || drain();
  }
  void end() {
    kill(process_, SIGKILL);
    wait(0);
  }
  int status() const { return status_; }
  std::string take_output() { return std::move(written_); }

 private:
  bool wait(int how) {
    int status = 0;
    if (status_ < 0 && waitpid(process_, &status, how) == process_) status_ = status;
    return status_ >= 0;
  }
  // What is left in the pipe of a process that has ended.
  bool drain() {
    fcntl(output_, F_SETFL, O_NONBLOCK);
    std::array<char, 4096> part;
    for (ssize_t size = 0; (size = ::read(output_, part.data(), part.size())) > 0;)
      written_.append(part.data(), std::min(static_cast<std::size_t>(size), output_most - written_.size()));
    return false;
  }

  pid_t process_ = -1;
  int output_ = -1;
  int status_ = -1;  // -1: runs
  std::string written_;
};

// The threads of one run that have not ended; of several runs the first.
Fault hang_on(const Board& board, std::chrono::milliseconds unresponsive) {
  Fault fault{.kind = Fault::Kind::Hang,
              .message = "no run has ended for " + std::to_string(unresponsive.count()) + " ms"};
  const auto used = [](const Slot& slot) { return slot.state != Slot::State::Unused && slot.run != 0; };
  for (const Slot& slot : board.shared().slots)
    if (used(slot) && (fault.run == 0 || slot.run < fault.run)) fault.run = slot.run;
  fault.deadlock = fault.run != 0;
  for (const Slot& slot : board.shared().slots) {
    if (!used(slot) || slot.run != fault.run) continue;
    heddle::native::Waiting waiting{.thread = slot.thread.data(), .what = "was running or asleep"};
    if (slot.state == Slot::State::Waiting) {
      waiting.what = slot.what;
      if (slot.object.front() != '\0') waiting.what += " " + std::string(slot.object.data());
      if (slot.where.known()) waiting.file = slot.where.file;
      waiting.line = slot.where.line;
    } else {
      fault.deadlock = false;
    }
    fault.threads.push_back(std::move(waiting));
  }
  return fault;
}

// The run that was going on when the process ended.
Fault end_of(const Board& board, int status) {
  const Board::Shared& shared = board.shared();
  const int crashed = shared.crashed;
  std::string who = "the process";
  Fault fault;
  if (crashed >= 0) {
    const Slot& slot = shared.slots[static_cast<std::size_t>(crashed)];
    who = slot.thread.data();
    fault.run = slot.run;
  } else {
    for (const Slot& slot : shared.slots)
      if (slot.state != Slot::State::Unused && slot.run > fault.run) fault.run = slot.run;
  }
  if (WIFSIGNALED(status)) {
    fault.kind = Fault::Kind::Crash;
    fault.message = who + " crashed: " + signal_name(WTERMSIG(status));
  } else {
    fault.kind = Fault::Kind::Exit;
    fault.message = "the scenario ended the process with status " + std::to_string(WEXITSTATUS(status));
  }
  return fault;
}

}  // namespace

Supervised supervise(Board& board, const heddle::native::Options& options,
                     const std::function<void()>& work) {
  Board::Shared& shared = board.shared();
  Child child(board, work);
  Supervised result;
  std::uint64_t seen = shared.progress;
  const Clock::time_point began = Clock::now();
  Clock::time_point moved = began;
  while (child.read()) {
    const Clock::time_point now = Clock::now();
    if (options.on_progress) options.on_progress({.executions = shared.runs, .elapsed = now - began});
    if (!result.interrupted && options.interrupted && options.interrupted()) {
      result.interrupted = true;
      shared.stop = true;
      moved = now;
    }
    const bool moves = shared.progress != seen;
    if (moves && !result.interrupted) {
      seen = shared.progress;
      moved = now;
    }
    if (result.interrupted && now - moved >= grace) child.end();
    else if (options.unresponsive.count() != 0 && now - moved >= options.unresponsive) {
      result.fault = hang_on(board, options.unresponsive);
      child.end();
    }
  }
  result.output = child.take_output();
  if (!result.fault && !result.interrupted && !shared.finished && !shared.refused)
    result.fault = end_of(board, child.status());
  return result;
}

}  // namespace heddle::checker::native
