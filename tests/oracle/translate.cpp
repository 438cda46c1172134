#include "tests/oracle/translate.hpp"

#include <heddle/atomic.hpp>
#include <heddle/choose.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/latch.hpp>
#include <heddle/mutex.hpp>
#include <heddle/once.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/shared_mutex.hpp>
#include <heddle/thread.hpp>

#include <deque>
#include <optional>

namespace heddle::oracle {

namespace {

// What only programs have that wait for more than mutexes.
struct Synchronisation {
  explicit Synchronisation(unsigned count_downs) : latch(static_cast<std::ptrdiff_t>(count_downs), "latch") {
    for (unsigned c = 0; c < conditions_max; ++c)
      conditions.emplace_back(std::string("c") + std::to_string(c));
    for (unsigned s = 0; s < semaphores_max; ++s)
      semaphores.emplace_back(static_cast<std::ptrdiff_t>(s), std::string("s") + std::to_string(s));
  }
  std::deque<heddle::condition_variable> conditions;
  heddle::shared_mutex shared_mutex{"shared"};
  std::deque<heddle::counting_semaphore<>> semaphores;
  heddle::latch latch;
  heddle::once_flag once{"once"};
};

struct Shared {
  Shared(const Program& program, unsigned count_downs)
      : threads(static_cast<unsigned>(program.threads.size())) {
    for (unsigned v = 0; v < program.variables; ++v)
      variables.emplace_back(0, std::string_view("xyzwvu").substr(v, 1));
    for (unsigned m = 0; m < program.mutexes; ++m)
      mutexes.emplace_back(std::string_view("mnop").substr(m, 1));
    if (program.waits) more.emplace(count_downs);
  }
  unsigned threads;
  std::deque<heddle::atomic<int>> variables;
  std::deque<heddle::mutex> mutexes;
  std::optional<Synchronisation> more;
};

class Thread {
 public:
  Thread(Shared& shared, unsigned number, Registers& registers)
      : shared_(shared), number_(number), registers_(registers) {}

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
      case Op::LockBoth:
        if (holds_[next.object] || holds_[next.other]) break;
        heddle::lock(shared_.mutexes[next.object], shared_.mutexes[next.other]);
        holds_[next.object] = holds_[next.other] = true;
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
      case Op::Join:
        if (next.object == number_ || next.object >= shared_.threads) break;
        heddle::detail::join(next.object + 1, here);  // main is 0
        break;
      case Op::Await:
        while (variable(next).load(std::memory_order_seq_cst, here) != next.value) {
        }
        break;
      case Op::AwaitEither:
        while (variable(next).load(std::memory_order_seq_cst, here) != next.value &&
               shared_.variables[next.other].load(std::memory_order_seq_cst, here) != next.expected) {
        }
        break;
      case Op::AwaitExchange:
        for (int expected = next.expected;
             !variable(next).compare_exchange_strong(expected, next.value, std::memory_order_seq_cst, here);)
          expected = next.expected;
        break;
      case Op::WaitForChange: variable(next).wait(next.value); break;
      case Op::NotifyOneChange: variable(next).notify_one(); break;
      case Op::NotifyAllChange: variable(next).notify_all(); break;
      default: synchronise(next, reg, *shared_.more);
    }
    return false;
  }

  void synchronise(const Instruction& next, int& reg, Synchronisation& more) {
    heddle::shared_mutex& shared_mutex = more.shared_mutex;
    switch (next.op) {
      case Op::Wait:
      case Op::TimedWait: {
        if (!holds_[mutex_of(next.object)]) break;
        heddle::unique_lock hold(shared_.mutexes[mutex_of(next.object)], heddle::adopt_lock);
        heddle::condition_variable& condition = more.conditions[next.object];
        if (next.op == Op::Wait) condition.wait(hold);
        else reg = condition.wait_for(hold, std::chrono::seconds(1)) == heddle::cv_status::no_timeout;
        hold.release();
        break;
      }
      case Op::NotifyOne: more.conditions[next.object].notify_one(); break;
      case Op::NotifyAll: more.conditions[next.object].notify_all(); break;
      case Op::ReadLock:
        if (has_ != Has::Nothing) break;
        shared_mutex.lock_shared();
        has_ = Has::Share;
        break;
      case Op::WriteLock:
        if (has_ != Has::Nothing) break;
        shared_mutex.lock();
        has_ = Has::All;
        break;
      case Op::TryReadLock:
        if (has_ != Has::Nothing) break;
        reg = shared_mutex.try_lock_shared();
        if (reg == 1) has_ = Has::Share;
        break;
      case Op::TryWriteLock:
        if (has_ != Has::Nothing) break;
        reg = shared_mutex.try_lock();
        if (reg == 1) has_ = Has::All;
        break;
      case Op::ReadWriteUnlock: {
        const Has had = std::exchange(has_, Has::Nothing);
        if (had == Has::Share) shared_mutex.unlock_shared();
        if (had == Has::All) shared_mutex.unlock();
        break;
      }
      case Op::Acquire: more.semaphores[next.object].acquire(); break;
      case Op::TryAcquire: reg = more.semaphores[next.object].try_acquire(); break;
      case Op::Release: more.semaphores[next.object].release(next.value); break;
      case Op::CountDown: more.latch.count_down(); break;
      case Op::AwaitLatch: more.latch.wait(); break;
      case Op::CallOnce:
        heddle::call_once(more.once, [&] { shared_.variables.front().fetch_add(next.value); });
        break;
      default: break;
    }
  }

  heddle::atomic<int>& variable(const Instruction& next) { return shared_.variables[next.object]; }

  Shared& shared_;
  unsigned number_;
  Registers& registers_;
  std::array<bool, mutexes_max> holds_{};
  enum class Has { Nothing, Share, All } has_ = Has::Nothing;  // of the shared mutex
};

}  // namespace

std::function<void()> scenario_body(const Program& program) {
  return [&program, count_downs = count(program, Op::CountDown)] {
    Shared shared(program, count_downs);
    std::vector<Registers> registers(program.threads.size(), Registers{});
    std::vector<heddle::thread> threads;
    threads.reserve(program.threads.size());
    for (std::size_t t = 0; t < program.threads.size(); ++t)
      threads.emplace_back([&program, &shared, &registers, t] {
        Thread(shared, static_cast<unsigned>(t), registers[t]).run(program.threads[t]);
      });
    for (heddle::thread& thread : threads) thread.join();
    std::vector<int> memory;
    for (const auto& variable : shared.variables) memory.push_back(variable.load());
    heddle::outcome("final", final_text(registers, memory));
  };
}

}  // namespace heddle::oracle
