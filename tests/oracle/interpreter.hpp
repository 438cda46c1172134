// tests/oracle/interpreter.hpp - one step of a Program at a time, and what the step touches.
//
// Shares nothing with the checker: what each instruction does, when it has to wait and what it touches is
// written down here once more.
#pragma once

#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/notifications.hpp"
#include "tests/oracle/program.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace heddle::oracle {

constexpr int nobody = -1;

// What steps touch, by number. A queue is where threads wait for a notification: for that of a condition
// variable, or of a change of an atomic variable.
constexpr unsigned first_mutex = variables_max;
constexpr unsigned first_queue = first_mutex + mutexes_max;
constexpr unsigned queues_max = conditions_max + variables_max;
constexpr unsigned first_shared_mutex = first_queue + queues_max;
constexpr unsigned first_semaphore = first_shared_mutex + shared_mutexes_max;
constexpr unsigned first_latch = first_semaphore + semaphores_max;
constexpr unsigned first_once = first_latch + latches_max;
constexpr unsigned objects_max = first_once + onces_max;

constexpr unsigned queue_of_change(unsigned variable) { return conditions_max + variable; }

enum class Touch : std::uint8_t { None, Read, Write };
using Touched = std::array<Touch, objects_max>;

inline void touch(Touched& touched, unsigned object, Touch how) {
  touched[object] = std::max(touched[object], how);
}

inline bool dependent(const Touched& a, const Touched& b) {
  for (unsigned object = 0; object < objects_max; ++object)
    if (a[object] != Touch::None && b[object] != Touch::None &&
        (a[object] == Touch::Write || b[object] == Touch::Write))
      return true;
  return false;
}

enum class Phase : std::uint8_t { Start, Second, Third, Fourth };

enum class Once : std::uint8_t { NotBegun, Begun, Done };

struct State {
  std::array<std::uint8_t, threads_max>
      position{};                          // of the next instruction that is a step, in the thread's list
  std::array<Phase, threads_max> phase{};  // of that instruction
  std::array<std::uint8_t, threads_max> steps{};  // taken so far
  std::array<Registers, threads_max> registers{};
  std::array<std::array<int, 2>, threads_max> seen{};  // by a loop, when it looked in vain
  std::array<Threads, threads_max> disputed{};         // whom else the notification was for that it took
  std::array<std::uint8_t, threads_max> version{};     // of the variable, when it began to wait for a change
  std::array<bool, threads_max> woken{};               // since
  std::array<int, variables_max> memory{};
  std::array<std::uint8_t, variables_max> versions{};
  std::array<int, mutexes_max> holder{};
  std::array<Queue, queues_max> queues{};
  std::array<Threads, shared_mutexes_max> readers{};
  std::array<int, shared_mutexes_max> writer{};
  std::array<int, semaphores_max> counters{};
  std::array<int, latches_max> latches{};
  std::array<Once, onces_max> onces{};
};

class Interpreter {
 public:
  Interpreter(const Program& program, NotifyOne notify_one)
      : program_(program),
        notify_one_(notify_one),
        count_downs_(static_cast<int>(count(program, Op::CountDown))) {}

  unsigned threads() const { return static_cast<unsigned>(program_.threads.size()); }

