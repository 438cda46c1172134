#include "tests/oracle/loops_judge.hpp"

#include <map>
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

using Key = std::string;

Key key_of(const State& state) {
  Key key;
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

class Explorer {
 public:
  Explorer(const Program& program, std::size_t states_max) : program_(program), states_max_(states_max) {}

  std::optional<Behaviour> run() {
    reach({});
    for (std::size_t s = 0; s < states_.size(); ++s) {
      if (states_.size() > states_max_) return std::nullopt;
      const State state = states_[s];
      bool ended = true;
      for (unsigned t = 0; t < program_.size(); ++t) {
        if (state.threads[t].piece == program_[t].size()) continue;
        ended = false;
        State next = state;
        if (step(next, t)) {
          const std::size_t to = reach(next);
          sources_[to].push_back(s);
        }
      }
      if (!ended) continue;
      std::array<Registers, threads_max> registers;
      for (unsigned t = 0; t < threads_max; ++t) registers[t] = state.threads[t].registers;
      behaviour_.outcomes.insert(final_text(registers, state.memory));
      ends_.push_back(s);
    }
    behaviour_.states = states_.size();
    behaviour_.hangs = leading_to_an_end() < states_.size();
    return std::move(behaviour_);
  }

 private:
  std::size_t reach(const State& state) {
    const auto [place, is_new] = numbers_.emplace(key_of(state), states_.size());
    if (is_new) {
      states_.push_back(state);
      sources_.emplace_back();
    }
    return place->second;
  }

  std::size_t leading_to_an_end() const {
    std::vector<bool> leads(states_.size());
    std::vector<std::size_t> waiting = ends_;
    for (const std::size_t end : ends_) leads[end] = true;
    std::size_t count = waiting.size();
    while (!waiting.empty()) {
      const std::size_t state = waiting.back();
      waiting.pop_back();
      for (const std::size_t source : sources_[state]) {
        if (leads[source]) continue;
        leads[source] = true;
        ++count;
        waiting.push_back(source);
      }
    }
    return count;
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
  std::size_t states_max_;
  std::vector<State> states_;
  std::map<Key, std::size_t> numbers_;
  std::vector<std::vector<std::size_t>> sources_;  // from which states one gets there
  std::vector<std::size_t> ends_;
  Behaviour behaviour_;
};

}  // namespace

std::optional<Behaviour> behaviour(const Program& program, std::size_t states_max) {
  return Explorer(program, states_max).run();
}

}  // namespace heddle::loops
