#include "tests/oracle/brute_force.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace heddle::oracle {

namespace {

constexpr unsigned objects_max = variables_max + mutexes_max;
constexpr int nobody = -1;

enum class Touch : std::uint8_t { None, Read, Write };
using Touched = std::array<Touch, objects_max>;  // variables first, then mutexes

void touch(Touched& touched, unsigned object, Touch how) { touched[object] = std::max(touched[object], how); }

bool dependent(const Touched& a, const Touched& b) {
  for (unsigned object = 0; object < objects_max; ++object)
    if (a[object] != Touch::None && b[object] != Touch::None &&
        (a[object] == Touch::Write || b[object] == Touch::Write))
      return true;
  return false;
}

// ---- the interpreter --------------------------------------------------------------------------------

struct State {
  std::array<std::uint8_t, threads_max>
      position{};  // of the next instruction that is a step, in the thread's list
  std::array<std::uint8_t, threads_max> steps{};  // taken so far
  std::array<Registers, threads_max> registers{};
  std::array<int, variables_max> memory{};
  std::array<int, mutexes_max> holder{};
};

class Interpreter {
 public:
  explicit Interpreter(const Program& program) : program_(program) {}

  unsigned threads() const { return static_cast<unsigned>(program_.threads.size()); }

  State start() const {
    State state;
    state.holder.fill(nobody);
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
    return next->op != Op::Lock || state.holder[next->object] == nobody;
  }
  // In how many ways the thread's next step can go.
  int alternatives(const State& state, unsigned thread) const {
    const Instruction& next = program_.threads[thread][state.position[thread]];
    return next.op == Op::Choose ? next.value : 1;
  }
  // Returns what the step touches.
  Touched step(State& state, unsigned thread, int answer) const {
    Touched touched{};
    const Instruction& next = program_.threads[thread][state.position[thread]];
    if (next.op == Op::Block) {
      for (std::size_t i = next_step(state, thread, next.body, 0); i < next.body.size();
           i = next_step(state, thread, next.body, i + 1))
        perform(state, thread, next.body[i], touched);
    } else if (next.op == Op::Choose) {
      state.registers[thread][next.reg] = answer;
    } else {
      perform(state, thread, next, touched);
    }
    ++state.steps[thread];
    settle(state, thread, state.position[thread] + 1u);
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
          if (state.holder[next.object] == static_cast<int>(thread)) continue;
          return i;
        case Op::Unlock:
          if (state.holder[next.object] != static_cast<int>(thread)) continue;
          return i;
        case Op::Block:
          if (next_step(state, thread, next.body, 0) == next.body.size()) continue;
          return i;
        default: return i;
      }
    }
    return code.size();
  }

  void perform(State& state, unsigned thread, const Instruction& next, Touched& touched) const {
    int& variable = state.memory[next.object % variables_max];
    int& holder = state.holder[next.object % mutexes_max];
    int& reg = state.registers[thread][next.reg];
    const unsigned mutex = variables_max + next.object;
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
      case Op::Lock: holder = static_cast<int>(thread); return touch(touched, mutex, Touch::Write);
      case Op::Unlock: holder = nobody; return touch(touched, mutex, Touch::Write);
      case Op::TryLock:
        reg = holder == nobody;
        if (reg == 1) holder = static_cast<int>(thread);
        return touch(touched, mutex, reg == 1 ? Touch::Write : Touch::Read);
      default: return;
    }
  }

  const Program& program_;
};

// ---- equivalent beginnings taken for one ------------------------------------------------------------

std::uint64_t scrambled(std::uint64_t x) {
  x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93u;
  x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93u;
  return x ^ (x >> 32);
}

// A beginning is the set of its steps, each with what it came after: of every object that it touches the
// last step that wrote it and, if it writes, the steps that have read it since. Steps are called by thread
// and number.
struct Beginning {
  State state;
  std::array<std::uint32_t, objects_max> writer{};   // name of the step, 0: none
  std::array<std::uint64_t, objects_max> readers{};  // since then, as a sum
  std::uint64_t identity = 0;                        // a sum over the steps
};

class Merging {
 public:
  Merging(const Program& program, std::size_t beginnings_max)
      : interpreter_(program), beginnings_max_(beginnings_max) {}

  std::optional<Behaviour> run() {
    Beginning nothing;
    nothing.state = interpreter_.start();
    behaviour_.interleavings = continuations(nothing);
    if (known_.size() > beginnings_max_) return std::nullopt;
    return std::move(behaviour_);
  }