  State start() const {
    State state;
    state.holder.fill(nobody);
    state.writer.fill(nobody);
    for (unsigned s = 0; s < semaphores_max; ++s) state.counters[s] = static_cast<int>(s);
    state.latches.fill(count_downs_);
    for (unsigned t = 0; t < threads(); ++t) settle(state, t, 0);
    return state;
  }
  bool ended(const State& state, unsigned thread) const {
    return state.position[thread] == program_.threads[thread].size();
  }
  bool can_step(const State& state, unsigned thread) const {
    if (ended(state, thread)) return false;
    const Instruction* next = &program_.threads[thread][state.position[thread]];
    if (next->op == Op::Block) next = &next->body[next_step(state, thread, next->body, 0)];
    const unsigned object = next->object;
    const Phase phase = state.phase[thread];
    switch (next->op) {
      case Op::Lock: return state.holder[object] == nobody;
      case Op::LockBoth: return state.holder[object] == nobody && state.holder[next->other] == nobody;
      case Op::Wait:
        return phase == Phase::Start ||
               (state.holder[mutex_of(object)] == nobody && state.queues[object].can_take(thread));
      case Op::TimedWait: return phase != Phase::Second || state.holder[mutex_of(object)] == nobody;
      case Op::WaitForChange:
        return phase != Phase::Second || state.queues[queue_of_change(object)].can_take(thread);
      case Op::ReadLock: return state.writer[object] == nobody;
      case Op::WriteLock: return state.writer[object] == nobody && state.readers[object] == 0;
      case Op::Acquire: return state.counters[object] > 0;
      case Op::AwaitLatch: return state.latches[object] == 0;
      case Op::CallOnce: return phase != Phase::Start || state.onces[object] != Once::Begun;
      case Op::Join: return ended(state, object);
      case Op::Await: return state.memory[object] == next->value;
      case Op::AwaitExchange: return state.memory[object] == next->expected;
      case Op::AwaitEither:
        return phase != Phase::Third || state.memory[object] != state.seen[thread][0] ||
               state.memory[next->other] != state.seen[thread][1];
      default: return true;
    }
  }
  // In how many ways the thread's next step can go.
  int alternatives(const State& state, unsigned thread) const {
    const Instruction& next = program_.threads[thread][state.position[thread]];
    switch (next.op) {
      case Op::Choose: return next.value;
      // In time or not: a thread that is notified may find that its time is over as well, and another one
      // have been notified.
      case Op::TimedWait:
        return state.phase[thread] != Phase::Third ? 1 : state.disputed[thread] == 0 ? 2 : 3;
      case Op::NotifyOne: return ways_to_notify(state.queues[next.object]);
      case Op::NotifyOneChange: return ways_to_notify(state.queues[queue_of_change(next.object)]);
      default: return 1;
    }
  }
  // Returns what the step touches.
  Touched step(State& state, unsigned thread, int answer) const {
    Touched touched{};
    const Instruction& next = program_.threads[thread][state.position[thread]];
    const std::optional<Phase> more = perform(state, thread, next, answer, touched);
    ++state.steps[thread];
    for (unsigned v = 0; v < program_.variables; ++v)
      if (touched[v] == Touch::Write) ++state.versions[v];
    state.phase[thread] = more.value_or(Phase::Start);
    if (!more) settle(state, thread, state.position[thread] + 1u);
    return touched;
  }
  std::string outcome(const State& state) const {
    return final_text({state.registers.begin(), state.registers.begin() + threads()},
                      {state.memory.begin(), state.memory.begin() + program_.variables});
  }

 private:
  void settle(State& state, unsigned thread, std::size_t from) const {
    state.position[thread] =
        static_cast<std::uint8_t>(next_step(state, thread, program_.threads[thread], from));
  }

  // The first instruction from `from` on that another thread can notice.
  std::size_t next_step(const State& state, unsigned thread, const Code& code, std::size_t from) const {
    const Registers& registers = state.registers[thread];
    const auto holds = [&](unsigned mutex) { return state.holder[mutex] == static_cast<int>(thread); };
    const auto has = [&](unsigned shared_mutex) {
      return state.writer[shared_mutex] == static_cast<int>(thread) ||
             (state.readers[shared_mutex] & only(thread)) != 0;
    };
    for (std::size_t i = from; i < code.size(); ++i) {
      const Instruction& next = code[i];
      switch (next.op) {
        case Op::JumpIfEqual:
          if (registers[next.reg] == next.value) i += next.skip;
          continue;
        case Op::JumpIfDifferent:
          if (registers[next.reg] != next.value) i += next.skip;
          continue;
        case Op::Lock:
        case Op::TryLock:
          if (holds(next.object)) continue;
          return i;
        case Op::LockBoth:
          if (holds(next.object) || holds(next.other)) continue;
          return i;
        case Op::Unlock:
          if (!holds(next.object)) continue;
          return i;
        case Op::Wait:
        case Op::TimedWait:
          if (!holds(mutex_of(next.object))) continue;
          return i;
        case Op::ReadLock:
        case Op::WriteLock:
        case Op::TryReadLock:
        case Op::TryWriteLock:
          if (has(next.object)) continue;
          return i;
        case Op::ReadWriteUnlock:
          if (!has(next.object)) continue;
          return i;
        case Op::Join:
          if (next.object == thread || next.object >= threads()) continue;
          return i;
        case Op::Block:
          if (next_step(state, thread, next.body, 0) == next.body.size()) continue;
          return i;
        default: return i;
      }
    }
    return code.size();
  }

