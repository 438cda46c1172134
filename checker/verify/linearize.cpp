#include "checker/verify/linearize.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <queue>

namespace heddle::checker {

namespace {

constexpr std::size_t states_max = 50'000;
// One step that reads something old weighs more than any number of preemptions.
constexpr std::uint64_t price_of_age = std::uint64_t{1} << 32;

struct State {
  std::vector<std::uint16_t> done;  // kept events per thread
  ThreadIndex last = no_thread;
  friend auto operator<=>(const State&, const State&) = default;
};

class Search {
 public:
  Search(const Trace& trace, const Causality& causality, const Coherence* coherence,
         const std::vector<bool>& kept)
      : trace_(trace), causality_(causality), newer_(coherence == nullptr ? 0 : trace.size()) {
    for (EventIndex e = 0; e < trace.size(); ++e) {
      all_[trace[e].thread].push_back(e);
      if (coherence != nullptr) newer_[e] = newer_writes(trace, *coherence, e);
      if (kept[e]) {
        kept_[trace[e].thread].push_back(e);
        ++total_;
      }
      threads_ = std::max<unsigned>(threads_, trace[e].thread + 1u);
    }
  }

  // Empty when the search was given up.
  std::vector<EventIndex> order() {
    State start{std::vector<std::uint16_t>(threads_, 0), no_thread};
    best_[start] = {0, {}, no_event};
    queue_.push({0, 0, start});
    while (!queue_.empty()) {
      const auto [cost, unused, state] = queue_.top();
      queue_.pop();
      if (best_[state].cost < cost) continue;
      if (best_.size() > states_max) return {};
      if (is_final(state)) return path_to(state);
      const unsigned only = local_thread(state);  // commutes with everything: no need to branch
      // From the last to the first, because what is found last goes first.
      for (unsigned thread = threads_; thread-- > 0;) {
        const EventIndex event = next(state, thread);
        if ((only != threads_ && thread != only) || event == no_event || !executable(state, event)) continue;
        take(state, cost, static_cast<ThreadIndex>(thread), event);
      }
    }
    return {};
  }

 private:
  struct Reached {
    std::uint64_t cost;
    State from;
    EventIndex by;
  };
  // Of equal cost, what has been found last goes first: towards the end.
  struct Waiting {
    std::uint64_t cost;
    std::uint64_t found;
    State state;
    friend bool operator<(const Waiting& a, const Waiting& b) {
      return a.cost != b.cost ? a.cost > b.cost : a.found < b.found;
    }
  };

  void take(const State& state, std::uint64_t cost, ThreadIndex thread, EventIndex event) {
    State following = state;
    ++following.done[thread];
    const bool local = is_local(trace_[event].kind);
    if (!local) following.last = thread;
    const bool preempts =
        !local && state.last != no_thread && state.last != thread && could_go_on(state, state.last);
    const std::uint64_t price = cost + (preempts ? 1 : 0) + (is_old(state, event) ? price_of_age : 0);
    const auto known = best_.find(following);
    if (known != best_.end() && known->second.cost <= price) return;
    best_[following] = {price, state, event};
    queue_.push({price, ++found_, following});
  }
  bool is_old(const State& state, EventIndex event) const {
    return !newer_.empty() && std::any_of(newer_[event].begin(), newer_[event].end(), [&](EventIndex newer) {
      return state.done[trace_[newer].thread] >= trace_[newer].number;
    });
  }

