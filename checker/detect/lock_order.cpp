#include "checker/detect/lock_order.hpp"

#include "checker/core/hash.hpp"

#include <algorithm>
#include <set>

namespace heddle::checker {

namespace {

bool share_a_gate(const LockOrder::Edge& a, const LockOrder::Edge& b) {
  std::vector<ObjectIndex> both;
  std::set_intersection(a.gates.begin(), a.gates.end(), b.gates.begin(), b.gates.end(),
                        std::back_inserter(both));
  return !both.empty();
}

using Cycle = std::vector<LockOrder::Edge>;

void extend(const std::vector<LockOrder::Edge>& edges, Cycle& path, std::size_t length,
            std::vector<Cycle>& found) {
  if (path.size() == length) {
    if (path.back().taken == path.front().held) found.push_back(path);
    return;
  }
  for (const LockOrder::Edge& edge : edges) {
    if (!path.empty()) {
      if (edge.held != path.back().taken || edge.thread < path.front().thread) continue;
      const bool clash = std::any_of(path.begin(), path.end(), [&](const LockOrder::Edge& other) {
        return other.thread == edge.thread || other.held == edge.held || share_a_gate(other, edge);
      });
      if (clash) continue;
    }
    path.push_back(edge);
    extend(edges, path, length, found);
    path.pop_back();
  }
}

}  // namespace

void LockOrder::observe_lock(const Trace& trace, const HeldLocks& locks) {
  const EventIndex last = trace.size() - 1;
  const Event& event = trace[last];
  const std::uint32_t held = locks.before(trace.begin_of_step(last));
  if (held == HeldLocks::nothing) return;
  Hash gates = 0;
  for (std::uint32_t h = held; h != HeldLocks::nothing; h = locks.at(h).next)
    gates += mixed(locks.at(h).mutex + 1);
  for (const Access& taken : trace.accesses(last)) {
    for (std::uint32_t h = held; h != HeldLocks::nothing; h = locks.at(h).next) {
      const HeldLocks::Held& holding = locks.at(h);
      const Hash key = mixed(mixed(mixed(gates + event.thread) + holding.mutex) + taken.object);
      if (!known_.insert(key).second) continue;
      Edge edge{event.thread, holding.mutex, taken.object, trace[holding.taken].where, event.where, {}};
      for (std::uint32_t g = held; g != HeldLocks::nothing; g = locks.at(g).next)
        edge.gates.push_back(locks.at(g).mutex);
      std::sort(edge.gates.begin(), edge.gates.end());
      edges_.push_back(std::move(edge));
    }
  }
}

std::vector<Cycle> LockOrder::cycles() const {
  constexpr std::size_t length_max = 6;  // longer ones are found with their shorter parts or not at all
  std::vector<Cycle> found;
  std::set<std::set<ObjectIndex>> reported;
  std::vector<Cycle> distinct;
  for (std::size_t length = 2; length <= length_max; ++length) {
    found.clear();
    Cycle path;
    extend(edges_, path, length, found);
    for (Cycle& cycle : found) {
      std::set<ObjectIndex> mutexes;
      for (const Edge& edge : cycle) mutexes.insert(edge.held);
      if (reported.insert(std::move(mutexes)).second) distinct.push_back(std::move(cycle));
    }
  }
  return distinct;
}

}  // namespace heddle::checker