  // Returns the phase that follows, if the instruction is not over.
  std::optional<Phase> perform(State& state, unsigned thread, const Instruction& next, int answer,
                               Touched& touched) const {
    int& reg = state.registers[thread][next.reg];
    switch (next.op) {
      case Op::Block:
        for (std::size_t i = next_step(state, thread, next.body, 0); i < next.body.size();
             i = next_step(state, thread, next.body, i + 1))
          perform(state, thread, next.body[i], answer, touched);
        return std::nullopt;
      case Op::Choose: reg = answer; return std::nullopt;
      case Op::Wait:
      case Op::TimedWait: return wait(state, thread, next, answer, touched);
      case Op::WaitForChange: return wait_for_change(state, thread, next, touched);
      case Op::CallOnce: return call_once(state, thread, next, touched);
      case Op::Await:
      case Op::AwaitExchange: await(state, next, touched); return std::nullopt;
      case Op::AwaitEither: return await_either(state, thread, next, touched);
      case Op::NotifyOne:
      case Op::NotifyAll:
        notify(state.queues[next.object], next.op == Op::NotifyAll, answer, first_queue + next.object,
               touched);
        return std::nullopt;
      case Op::NotifyOneChange:
      case Op::NotifyAllChange: {
        const unsigned queue = queue_of_change(next.object);
        notify(state.queues[queue], next.op == Op::NotifyAllChange, answer, first_queue + queue, touched);
        return std::nullopt;
      }
      case Op::Lock:
      case Op::Unlock:
      case Op::TryLock: use_mutex(state, thread, next, touched); return std::nullopt;
      case Op::LockBoth:
        for (const unsigned mutex : {next.object, next.other}) use_mutex(state, thread, lock(mutex), touched);
        return std::nullopt;
      case Op::ReadLock:
      case Op::WriteLock:
      case Op::TryReadLock:
      case Op::TryWriteLock:
      case Op::ReadWriteUnlock: use_shared_mutex(state, thread, next, touched); return std::nullopt;
      case Op::Acquire:
      case Op::TryAcquire:
      case Op::Release: use_semaphore(state, thread, next, touched); return std::nullopt;
      case Op::CountDown:
        --state.latches[next.object];
        touch(touched, first_latch + next.object, Touch::Write);
        return std::nullopt;
      case Op::AwaitLatch: touch(touched, first_latch + next.object, Touch::Read); return std::nullopt;
      default: use_variable(state, thread, next, touched); return std::nullopt;
    }
  }

  void use_variable(State& state, unsigned thread, const Instruction& next, Touched& touched) const {
    int& variable = state.memory[next.object];
    int& reg = state.registers[thread][next.reg];
    switch (next.op) {
      case Op::Load: reg = variable; return touch(touched, next.object, Touch::Read);
      case Op::Store: variable = next.value; return touch(touched, next.object, Touch::Write);
      case Op::StoreRegister: variable = reg + next.value; return touch(touched, next.object, Touch::Write);
      case Op::FetchAdd:
        reg = variable;
        variable += next.value;
        return touch(touched, next.object, Touch::Write);
      case Op::CompareExchange:
        reg = variable;
        if (reg == next.expected) variable = next.value;
        return touch(touched, next.object, reg == next.expected ? Touch::Write : Touch::Read);
      default: return;  // touches nothing
    }
  }

