#include "checker/memory/rc11.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace heddle::checker::rc11 {

namespace {

class Psc {
 public:
  explicit Psc(const ExecutionGraph& graph) : graph_(graph) {
    for (NodeIndex n = 0; n < graph.size(); ++n) {
      if (graph[n].kind == NodeKind::Waiting || graph[n].blocked) continue;  // no events
      events_[graph[n].thread].push_back(n);
      if (graph[n].seq_cst) seq_cst_.push_back(n);
    }
  }

  bool is_acyclic() {
    state_.assign(seq_cst_.size(), State::New);
    for (std::size_t i = 0; i < seq_cst_.size(); ++i)
      if (state_[i] == State::New && reaches_itself(i)) return false;
    return true;
  }

 private:
  enum class State : std::uint8_t { New, Open, Done };

  bool reaches_itself(std::size_t from) {
    state_[from] = State::Open;
    for (std::size_t to = 0; to < seq_cst_.size(); ++to) {
      if (to == from || state_[to] == State::Done || !psc(seq_cst_[from], seq_cst_[to])) continue;
      if (state_[to] == State::Open || reaches_itself(to)) return true;
    }
    state_[from] = State::Done;
    return false;
  }

  bool is_fence(NodeIndex n) const { return graph_[n].kind == NodeKind::Fence; }
  bool is_access(NodeIndex n) const {
    return graph_[n].kind == NodeKind::Read || graph_[n].kind == NodeKind::Write;
  }
  bool same_location(NodeIndex a, NodeIndex b) const {
    return is_access(a) && is_access(b) && graph_[a].label.object == graph_[b].label.object;
  }
  bool sb(NodeIndex a, NodeIndex b) const {
    return graph_[a].thread == graph_[b].thread && graph_[a].number < graph_[b].number;
  }
  bool hb(NodeIndex a, NodeIndex b) const { return a != b && graph_.happens_before(a, b); }
  bool hb_or_same(NodeIndex a, NodeIndex b) const { return graph_.happens_before(a, b); }

  // The write that an access belongs to in coherence order: itself, or the one that it reads.
  NodeIndex write_of(NodeIndex n) const {
    return graph_[n].kind == NodeKind::Write ? n : graph_[n].reads_from;
  }
  bool decided(NodeIndex n) const {
    return graph_[n].kind == NodeKind::Write ? graph_[n].older != no_node : graph_[n].reads_from != no_node;
  }
  // co U fr: from an access to a write that comes later.
  bool overwritten_by(NodeIndex a, NodeIndex b) const {
    if (!same_location(a, b) || graph_[b].kind != NodeKind::Write || !decided(a) || !decided(b)) return false;
    return a != b && graph_.coherence_before(write_of(a), b);
  }
  // eco: a comes before b by who reads what and which write is newer.
  bool eco(NodeIndex a, NodeIndex b) const {
    if (a == b || !same_location(a, b) || !decided(a) || !decided(b)) return false;
    const bool read_last = graph_[b].kind == NodeKind::Read;
    if (read_last && graph_[a].kind == NodeKind::Write && graph_[b].reads_from == a) return true;
    return graph_.coherence_before(write_of(a), write_of(b));
  }

  // Of the events of a thread; a read-modify-write is one.
  NodeIndex first_after(NodeIndex a) const {
    const std::vector<NodeIndex>& thread = events_[graph_[a].thread];
    for (std::size_t i = position(a) + 1; i < thread.size(); ++i)
      if (counts(thread[i]) && thread[i] != graph_[a].write_part) return thread[i];
    return no_node;
  }
  NodeIndex last_before(NodeIndex b) const {
    const std::vector<NodeIndex>& thread = events_[graph_[b].thread];
    for (std::size_t i = position(b); i-- > 0;)
      if (counts(thread[i]) && thread[i] != graph_[b].read_part) return thread[i];
    return no_node;
  }
  bool counts(NodeIndex n) const { return is_access(n) || is_fence(n) || graph_[n].joined != no_node; }
  // Events of a thread are added in program order.
  std::size_t position(NodeIndex n) const { return graph_[n].number - 1; }

