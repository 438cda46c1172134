// checker/machine/fault_guard.hpp - keeps a scenario's crash or endless loop from taking the tool down.
//
// While a guard exists, a fatal signal raised by a scenario's thread, and a thread that does not come
// back to the machine in time, tear control away from it: run() returns the Fault instead of hanging or
// dying. The thread's stack is lost with everything on it, and memory may be damaged, so the exploration
// ends there. A signal raised by the checker itself is not caught; when it comes after a fault, because that
// has damaged the memory which the report is made of, the program ends with status 1 and one line that says
// which schedule it was.
#pragma once

#include "checker/machine/machine.hpp"

#include <chrono>
#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace heddle::checker {

struct Fault {
  enum class Kind : std::uint8_t {
    Signal,  // SIGSEGV and its like, and abort()
    StackOverflow,
    Terminate,  // std::terminate
    Exit,       // exit()
    Spinning,   // computes without reaching an operation
    Sleeping,   // waits in the kernel: for something the checker does not know
  };
  Kind kind;
  int signal;
};

// "SIGSEGV (invalid memory access)"
std::string signal_name(int signal);

class FaultGuard {
 public:
  // `unresponsive` is how long a thread may run without an operation; 0: for ever.
  explicit FaultGuard(std::chrono::milliseconds unresponsive);
  ~FaultGuard();
  FaultGuard(const FaultGuard&) = delete;
  FaultGuard& operator=(const FaultGuard&) = delete;

  // Calls action(), during which `machine` runs the scenario. After a fault the machine has been torn down.
  template <class Action>
  std::optional<Fault> run(Machine& machine, Action action) {
    watch(&machine);
    if (sigsetjmp(landing_, 0) == 0) {
      action();
      watch(nullptr);
      return std::nullopt;
    }
    return landed();
  }

 private:
  static void on_fatal(int signal, siginfo_t* info, void* context);
  static FaultGuard* in_scenario();
  [[noreturn]] static void on_terminate();
  static void on_exit();
  static void on_tick(int signal, siginfo_t* info, void* context);
  void watch(Machine* machine);
  [[noreturn]] void land(Fault fault);
  void prepare_last_words() const;
  Fault landed();
  void tick();

  sigjmp_buf landing_;
  Machine* volatile machine_ = nullptr;
  Fault fault_{};
  std::unique_ptr<char[]> signal_stack_;
  stack_t previous_stack_{};
  struct sigaction previous_[6] = {};
  std::terminate_handler previous_terminate_ = nullptr;
  timer_t timer_{};
  bool has_timer_ = false;
  std::chrono::nanoseconds unresponsive_;
  // The last tick that saw the machine move: where it was and when, in wall-clock and CPU time.
  std::uint64_t seen_steps_ = 0;
  std::chrono::nanoseconds seen_wall_{};
  std::chrono::nanoseconds seen_cpu_{};
  long seen_asleep_ = 0;
  void* stack_bottom_ = nullptr;
  std::size_t stack_size_ = 0;
};

}  // namespace heddle::checker
