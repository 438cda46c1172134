#include "tests/oracle/loops_judge.hpp"

#include <utility>

namespace heddle::loops {

namespace {

constexpr int nobody = -1;

struct Thread {
  std::size_t piece = 0;
  int phase = 0;         // of the piece
  int tries = 0;         // in vain, of a loop with a bound
  int seen = 0;          // by AddInLoop
  bool swapped = false;  // BackOffSwapped begins with the other mutex
  Registers registers;
};

struct State {
  std::array<Thread, threads_max> threads;
  std::array<int, variables_max> memory{};
  std::array<int, mutexes_max> owner{nobody, nobody};
};

class Interpreter {
 public:
  explicit Interpreter(const Program& program) : program_(program) {}

  static State start() { return {}; }
  bool ended(const State& state, unsigned thread) const {
    return state.threads[thread].piece == program_[thread].size();
  }
  static std::string key(const State& state) {
    std::string key;
    const auto add = [&](auto value) { key += static_cast<char>(value); };
    for (const Thread& thread : state.threads) {
      add(thread.piece);
      add(thread.phase);
      add(thread.tries);
      add(thread.seen);
      add(thread.swapped);
      add(thread.registers.last);
      add(thread.registers.greatest);
      add(thread.registers.count);
    }
    for (const int value : state.memory) add(value);
    for (const int owner : state.owner) add(owner);
    return key;
  }
  static std::string outcome(const State& state) {
    std::array<Registers, threads_max> registers;
    for (unsigned t = 0; t < threads_max; ++t) registers[t] = state.threads[t].registers;
    return final_text(registers, state.memory);
  }

  // One operation of the thread. Returns whether it could go on.
  bool step(State& state, unsigned thread) const {
    Thread& mine = state.threads[thread];
    const Piece& piece = program_[thread][mine.piece];
    int& variable = state.memory[piece.variable];
    int& another = state.memory[1 - piece.variable];
    int& mutex = state.owner[mine.swapped ? 1 - piece.mutex : piece.mutex];
    int& other = state.owner[mine.swapped ? piece.mutex : 1 - piece.mutex];
    const int me = static_cast<int>(thread);
    const auto go_on = [&](int phase) {
      mine.phase = phase;
      return true;
    };
    const auto done = [&] {
      mine.phase = mine.tries = mine.seen = 0;
      mine.swapped = false;
      ++mine.piece;
      return true;
    };
    // It has looked in vain; where the loop begins again. Without a bound nothing is counted.
    const auto again = [&](int seen, int phase) {
      remember(piece, seen, mine.registers);
      if (piece.bound > 0 && ++mine.tries == piece.bound) return done();
      return go_on(phase);
    };
    const auto lock = [&](int& owner, int next) {
      if (owner != nobody) return false;
      owner = me;
      return go_on(next);
    };
    switch (piece.kind) {
      case Kind::Store: variable = piece.value; return done();
      case Kind::Add: variable += piece.value; return done();
      case Kind::StoreLocked:
        if (mine.phase == 0) return lock(mutex, 1);
        if (mine.phase == 1) {
          variable = piece.value;
          return go_on(2);
        }
        mutex = nobody;
        return done();
      case Kind::Spin:
        if (variable != piece.value) return again(variable, 0);
        if (piece.remember != Remember::Count) remember(piece, variable, mine.registers);
        return done();
      case Kind::SpinLocked:
        if (mine.phase == 0) return lock(mutex, 1);
        if (mine.phase == 1) {
          mine.seen = variable;
          return go_on(2);
        }
        mutex = nobody;
        if (const int seen = std::exchange(mine.seen, 0); seen != piece.value) return again(seen, 0);
        else if (piece.remember != Remember::Count) remember(piece, seen, mine.registers);
        return done();
      case Kind::AddInLoop:
        if (mine.phase == 0 || variable != mine.seen) {
          const bool failed = mine.phase == 1;
          mine.seen = variable;
          return failed ? again(mine.seen, 1) : go_on(1);
        }
        variable += piece.value;
        return done();
      case Kind::TryLock:
        switch (mine.phase) {
          case 0:
            if (mutex != nobody) return again(0, 0);
            return lock(mutex, 1);
          case 1: variable += piece.value; return go_on(2);
          default: mutex = nobody; return done();
        }
      case Kind::BackOff:
      case Kind::BackOffSwapped:
        switch (mine.phase) {
          case 0: return lock(mutex, 1);
          case 1:
            if (other == nobody) return lock(other, 2);
            return go_on(5);
          case 2: variable += piece.value; return go_on(3);
          case 3: other = nobody; return go_on(4);
          case 4: mutex = nobody; return done();
          default:
            mutex = nobody;
            if (piece.kind == Kind::BackOffSwapped) mine.swapped = !mine.swapped;
            return again(0, 0);
        }
      case Kind::Exchange:
      case Kind::LookThenExchange:
        switch (mine.phase) {
          case 0:
            if (piece.kind == Kind::LookThenExchange && variable != 0) return again(variable, 0);
            if (piece.kind == Kind::LookThenExchange) return go_on(1);
            [[fallthrough]];
          case 1: {
            const int seen = std::exchange(variable, 1);
            return seen != 0 ? again(seen, 0) : go_on(2);
          }
          case 2: another += piece.value; return go_on(3);
          default: variable = 0; return done();
        }
    }
    return false;
  }

  const Program& program_;
};

}  // namespace

std::optional<oracle::Reached> judge(const Program& program, std::size_t states_max) {
  const Interpreter interpreter(program);
  return oracle::States(interpreter, static_cast<unsigned>(program.size())).reach_all(states_max);
}

}  // namespace heddle::loops