  void use_mutex(State& state, unsigned thread, const Instruction& next, Touched& touched) const {
    int& holder = state.holder[next.object];
    if (next.op == Op::TryLock) {
      int& reg = state.registers[thread][next.reg];
      reg = holder == nobody;
      if (reg == 0) return touch(touched, first_mutex + next.object, Touch::Read);
    }
    holder = next.op == Op::Unlock ? nobody : static_cast<int>(thread);
    touch(touched, first_mutex + next.object, Touch::Write);
  }

  void use_shared_mutex(State& state, unsigned thread, const Instruction& next, Touched& touched) const {
    int& writer = state.writer[next.object];
    Threads& readers = state.readers[next.object];
    int& reg = state.registers[thread][next.reg];
    Touch how = Touch::Write;
    switch (next.op) {
      case Op::TryReadLock:
        reg = writer == nobody;
        if (reg == 1) readers |= only(thread);
        else how = Touch::Read;
        break;
      case Op::TryWriteLock:
        reg = writer == nobody && readers == 0;
        if (reg == 1) writer = static_cast<int>(thread);
        else how = Touch::Read;
        break;
      case Op::ReadLock: readers |= only(thread); break;
      case Op::WriteLock: writer = static_cast<int>(thread); break;
      default:
        readers &= static_cast<Threads>(~only(thread));
        if (writer == static_cast<int>(thread)) writer = nobody;
    }
    touch(touched, first_shared_mutex + next.object, how);
  }

  void use_semaphore(State& state, unsigned thread, const Instruction& next, Touched& touched) const {
    int& counter = state.counters[next.object];
    if (next.op == Op::TryAcquire) {
      int& reg = state.registers[thread][next.reg];
      reg = counter > 0;
      if (reg == 0) return touch(touched, first_semaphore + next.object, Touch::Read);
    }
    counter += next.op == Op::Release ? next.value : -1;
    touch(touched, first_semaphore + next.object, Touch::Write);
  }

  std::optional<Phase> wait(State& state, unsigned thread, const Instruction& next, int answer,
                            Touched& touched) const {
    Queue& queue = state.queues[next.object];
    int& holder = state.holder[mutex_of(next.object)];
    int& reg = state.registers[thread][next.reg];
    if (state.phase[thread] == Phase::Third) {
      reg = answer == 0;
      if (answer == 2) return Phase::Fourth;
      return std::nullopt;
    }
    if (state.phase[thread] == Phase::Fourth) {
      const bool somebody = queue.pass_on(state.disputed[thread]);
      touch(touched, first_queue + next.object, somebody ? Touch::Write : Touch::Read);
      return std::nullopt;
    }
    touch(touched, first_queue + next.object, Touch::Write);
    touch(touched, first_mutex + mutex_of(next.object), Touch::Write);
    if (state.phase[thread] == Phase::Start) {
      holder = nobody;
      queue.join(thread);
      return Phase::Second;
    }
    holder = static_cast<int>(thread);
    const bool indispensable = !queue.can_do_without(thread);
    const Threads notified = queue.leave(thread);
    if (next.op == Op::Wait) return std::nullopt;
    state.disputed[thread] = indispensable ? Threads{0} : notified;
    if (notified != 0) return Phase::Third;
    reg = 0;
    return std::nullopt;
  }

