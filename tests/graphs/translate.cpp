#include "tests/graphs/translate.hpp"

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/thread.hpp>

#include <array>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::graphs {

namespace {

struct Shared {
  explicit Shared(const Program& program) {
    for (unsigned v = 0; v < program.variables; ++v)
      variables.emplace_back(0, std::string_view("xyzw").substr(v, 1));
    for (unsigned m = 0; m < program.mutexes; ++m) mutexes.emplace_back(std::string_view("mn").substr(m, 1));
    for (unsigned s = 0; s < program.semaphores; ++s)
      semaphores.emplace_back(static_cast<std::ptrdiff_t>(s), "s" + std::to_string(s));
  }
  std::deque<heddle::atomic<int>> variables;
  std::deque<heddle::mutex> mutexes;
  std::deque<heddle::counting_semaphore<>> semaphores;
};

class Thread {
 public:
  Thread(Shared& shared, Registers& registers) : shared_(shared), registers_(registers) {}

  void run(const Code& code) {
    for (std::size_t i = 0; i < code.size(); ++i)
      if (execute(code[i], static_cast<int>(i + 1))) i += code[i].skip;
  }

 private:
  // Returns whether it jumps.
  bool execute(const Instruction& next, int line) {
    int& reg = registers_[next.reg];
    const location here{"program", line};  // a loop is told from the next one by its place
    switch (next.op) {
      case Op::Load: reg = variable(next).load(next.order, here); break;
      case Op::Store: variable(next).store(value_of(next, registers_), next.order, here); break;
      case Op::FetchAdd: reg = variable(next).fetch_add(next.value, next.order, here); break;
      case Op::Exchange: reg = variable(next).exchange(next.value, next.order, here); break;
      case Op::CompareExchange:
        reg = next.expected;
        variable(next).compare_exchange_strong(reg, next.value, next.order, next.failure, here);
        break;
      case Op::Await:
      case Op::AwaitExchange:
      case Op::AwaitCompareExchange:
      case Op::AwaitBoth:
      case Op::AwaitEither: wait(next, here); break;
      case Op::Fence: heddle::atomic_thread_fence(next.order, here); break;
      case Op::JumpIfEqual: return reg == next.value;
      case Op::JumpIfDifferent: return reg != next.value;
      case Op::Lock:
        if (holds_[next.object]) break;
        shared_.mutexes[next.object].lock(here);
        holds_[next.object] = true;
        break;
      case Op::Unlock:
        if (!holds_[next.object]) break;
        holds_[next.object] = false;
        shared_.mutexes[next.object].unlock(here);
        break;
      case Op::TryLock:
        if (holds_[next.object]) break;
        holds_[next.object] = shared_.mutexes[next.object].try_lock(here);
        reg = holds_[next.object] ? 1 : 0;
        break;
      case Op::Acquire: shared_.semaphores[next.object].acquire(here); break;
      case Op::Release: shared_.semaphores[next.object].release(next.value, here); break;
    }
    return false;
  }

  // What a loop has read in vain is remembered nowhere: each way round leaves everything as it was.
  void wait(const Instruction& next, location here) {
    heddle::atomic<int>& awaited = variable(next);
    int& reg = registers_[next.reg];
    const auto in_vain = [&] {
      if (next.yields) heddle::this_thread::yield(here);
    };
    // Whether the loop ends with what it has read.
    const auto ends_with = [&](int read, bool ends) {
      if (ends) reg = read;
      return ends;
    };
    switch (next.op) {
      case Op::AwaitExchange:
        for (;; in_vain()) {
          const int read = awaited.exchange(next.value, next.order, here);
          if (ends_with(read, read != next.value)) return;
        }
      case Op::AwaitCompareExchange:
        for (;; in_vain()) {
          int expected = next.expected;
          if (awaited.compare_exchange_strong(expected, next.value, next.order, next.failure, here)) return;
        }
      case Op::AwaitBoth:
      case Op::AwaitEither: {
        heddle::atomic<int>& other = shared_.variables[next.other];
        while (!look_at_both(awaited, other, next, here)) in_vain();
        return;
      }
      default: {
        const int value = value_of(next, registers_);
        while (awaited.load(next.order, here) != value) in_vain();
      }
    }
  }

  // In a frame of its own: compilers make two of a loop that has two ends, and it is one here. Returns
  // whether it ends.
  [[gnu::noinline]] bool look_at_both(const heddle::atomic<int>& awaited, const heddle::atomic<int>& other,
                                      const Instruction& next, location here) {
    const bool goes_on = next.op == Op::AwaitBoth;  // where it reads the value
    int read = awaited.load(next.order, here);
    bool ends = (read == next.value) != goes_on;
    if (!ends) {
      read = other.load(next.other_order, here);
      ends = (read == next.other_value) != goes_on;
    }
    if (ends) registers_[next.reg] = read;
    return ends;
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

}  // namespace heddle::graphs