  bool is_final(const State& state) const {
    std::size_t done = 0;
    for (const std::uint16_t n : state.done) done += n;
    return done == total_;
  }
  EventIndex next(const State& state, unsigned thread) const {
    return state.done[thread] < kept_[thread].size() ? kept_[thread][state.done[thread]] : no_event;
  }
  unsigned local_thread(const State& state) const {
    for (unsigned thread = 0; thread < threads_; ++thread) {
      const EventIndex event = next(state, thread);
      if (event != no_event && is_local(trace_[event].kind) && executable(state, event)) return thread;
    }
    return threads_;
  }
  // Kept events are a prefix of each thread, so numbers can be compared with clocks.
  bool executable(const State& state, EventIndex event) const {
    const ClockValue* clock = causality_.clock(event);
    for (unsigned t = 0; t < threads_; ++t) {
      const unsigned needed = t == trace_[event].thread ? trace_[event].number - 1u : clock[t];
      if (state.done[t] < needed) return false;
    }
    return true;
  }
  // Whether the thread's next operation is enabled, in this order or not.
  bool could_go_on(const State& state, ThreadIndex thread) const {
    const auto& events = all_[thread];
    if (state.done[thread] >= events.size()) return false;
    const Event& event = trace_[events[state.done[thread]]];
    if (event.kind == OperationKind::Lock || event.kind == OperationKind::LockAll) {
      const auto mutexes = trace_.accesses(events[state.done[thread]]);
      return std::none_of(mutexes.begin(), mutexes.end(),
                          [&](const Access& access) { return held(state, access.object); });
    }
    if (event.kind == OperationKind::Join) return state.done[event.joined] >= all_[event.joined].size();
    return !can_block(event.kind) || executable(state, events[state.done[thread]]);
  }
  bool held(const State& state, ObjectIndex mutex) const {
    int balance = 0;
    for (unsigned t = 0; t < threads_; ++t) {
      for (std::size_t i = 0; i < state.done[t]; ++i) {
        const Event& event = trace_[all_[t][i]];
        for (const Access& access : trace_.accesses(all_[t][i])) {
          if (access.object != mutex) continue;
          if (takes_mutexes(event)) ++balance;
          if (gives_mutexes_back(event)) --balance;
        }
      }
    }
    return balance > 0;
  }
  std::vector<EventIndex> path_to(State state) {
    std::vector<EventIndex> order;
    for (;;) {
      const Reached& reached = best_[state];
      if (reached.by == no_event) break;
      order.push_back(reached.by);
      state = reached.from;
    }
    std::reverse(order.begin(), order.end());
    return order;
  }

  const Trace& trace_;
  const Causality& causality_;
  std::array<std::vector<EventIndex>, threads_max> all_;
  std::array<std::vector<EventIndex>, threads_max> kept_;
  std::size_t total_ = 0;
  unsigned threads_ = 0;
  std::vector<std::vector<EventIndex>> newer_;  // of graphs
  std::map<State, Reached> best_;
  std::priority_queue<Waiting> queue_;
  std::uint64_t found_ = 0;
};

}  // namespace

std::vector<bool> causal_past(const Trace& trace, const Causality& causality,
                              const std::vector<EventIndex>& targets) {
  std::vector<bool> kept(trace.size(), false);
  for (EventIndex event = 0; event < trace.size(); ++event)
    kept[event] = std::any_of(targets.begin(), targets.end(),
                              [&](EventIndex target) { return causality.before(event, target); });
  // A replay takes local steps as soon as it can, so those that have become possible belong to it.
  for (EventIndex event = 0; event < trace.size(); ++event) {
    if (!is_local(trace[event].kind) || kept[event]) continue;
    const EventIndex previous = trace[event].po_previous;
    const EventIndex joined = trace[event].joined_event;
    kept[event] = (previous == no_event || kept[previous]) && (joined == no_event || kept[joined]);
  }
  return kept;
}

Path fewest_preemptions(const Trace& trace, const Causality& causality, const Coherence* coherence,
                        const std::vector<bool>& kept) {
  Search search(trace, causality, coherence, kept);
  std::vector<EventIndex> order = search.order();
  if (order.empty())
    for (EventIndex event = 0; event < trace.size(); ++event)
      if (kept[event]) order.push_back(event);
  static const Coherence of_the_trace;
  return path_of(trace, coherence == nullptr ? of_the_trace : *coherence, order);
}

}  // namespace heddle::checker
