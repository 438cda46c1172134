#include "checker/machine/fault_guard.hpp"

#include <cxxabi.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace heddle::checker {

namespace {

using std::chrono::nanoseconds;

constexpr int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t signal_stack_bytes = 64 * 1024;
constexpr int ticks_until_late = 8;  // in the time after which a thread counts as unresponsive
const int tick_signal = SIGRTMIN + 5;

constinit thread_local FaultGuard* current_guard = nullptr;

// Said if the report of a fault fails; written in the signal handler, so without allocating.
char last_words[1024];

nanoseconds now(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

// How often the thread has given up the processor by itself. A tick wakes who is asleep, who then falls
// asleep again; who only waits for a processor, on a busy computer, has never given it up.
long times_asleep() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nvcsw;
}

}  // namespace

std::string signal_name(int signal) {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV (invalid memory access)";
    case SIGBUS: return "SIGBUS (invalid memory access)";
    case SIGFPE: return "SIGFPE (division by zero or its like)";
    case SIGILL: return "SIGILL (illegal instruction)";
    case SIGABRT: return "SIGABRT (abort or std::terminate)";
    default: return "signal " + std::to_string(signal);
  }
}

FaultGuard::FaultGuard(std::chrono::milliseconds unresponsive) : unresponsive_(unresponsive) {
  if (current_guard != nullptr)
    throw std::logic_error("heddle::check must not be called from within a scenario");
  current_guard = this;
  signal_stack_ = std::make_unique_for_overwrite<char[]>(signal_stack_bytes);
  stack_t stack{};
  stack.ss_sp = signal_stack_.get();
  stack.ss_size = signal_stack_bytes;
  sigaltstack(&stack, &previous_stack_);
  struct sigaction action {};
  // Not deferred: the handler does not return, so nothing would unblock the signal.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  action.sa_sigaction = on_fatal;
  for (std::size_t i = 0; i < std::size(fatal_signals); ++i)
    sigaction(fatal_signals[i], &action, &previous_[i]);

  previous_terminate_ = std::set_terminate(on_terminate);
  [[maybe_unused]] static const int registered = std::atexit(on_exit);

#ifdef HEDDLE_ASAN
  pthread_attr_t attributes;
  pthread_getattr_np(pthread_self(), &attributes);
  pthread_attr_getstack(&attributes, &stack_bottom_, &stack_size_);
  pthread_attr_destroy(&attributes);
#endif

  if (unresponsive.count() == 0) return;
  action.sa_sigaction = on_tick;
  // Deferred: on a busy computer the next tick comes before the handler ends, and they would fill its stack.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigaction(tick_signal, &action, &previous_[5]);
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = tick_signal;
  event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
  if (timer_create(CLOCK_MONOTONIC, &event, &timer_) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot create a timer");
  has_timer_ = true;
  const auto interval = std::max<nanoseconds>(unresponsive_ / ticks_until_late, std::chrono::milliseconds(1));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(interval);
  itimerspec period{};
  period.it_interval = {seconds.count(), (interval - seconds).count()};
  period.it_value = period.it_interval;
  timer_settime(timer_, 0, &period, nullptr);
}

FaultGuard::~FaultGuard() {
  if (has_timer_) {
    timer_delete(timer_);
    struct sigaction ignore {};  // a tick may still be pending
    ignore.sa_handler = SIG_IGN;
    sigaction(tick_signal, &ignore, nullptr);
    sigaction(tick_signal, &previous_[5], nullptr);
  }
  for (std::size_t i = 0; i < std::size(fatal_signals); ++i)
    sigaction(fatal_signals[i], &previous_[i], nullptr);
  std::set_terminate(previous_terminate_);
  sigaltstack(&previous_stack_, nullptr);
  current_guard = nullptr;
}

void FaultGuard::watch(Machine* machine) {
  machine_ = nullptr;
  if (machine != nullptr) {
    seen_steps_ = machine->steps() - 1;
    machine_ = machine;
  }
}

// The guard, if a thread of a scenario is running.
FaultGuard* FaultGuard::in_scenario() {
  FaultGuard* guard = current_guard;
  const Machine* machine = guard == nullptr ? nullptr : guard->machine_;
  return machine == nullptr || machine->running() == no_thread ? nullptr : guard;
}

void FaultGuard::on_fatal(int signal, siginfo_t* info, void*) {
  FaultGuard* guard = in_scenario();
  if (guard == nullptr) {
    if (last_words[0] != '\0') {
      [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, last_words, std::strlen(last_words));
      _exit(1);
    }
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    sigaction(signal, &standard, nullptr);
    raise(signal);
    return;
  }
  const bool overflow = (signal == SIGSEGV || signal == SIGBUS) &&
                        guard->machine_->running_stack().guard_contains(info->si_addr);
  guard->land({overflow ? Fault::Kind::StackOverflow : Fault::Kind::Signal, signal});
}

// Without this, the standard library's handler would print, and abort() would be all that is known.
void FaultGuard::on_terminate() {
  // An exception that unwinds an abandoned thread may end at a noexcept function: a destructor that locks.
  if (detail::current_machine != nullptr && detail::current_machine->abandoning())
    detail::current_machine->leave_running_thread();
  if (FaultGuard* guard = in_scenario()) guard->land({Fault::Kind::Terminate, 0});
  if (current_guard != nullptr && current_guard->previous_terminate_ != nullptr)
    current_guard->previous_terminate_();
  std::abort();
}

void FaultGuard::on_exit() {
  if (FaultGuard* guard = in_scenario()) guard->land({Fault::Kind::Exit, 0});
}

void FaultGuard::on_tick(int, siginfo_t*, void*) {
  const int error = errno;
  if (current_guard != nullptr) current_guard->tick();
  errno = error;
}

void FaultGuard::tick() {
  Machine* machine = machine_;
  if (machine == nullptr) return;
  const nanoseconds wall = now(CLOCK_MONOTONIC);
  const nanoseconds cpu = now(CLOCK_THREAD_CPUTIME_ID);
  if (machine->running() == no_thread || machine->steps() != seen_steps_) {
    seen_steps_ = machine->steps();
    seen_wall_ = wall;
    seen_cpu_ = cpu;
    seen_asleep_ = times_asleep();
    return;
  }
  // A thread that computes is given that much CPU time, so that a busy computer is not mistaken for a loop.
  if (cpu - seen_cpu_ >= unresponsive_) land({Fault::Kind::Spinning, 0});
  const nanoseconds waited = wall - seen_wall_;
  const bool idle = waited >= unresponsive_ && cpu - seen_cpu_ < waited / 50;
  if (idle && times_asleep() - seen_asleep_ >= ticks_until_late / 2) land({Fault::Kind::Sleeping, 0});
}

void FaultGuard::land(Fault fault) {
  fault_ = fault;
  prepare_last_words();
  machine_->tear_down();
  void* fake_stack = nullptr;
  sanitizer::start_switch(&fake_stack, {stack_bottom_, stack_size_});
  siglongjmp(landing_, 1);
}

void FaultGuard::prepare_last_words() const {
  std::size_t used = 0;
  const auto say = [&](const char* text) {
    for (; *text != '\0' && used + 2 < sizeof last_words; ++text) last_words[used++] = *text;
  };
  say("heddle: defect: ");
  say(machine_->lineage().name(machine_->running()).c_str());
  say(" crashed and damaged memory so badly that there is no report. Threads in the order of their steps:");
  const Trace& trace = machine_->trace();
  for (EventIndex event = 0; event < trace.size() && event <= machine_->current_event(); ++event) {
    say(" ");
    say(machine_->lineage().name(trace[event].thread).c_str());
  }
  last_words[used] = '\n';
  last_words[used + 1] = '\0';
}

Fault FaultGuard::landed() {
  sanitizer::finish_switch(nullptr);
#ifdef HEDDLE_ASAN
  // The frames that were left have not closed theirs.
  const auto* const here = static_cast<const char*>(__builtin_frame_address(0));
  const auto* const bottom = static_cast<const char*>(stack_bottom_);
  if (here > bottom && here <= bottom + stack_size_)
    sanitizer::forget_red_zones(bottom, static_cast<std::size_t>(here - bottom));
#endif
  // The exceptions in flight were the scenario's.
  std::memset(static_cast<void*>(abi::__cxa_get_globals()), 0, sizeof(void*) + sizeof(unsigned int));
  machine_ = nullptr;
  scenario_heap = nullptr;
  // exit() takes each of its handlers off before it calls it. Nobody's but the program's: not before this.
  if (fault_.kind == Fault::Kind::Exit) std::atexit(on_exit);
  // A tick that did not return from its handler left the signal blocked.
  sigset_t ticks;
  sigemptyset(&ticks);
  sigaddset(&ticks, tick_signal);
  pthread_sigmask(SIG_UNBLOCK, &ticks, nullptr);
  return fault_;
}

}  // namespace heddle::checker