 private:
  std::uint64_t continuations(const Beginning& beginning) {
    if (const auto known = known_.find(beginning.identity); known != known_.end()) return known->second;
    if (known_.size() > beginnings_max_) return 0;
    std::uint64_t count = 0;
    bool ended = true;
    bool stuck = true;
    for (unsigned t = 0; t < interpreter_.threads(); ++t) {
      ended = ended && interpreter_.ended(beginning.state, t);
      if (!interpreter_.can_step(beginning.state, t)) continue;
      stuck = false;
      for (int answer = 0; answer < interpreter_.alternatives(beginning.state, t); ++answer)
        count += continuations(after(beginning, t, answer));
    }
    if (stuck) {
      count = 1;
      ++behaviour_.classes;
      if (ended) behaviour_.outcomes.insert(interpreter_.outcome(beginning.state));
      else ++behaviour_.deadlocked;
    }
    known_.emplace(beginning.identity, count);
    return count;
  }

  Beginning after(const Beginning& beginning, unsigned thread, int answer) const {
    Beginning next = beginning;
    const Touched touched = interpreter_.step(next.state, thread, answer);
    const std::uint32_t name = thread * 256 + next.state.steps[thread];
    std::uint64_t step = scrambled(name * 16u + static_cast<unsigned>(answer));
    for (unsigned object = 0; object < objects_max; ++object) {
      if (touched[object] == Touch::None) continue;
      step = scrambled(step + object * 4 + static_cast<std::uint64_t>(touched[object]));
      step = scrambled(step + next.writer[object]);
      if (touched[object] == Touch::Write) {
        step = scrambled(step + next.readers[object]);
        next.writer[object] = name;
        next.readers[object] = 0;
      } else {
        next.readers[object] += scrambled(name);
      }
    }
    next.identity += scrambled(step);
    return next;
  }

  Interpreter interpreter_;
  std::size_t beginnings_max_;
  std::unordered_map<std::uint64_t, std::uint64_t> known_;  // identity -> ways to go on
  Behaviour behaviour_;
};

// ---- by definition ----------------------------------------------------------------------------------

struct Step {
  unsigned thread;
  unsigned number;
  int answer;
  Touched touched;
};

class Literal {
 public:
  explicit Literal(const Program& program) : interpreter_(program) {}

  Behaviour run() {
    extend(interpreter_.start());
    behaviour_.classes = classes_.size();
    behaviour_.deadlocked = deadlocked_.size();
    return std::move(behaviour_);
  }

 private:
  // Every step, in the order of the threads, and for every two dependent ones which was first.
  using Class = std::string;

  void extend(const State& state) {
    bool ended = true;
    bool stuck = true;
    for (unsigned t = 0; t < interpreter_.threads(); ++t) {
      ended = ended && interpreter_.ended(state, t);
      if (!interpreter_.can_step(state, t)) continue;
      stuck = false;
      for (int answer = 0; answer < interpreter_.alternatives(state, t); ++answer) {
        State next = state;
        const Touched touched = interpreter_.step(next, t, answer);
        steps_.push_back({t, next.steps[t], answer, touched});
        extend(next);
        steps_.pop_back();
      }
    }
    if (!stuck) return;
    ++behaviour_.interleavings;
    Class identity = class_of();
    if (ended) behaviour_.outcomes.insert(interpreter_.outcome(state));
    else deadlocked_.insert(identity);
    classes_.insert(std::move(identity));
  }

  Class class_of() const {
    std::vector<std::size_t> order(steps_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return steps_[a].thread < steps_[b].thread; });
    Class identity;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Step& a = steps_[order[i]];
      identity.push_back(static_cast<char>(a.thread));
      identity.push_back(static_cast<char>(a.number));
      identity.push_back(static_cast<char>(a.answer));
      for (std::size_t j = 0; j < i; ++j) {
        const bool ordered = dependent(a.touched, steps_[order[j]].touched);
        identity.push_back(!ordered ? '|' : order[i] < order[j] ? '<' : '>');
      }
    }
    return identity;
  }

  Interpreter interpreter_;
  std::vector<Step> steps_;
  std::set<Class> classes_;
  std::set<Class> deadlocked_;
  Behaviour behaviour_;
};

}  // namespace

std::optional<Behaviour> brute_force(const Program& program, std::size_t beginnings_max) {
  return Merging(program, beginnings_max).run();
}

Behaviour brute_force_by_definition(const Program& program) { return Literal(program).run(); }

}  // namespace heddle::oracle
