#include "tests/graphs/oracle.hpp"

#include "tests/graphs/candidates.hpp"

#include <algorithm>

namespace heddle::graphs {

namespace {

class Judge {
 public:
  Judge(const Program& program, Model model, std::size_t candidates_max)
      : program_(program), model_(model), candidates_left_(candidates_max) {}

  void look_at(const Candidate& candidate) {
    const ExecutionGraph graph(candidate.events);
    std::vector<std::vector<Coherence>> possible;  // of each location
    for (unsigned location = 0; location < locations(program_) && candidates_left_ > 0; ++location) {
      possible.push_back(coherence_orders(candidate, graph, location));
      if (possible.back().empty()) return;
    }
    std::vector<Coherence> chosen;
    choose_one_of_each(candidate, graph, possible, chosen);
  }

  bool gave_up() const { return candidates_left_ == 0; }
  Behaviour take() { return std::move(behaviour_); }

 private:
  // All orders of the writes that are coherent.
  std::vector<Coherence> coherence_orders(const Candidate& candidate, const ExecutionGraph& graph,
                                          unsigned location) {
    std::vector<unsigned> writes;
    for (unsigned e = 0; e < candidate.events.size(); ++e)
      if (candidate.events[e].location == location && candidate.events[e].writes()) writes.push_back(e);
    std::vector<Coherence> result;
    Coherence order{writes.front()};  // the initial one happens before the others
    writes.erase(writes.begin());
    extend(candidate, graph, order, writes, result);
    return result;
  }

  // Leaves out at once what coherence forbids in every model: to change the order of one thread's writes, and
  // to put one behind another that an update has read.
  void extend(const Candidate& candidate, const ExecutionGraph& graph, Coherence& order,
              const std::vector<unsigned>& left, std::vector<Coherence>& result) {
    if (candidates_left_ == 0) return;
    const Events& events = candidate.events;
    const unsigned last = order.back();
    if (left.empty()) {
      --candidates_left_;
      const unsigned location = events[last].location;
      if (leaves_waiting(candidate, location, last) && graph.coherent(location, order))
        result.push_back(order);
      return;
    }
    const auto updates_last = [&](unsigned e) {
      return events[e].kind == Kind::ReadModifyWrite && events[e].reads_from == last;
    };
    const bool updated = std::any_of(left.begin(), left.end(), updates_last);
    for (std::size_t i = 0; i < left.size(); ++i) {
      const auto earlier = [&](unsigned e) { return events[e].thread == events[left[i]].thread; };
      if (updates_last(left[i]) != updated) continue;
      if (std::any_of(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(i), earlier)) continue;
      std::vector<unsigned> others = left;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      order.push_back(left[i]);
      extend(candidate, graph, order, others, result);
      order.pop_back();
    }
  }

  // Whether the last write to the location lets nobody go on who waits for it.
  static bool leaves_waiting(const Candidate& candidate, unsigned location, unsigned last) {
    return std::none_of(candidate.waiting.begin(), candidate.waiting.end(), [&](const Waiting& waiting) {
      return waiting.location == location && satisfies(waiting, candidate.events[last].written);
    });
  }

  void choose_one_of_each(const Candidate& candidate, const ExecutionGraph& graph,
                          const std::vector<std::vector<Coherence>>& possible,
                          std::vector<Coherence>& chosen) {
    if (chosen.size() < possible.size()) {
      for (const Coherence& order : possible[chosen.size()]) {
        chosen.push_back(order);
        choose_one_of_each(candidate, graph, possible, chosen);
        chosen.pop_back();
      }
      return;
    }
    if (candidates_left_ == 0) return;
    --candidates_left_;
    if (graph.consistent(model_, chosen)) record(candidate, chosen);
  }

  void record(const Candidate& candidate, const std::vector<Coherence>& orders) {
    ++behaviour_.graphs;
    if (!candidate.waiting.empty()) {
      ++behaviour_.deadlocked;
      return;
    }
    std::vector<int> memory;
    for (unsigned v = 0; v < program_.variables; ++v)
      memory.push_back(candidate.events[orders[v].back()].written);
    behaviour_.outcomes.insert(final_text(candidate.registers, memory));
  }

  const Program& program_;
  Model model_;
  std::size_t candidates_left_;
  Behaviour behaviour_;
};

}  // namespace

std::optional<Behaviour> judge(const Program& program, Model model, std::size_t candidates_max) {
  Judge judge(program, model, candidates_max);
  const bool all = for_each_candidate(program, candidates_max,
                                      [&](const Candidate& candidate) { judge.look_at(candidate); });
  if (!all || judge.gave_up()) return std::nullopt;
  return judge.take();
}

}  // namespace heddle::graphs