  bool scb(NodeIndex a, NodeIndex b) const {
    if (sb(a, b)) return true;
    if (same_location(a, b) && hb(a, b)) return true;
    if (overwritten_by(a, b)) return true;
    const NodeIndex after = first_after(a);
    const NodeIndex before = last_before(b);
    if (after != no_node && before != no_node && hb(after, before)) return true;
    return starts_before(a, b, after, before);
  }

  // The start of a thread is an event of the one that starts it, and its beginning one of its own, though
  // the graph has neither: sb; hb; sb may lead through them.
  bool starts_before(NodeIndex a, NodeIndex b, NodeIndex after, NodeIndex before) const {
    const NodeIndex parent =
        graph_[events_[graph_[b].thread].front()].po_previous;  // the last before the start
    if (parent != no_node && after != no_node && hb_or_same(after, parent)) return true;
    for (const std::vector<NodeIndex>& child : events_) {
      if (child.empty() || graph_[child.front()].po_previous == no_node) continue;
      const Node& started = graph_[graph_[child.front()].po_previous];
      if (started.thread != graph_[a].thread || started.number < graph_[a].number) continue;
      if (graph_[child.front()].thread == graph_[b].thread) return true;
      if (before != no_node && hb_or_same(child.front(), before)) return true;
      if (parent != no_node && hb_or_same(child.front(), parent)) return true;
    }
    return false;
  }

  template <class Test>
  bool any_event(Test test) const {
    for (NodeIndex n = 0; n < graph_.size(); ++n)
      if (test(n)) return true;
    return false;
  }

  bool scb_to(NodeIndex a, NodeIndex b) const {
    if (scb(a, b)) return true;
    return is_fence(b) && any_event([&](NodeIndex y) { return hb(y, b) && scb(a, y); });
  }
  bool psc(NodeIndex a, NodeIndex b) const {
    if (scb_to(a, b)) return true;
    if (!is_fence(a)) return false;
    if (any_event([&](NodeIndex x) { return hb(a, x) && scb_to(x, b); })) return true;
    if (!is_fence(b)) return false;
    if (hb(a, b)) return true;
    return any_event([&](NodeIndex x) {
      return is_access(x) && hb(a, x) && any_event([&](NodeIndex y) { return hb(y, b) && eco(x, y); });
    });
  }

  const ExecutionGraph& graph_;
  std::array<std::vector<NodeIndex>, threads_max> events_;
  std::vector<NodeIndex> seq_cst_;
  std::vector<State> state_;
};

}  // namespace

bool sees_what_was_notified(const ExecutionGraph& graph) {
  const auto goes_before = [&](NodeIndex notification, NodeIndex joined) {
    const NodeIndex found = graph[notification].reads_from;
    return found != joined && (found == initial || graph.coherence_before(found, joined));
  };
  for (NodeIndex look = 0; look < graph.size(); ++look) {
    const Node& node = graph[look];
    if (!node.label.last_look || node.kind != NodeKind::Read || node.reads_from == no_node) continue;
    const NodeIndex joined = node.po_previous;
    const ObjectIndex waiters = graph[joined].label.object;
    for (NodeIndex n = graph.last_added(waiters); n != no_node; n = graph[n].same_object) {
      const OperationKind kind = graph[n].label.kind;
      if (graph[n].kind != NodeKind::Read || graph[n].reads_from == no_node) continue;
      if (kind != OperationKind::NotifyOne && kind != OperationKind::NotifyAll) continue;
      if (!goes_before(n, joined)) continue;
      for (NodeIndex w = graph.newer(node.reads_from, node.label.object); w != no_node; w = graph[w].newer)
        if (graph.happens_before(w, n)) return false;
    }
  }
  return true;
}

bool psc_is_acyclic(const ExecutionGraph& graph) { return Psc(graph).is_acyclic(); }

}  // namespace heddle::checker::rc11
