// tests/oracle/states.hpp - every state that a program can be in, for languages whose states are finite.
//
// The executions need not be: a loop comes back to a state that has been seen. An Interpreter has
//     State start() const;
//     bool ended(const State&, unsigned thread) const;
//     bool step(State&, unsigned thread) const;      // false: the thread has to wait
//     std::string key(const State&) const;           // the same for the same state only
//     std::string outcome(const State&) const;       // of one in which every thread has ended
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace heddle::oracle {

struct Reached {
  std::set<std::string> outcomes;
  bool hangs = false;  // a state can be reached from which no end can be
  std::size_t states = 0;
};

template <class Interpreter>
class States {
  using State = decltype(std::declval<const Interpreter&>().start());

 public:
  States(const Interpreter& interpreter, unsigned threads) : interpreter_(interpreter), threads_(threads) {}

  // Nothing when there are more states than that.
  std::optional<Reached> reach_all(std::size_t states_max) {
    Reached reached;
    reach(interpreter_.start());
    for (std::size_t s = 0; s < states_.size(); ++s) {
      if (states_.size() > states_max) return std::nullopt;
      bool ended = true;
      for (unsigned t = 0; t < threads_; ++t) {
        if (interpreter_.ended(states_[s], t)) continue;
        ended = false;
        State next = states_[s];
        if (interpreter_.step(next, t)) sources_[reach(next)].push_back(s);
      }
      if (!ended) continue;
      reached.outcomes.insert(interpreter_.outcome(states_[s]));
      ends_.push_back(s);
    }
    reached.states = states_.size();
    reached.hangs = leading_to_an_end() < states_.size();
    return reached;
  }

 private:
  std::size_t reach(const State& state) {
    const auto [place, is_new] = numbers_.emplace(interpreter_.key(state), states_.size());
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

  const Interpreter& interpreter_;
  unsigned threads_;
  std::vector<State> states_;
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::vector<std::size_t>> sources_;  // from which states one gets there
  std::vector<std::size_t> ends_;
};

}  // namespace heddle::oracle