  // Looks and begins to wait in one step; then looks again. Who has been woken and finds that nobody has
  // written the variable since gives the notification to somebody else.
  std::optional<Phase> wait_for_change(State& state, unsigned thread, const Instruction& next,
                                       Touched& touched) const {
    const unsigned number = queue_of_change(next.object);
    Queue& queue = state.queues[number];
    if (state.phase[thread] == Phase::Second) {
      touch(touched, first_queue + number, Touch::Write);
      const bool indispensable = !queue.can_do_without(thread);
      const Threads notified = queue.leave(thread);
      state.disputed[thread] = indispensable ? Threads{0} : static_cast<Threads>(notified & ~only(thread));
      state.woken[thread] = true;
      for (unsigned t = 0; t < threads(); ++t)  // who is about to pass one on knows who is still there
        if (state.phase[t] == Phase::Third) state.disputed[t] &= static_cast<Threads>(~only(thread));
      return Phase::Start;
    }
    if (state.phase[thread] == Phase::Third) {
      const bool somebody = queue.pass_on(state.disputed[thread]);
      touch(touched, first_queue + number, somebody ? Touch::Write : Touch::Read);
      return Phase::Second;
    }
    touch(touched, next.object, Touch::Read);
    const bool ineligible =
        std::exchange(state.woken[thread], false) && state.version[thread] == state.versions[next.object];
    if (state.memory[next.object] != next.value) return std::nullopt;
    touch(touched, first_queue + number, Touch::Write);
    queue.join(thread);
    state.version[thread] = state.versions[next.object];
    return ineligible && state.disputed[thread] != 0 ? Phase::Third : Phase::Second;
  }

  // A notification that there is nobody for only looks.
  void notify(Queue& queue, bool all, int answer, unsigned object, Touched& touched) const {
    bool somebody = false;
    if (all) {
      somebody = queue.notify_all();
    } else if (notify_one_ == NotifyOne::WhoeverWakesFirst) {
      somebody = queue.notify(queue.waiting());
    } else {
      Threads candidates = queue.unnotified();
      for (; answer > 0; --answer) candidates &= static_cast<Threads>(candidates - 1);  // drops the lowest
      somebody = queue.notify(candidates & static_cast<Threads>(-candidates));
    }
    touch(touched, object, somebody ? Touch::Write : Touch::Read);
  }
  int ways_to_notify(const Queue& queue) const {
    if (notify_one_ == NotifyOne::WhoeverWakesFirst) return 1;
    return std::max(1, static_cast<int>(size(queue.unnotified())));
  }

  std::optional<Phase> call_once(State& state, unsigned thread, const Instruction& next,
                                 Touched& touched) const {
    Once& once = state.onces[next.object];
    const unsigned object = first_once + next.object;
    switch (state.phase[thread]) {
      case Phase::Start:
        touch(touched, object, once == Once::Done ? Touch::Read : Touch::Write);
        if (once == Once::Done) return std::nullopt;
        once = Once::Begun;
        return Phase::Second;
      case Phase::Second:
        state.memory[0] += next.value;
        touch(touched, 0, Touch::Write);
        return Phase::Third;
      default: break;
    }
    once = Once::Done;
    touch(touched, object, Touch::Write);
    return std::nullopt;
  }

  // Looks in vain are left out: a loop over one variable is a step that waits for its value.
  static void await(State& state, const Instruction& next, Touched& touched) {
    touch(touched, next.object, Touch::Read);
    if (next.op != Op::AwaitExchange) return;
    state.memory[next.object] = next.value;
    touch(touched, next.object, Touch::Write);
  }

  // Which looks of a loop over two variables are in vain shows only afterwards, and so they are there: it
  // looks until it has seen what it waits for, and between two times it waits until something has changed.
  std::optional<Phase> await_either(State& state, unsigned thread, const Instruction& next,
                                    Touched& touched) const {
    const int variable = state.memory[next.object];
    std::array<int, 2>& seen = state.seen[thread];
    switch (state.phase[thread]) {
      case Phase::Start:
        touch(touched, next.object, Touch::Read);
        if (variable == next.value) return std::nullopt;
        seen[0] = variable;
        return Phase::Second;
      case Phase::Second:
        touch(touched, next.other, Touch::Read);
        if (state.memory[next.other] == next.expected) return std::nullopt;
        seen[1] = state.memory[next.other];
        return Phase::Third;
      default: break;
    }
    touch(touched, next.object, Touch::Read);
    touch(touched, next.other, Touch::Read);
    return Phase::Start;
  }

  const Program& program_;
  NotifyOne notify_one_;
  int count_downs_;
};

}  // namespace heddle::oracle
