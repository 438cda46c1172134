#include "tests/graphs/store_buffers.hpp"

#include <algorithm>
#include <compare>
#include <utility>
#include <vector>

namespace heddle::graphs {

namespace {

struct Thread {
  unsigned position = 0;
  bool second = false;  // it has performed the first of the two reads of the instruction
  Registers registers{};
  std::set<unsigned> held;
  std::vector<std::pair<unsigned, int>> buffer;  // word and value, oldest first
  auto operator<=>(const Thread&) const = default;
};

struct State {
  std::vector<Thread> threads;
  std::vector<int> memory;  // variables, mutexes, semaphores
  auto operator<=>(const State&) const = default;
};

class Machine {
 public:
  Machine(const Program& program, bool buffered, std::size_t states_max)
      : program_(program), buffered_(buffered), states_max_(states_max) {}

  std::optional<Reached> run() {
    State start;
    start.threads.resize(program_.threads.size());
    start.memory.resize(semaphore(0));
    for (unsigned s = 0; s < program_.semaphores; ++s) start.memory.push_back(static_cast<int>(s));
    if (!visit(start)) return std::nullopt;
    return std::move(reached_);
  }

 private:
  unsigned mutex(unsigned number) const { return program_.variables + number; }
  unsigned semaphore(unsigned number) const { return mutex(program_.mutexes) + number; }

  bool visit(const State& state) {
    if (!visited_.insert(state).second) return true;
    if (visited_.size() > states_max_) return false;
    bool moved = false;
    for (std::size_t t = 0; t < state.threads.size(); ++t) {
      if (!state.threads[t].buffer.empty()) {
        State next = state;
        flush_one(next, t);
        moved = true;
        if (!visit(next)) return false;
      }
      if (state.threads[t].position < program_.threads[t].size()) {
        State next = state;
        if (!step(next, t)) continue;
        moved = moved || !looks_in_vain(state, t);
        if (!buffered_)
          while (!next.threads[t].buffer.empty()) flush_one(next, t);
        if (!visit(next)) return false;
      }
    }
    if (!moved) end(state);
    return true;
  }

  void end(const State& state) {
    std::vector<Registers> registers;
    for (std::size_t t = 0; t < state.threads.size(); ++t) {
      if (state.threads[t].position < program_.threads[t].size()) {
        reached_.deadlock = true;
        return;
      }
      registers.push_back(state.threads[t].registers);
    }
    reached_.outcomes.insert(
        final_text(registers, {state.memory.begin(), state.memory.begin() + program_.variables}));
  }

  static void flush_one(State& state, std::size_t t) {
    auto& buffer = state.threads[t].buffer;
    state.memory[buffer.front().first] = buffer.front().second;
    buffer.erase(buffer.begin());
  }

  // What the thread sees: its own youngest store, or memory.
  static int seen(const State& state, std::size_t t, unsigned word) {
    const auto& buffer = state.threads[t].buffer;
    const auto own =
        std::find_if(buffer.rbegin(), buffer.rend(), [&](const auto& entry) { return entry.first == word; });
    if (own != buffer.rend()) return own->second;
    return state.memory[word];
  }

  // Whether the thread comes back to where it is, if nothing changes.
  bool looks_in_vain(const State& state, std::size_t t) const {
    const Thread& thread = state.threads[t];
    const Instruction& i = program_.threads[t][thread.position];
    return waits_for_two(i.op) && thread.buffer.empty() && !thread.second &&
           !leaves(i, false, seen(state, t, i.object)) && !leaves(i, true, seen(state, t, i.other));
  }

  // The thread's next instruction. Returns whether it could be performed.
  bool step(State& state, std::size_t t) {
    Thread& thread = state.threads[t];
    const Instruction& i = program_.threads[t][thread.position];
    const bool drained = thread.buffer.empty();
    int& reg = thread.registers[i.reg];
    unsigned skipped = 0;
    switch (i.op) {
      case Op::Load: reg = seen(state, t, i.object); break;
      case Op::Await:
        if (seen(state, t, i.object) != value_of(i, thread.registers)) return false;
        break;
      case Op::AwaitBoth:
      case Op::AwaitEither: {  // one of its reads
        reg = seen(state, t, thread.second ? i.other : i.object);
        const bool ends = leaves(i, thread.second, reg);
        thread.second = !ends && !thread.second;
        if (!ends) return true;
        break;
      }
      case Op::Store:
        if (i.order == Order::seq_cst) {
          if (!drained) return false;
          state.memory[i.object] = value_of(i, thread.registers);
        } else {
          thread.buffer.emplace_back(i.object, value_of(i, thread.registers));
        }
        break;
      case Op::Fence:
        if (i.order == Order::seq_cst && !drained) return false;
        break;
      case Op::FetchAdd:
      case Op::Exchange:
      case Op::CompareExchange: {
        if (!drained) return false;
        int& word = state.memory[i.object];
        reg = word;
        if (i.op == Op::FetchAdd) word += i.value;
        else if (i.op == Op::Exchange || reg == i.expected) word = i.value;
        break;
      }
      case Op::AwaitExchange: {
        int& word = state.memory[i.object];
        if (!drained || word == i.value) return false;
        reg = std::exchange(word, i.value);
        break;
      }
      case Op::AwaitCompareExchange: {
        int& word = state.memory[i.object];
        if (!drained || word != i.expected) return false;
        word = i.value;
        break;
      }
      case Op::JumpIfEqual: skipped = reg == i.value ? i.skip : 0; break;
      case Op::JumpIfDifferent: skipped = reg != i.value ? i.skip : 0; break;
      default:
        if (!synchronise(state, t, i)) return false;
    }
    thread.position += 1 + skipped;
    return true;
  }

  bool synchronise(State& state, std::size_t t, const Instruction& i) {
    Thread& thread = state.threads[t];
    const bool holds = thread.held.contains(i.object);
    const bool drained = thread.buffer.empty();
    switch (i.op) {
      case Op::Unlock:
        if (!holds) return true;
        thread.held.erase(i.object);
        thread.buffer.emplace_back(mutex(i.object), 0);
        return true;
      case Op::Lock:
      case Op::TryLock: {
        if (holds) return true;
        if (!drained) return false;
        int& word = state.memory[mutex(i.object)];
        if (i.op == Op::TryLock) thread.registers[i.reg] = word == 0 ? 1 : 0;
        if (word != 0) return i.op == Op::TryLock;
        word = 1;
        thread.held.insert(i.object);
        return true;
      }
      case Op::Acquire: {
        int& word = state.memory[semaphore(i.object)];
        if (!drained || word == 0) return false;
        --word;
        return true;
      }
      default:  // Release
        if (!drained) return false;
        state.memory[semaphore(i.object)] += i.value;
        return true;
    }
  }

  const Program& program_;
  bool buffered_;
  std::size_t states_max_;
  std::set<State> visited_;
  Reached reached_;
};

}  // namespace

std::optional<Reached> run_on_store_buffers(const Program& program, bool buffered, std::size_t states_max) {
  return Machine(program, buffered, states_max).run();
}

}  // namespace heddle::graphs
