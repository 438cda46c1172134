// checker/explore/graph_revisits.cpp - backward revisits: reads that should have read a later write.

#include "checker/explore/graph_search.hpp"

#include <algorithm>

namespace heddle::checker {

bool GraphSearch::in_prefix(NodeIndex node, NodeIndex write) const {
  return level().graph.causally_before(node, write);
}

// Whether an event that a revisit by `write` deletes reads or writes as the plainest continuation of what
// stays would: the newest there was.
bool GraphSearch::is_maximal(NodeIndex index, NodeIndex write) const {
  const ExecutionGraph& g = level().graph;
  const Node& node = g[index];
  const auto stays = [&](NodeIndex n) { return n != write && (n <= index || in_prefix(n, write)); };
  if (node.kind == NodeKind::Local) return node.alternative == 0;
  if (node.kind == NodeKind::Fence) return true;
  const ObjectIndex object = node.label.object;
  // What has begun to wait goes on waiting for the newest.
  if (node.kind == NodeKind::Waiting) return stays(node.reads_from);
  NodeIndex source = index;
  if (node.kind == NodeKind::Read) {
    source = node.reads_from;
    if (source != initial && !stays(source)) return false;
  } else {
    for (NodeIndex n = g.last_added(object); n != no_node; n = g[n].same_object)
      if (g[n].kind != NodeKind::Write && g[n].reads_from == index && stays(n)) return false;
  }
  for (NodeIndex w = g.newer(source, object); w != no_node; w = g[w].newer)
    if (stays(w)) return false;
  return true;
}

// The reads that could have read from this write, which is the last event, had they come later. `source` is
// where a read-modify-write has to be placed.
void GraphSearch::offer_revisits(NodeIndex write, NodeIndex source) {
  const ExecutionGraph& g = graph();
  const Node& node = g[write];
  const auto waits = static_cast<std::uint32_t>(level().waits.size());
  const auto events = static_cast<EventIndex>(level().order.size());
  // What is there of another read-modify-write of the source has to go.
  const NodeIndex rival = source == no_node ? no_node : g.modified_by(source, node.label.object);
  const NodeIndex last = rival == no_node ? write : g[rival].read_part;
  const auto is_target = [&](NodeIndex n) { return n <= last && g[n].kind == NodeKind::Read; };
  NodeIndex oldest = write;
  for (NodeIndex n = g[write].same_object; n != no_node; n = g[n].same_object)
    if (is_target(n) && !in_prefix(n, write)) oldest = n;
  for (NodeIndex n = write; n-- > oldest;) {
    if (in_prefix(n, write)) continue;
    if (!is_maximal(n, write)) return;
    if (g[n].label.object != node.label.object || !is_target(n)) continue;
    level().work.push_back({.kind = Work::Kind::Revisit,
                            .size = write,
                            .waits = waits,
                            .events = events,
                            .node = node,
                            .source = source,
                            .target = n});
  }
}

// Begins a level with what was there before the target, what leads to the write, and the write.
void GraphSearch::begin_revisit(const Work& work) {
  Level& below = level();
  ExecutionGraph& old = below.graph;
  const NodeIndex write = old.add(work.node);
  const NodeIndex target = work.target;
  const ThreadIndex thread = old[target].thread;
  const Label label = old[target].label;
  const bool waits = has_to_wait(label, thread, work.node.value);
  kept_.assign(old.size(), true);
  for (NodeIndex n = target + 1; n < write; ++n) kept_[n] = in_prefix(n, write);

  if (++depth_ == levels_.size()) levels_.push_back(std::make_unique<Level>());
  Level& top = level();
  top.graph.restrict(old, kept_, target, moved_);
  top.work.clear();
  keep_waiting(below, target);

  top.order.clear();
  const auto take = [&](NodeIndex node) {
    const auto place = static_cast<EventIndex>(top.order.size());
    top.graph[node].event = place;
    if (top.graph[node].write_part != no_node) top.graph[top.graph[node].write_part].event = place;
    top.order.push_back(node);
  };
  below.shared = 0;
  bool same = true;
  for (const NodeIndex node : below.order) {
    same = same && kept_[node] && node != target;
    if (same) ++below.shared;
    if (kept_[node] && node != target) take(moved_[node]);
  }
  shared_ = std::min(shared_, below.shared);
  const NodeIndex new_write = moved_[write];
  if (work.source == no_node) take(new_write);
  old.cut(write);
  top.base = top.graph.size();

  Work place{
      .kind = Work::Kind::Place, .node = top.graph[new_write], .target = moved_[target], .write = new_write};
  const NodeIndex known = consistency_.newest_known(top.graph, new_write);
  const ObjectIndex object = label.object;
  for (NodeIndex w = top.graph.newest(object);; w = top.graph[w].older) {
    const bool right =
        work.source == no_node || w == (work.source == initial ? initial : moved_[work.source]);
    if (right && top.graph.modified_by(w, object) == no_node) {
      place.source = w;
      push(place);
    }
    // To wait for another write makes sense only at the newest.
    if (waits || w == known || w == initial) break;
  }
  std::reverse(top.work.begin(), top.work.end());
}

bool GraphSearch::apply_place(const Work& work) {
  ExecutionGraph& g = graph();
  g.place(work.write, work.source);
  if (g[work.write].read_part == no_node) shared_ = std::min(shared_, g[work.write].event);
  const bool newest = g.newest(work.node.label.object) == work.write;
  Node& target = g[work.target];
  target.blocked = has_to_wait(target.label, target.thread, work.node.value);
  target.event = no_event;
  read_from(work.target, work.write);
  if (!target.blocked) {
    if (comes_after_step_of(target, work.write)) return false;
    show(work.target);
  } else if (is_chain(target.label.object_kind)) {
    g.make_wait(work.target);
    wait(target.thread, target.label.object, work.write + 1);
  }
  if (!newest && g.coherence_before(work.write, consistency_.newest_known(g, work.target))) return false;
  return (newest || consistency_.allows(g)) && complete_writes();
}

}  // namespace heddle::checker
