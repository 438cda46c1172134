#include "tests/oracle/translate.hpp"

#include <heddle/atomic.hpp>
#include <heddle/choose.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>

#include <deque>

namespace heddle::oracle {

namespace {

struct Shared {
  explicit Shared(const Program& program) {
    for (unsigned v = 0; v < program.variables; ++v)
      variables.emplace_back(0, std::string_view("xyzwvu").substr(v, 1));
    for (unsigned m = 0; m < program.mutexes; ++m)
      mutexes.emplace_back(std::string_view("mnop").substr(m, 1));
  }
  std::deque<heddle::atomic<int>> variables;
  std::deque<heddle::mutex> mutexes;
};

class Thread {
 public:
  Thread(Shared& shared, Registers& registers) : shared_(shared), registers_(registers) {}

  void run(const Code& code) {
    for (std::size_t i = 0; i < code.size(); ++i)
      if (execute(code[i])) i += code[i].skip;
  }

 private:
  // Returns whether it jumps.
  bool execute(const Instruction& next) {
    int& reg = registers_[next.reg];
    switch (next.op) {
      case Op::Load: reg = variable(next).load(); break;
      case Op::Store: variable(next).store(next.value); break;
      case Op::StoreRegister: variable(next).store(reg + next.value); break;
      case Op::FetchAdd: reg = variable(next).fetch_add(next.value); break;
      case Op::CompareExchange:
        reg = next.expected;
        variable(next).compare_exchange_strong(reg, next.value);
        break;
      case Op::JumpIfEqual: return reg == next.value;
      case Op::JumpIfDifferent: return reg != next.value;
      case Op::Lock:
        if (holds_[next.object]) break;
        shared_.mutexes[next.object].lock();
        holds_[next.object] = true;
        break;
      case Op::Unlock:
        if (!holds_[next.object]) break;
        holds_[next.object] = false;
        shared_.mutexes[next.object].unlock();
        break;
      case Op::TryLock:
        if (holds_[next.object]) break;
        reg = holds_[next.object] = shared_.mutexes[next.object].try_lock();
        break;
      case Op::Choose: reg = static_cast<int>(heddle::choose(static_cast<std::size_t>(next.value))); break;
      case Op::Block: {
        const heddle::detail::AtomicStep step;
        run(next.body);
        break;
      }
    }
    return false;
  }
  heddle::atomic<int>& variable(const Instruction& next) { return shared_.variables[next.object]; }

  Shared& shared_;
  Registers& registers_;
  std::array<bool, mutexes_max> holds_{};
};

}  // namespace

std::function<void()> scenario_body(const Program& program) {
  return [&program] {
    Shared shared(program);
    std::vector<Registers> registers(program.threads.size(), Registers{});
    std::vector<heddle::thread> threads;
    threads.reserve(program.threads.size());
    for (std::size_t t = 0; t < program.threads.size(); ++t)
      threads.emplace_back(
          [&program, &shared, &registers, t] { Thread(shared, registers[t]).run(program.threads[t]); });
    for (heddle::thread& thread : threads) thread.join();
    std::vector<int> memory;
    for (const auto& variable : shared.variables) memory.push_back(variable.load());
    heddle::outcome("final", final_text(registers, memory));
  };
}

}  // namespace heddle::oracle
