#include "tests/oracle/brute_force.hpp"

#include "tests/oracle/interpreter.hpp"

#include <unordered_map>

namespace heddle::oracle {

namespace {

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
  Merging(const Program& program, std::size_t beginnings_max, NotifyOne notify_one)
      : interpreter_(program, notify_one), beginnings_max_(beginnings_max) {}

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
  explicit Literal(const Program& program) : interpreter_(program, NotifyOne::WhoeverWakesFirst) {}

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

std::optional<Behaviour> brute_force(const Program& program, std::size_t beginnings_max,
                                     NotifyOne notify_one) {
  return Merging(program, beginnings_max, notify_one).run();
}

Behaviour brute_force_by_definition(const Program& program) { return Literal(program).run(); }

}  // namespace heddle::oracle
