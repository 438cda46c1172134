#include "checker/memory/consistency.hpp"

#include "checker/memory/rc11.hpp"
#include "checker/memory/sc.hpp"
#include "checker/memory/tso.hpp"

namespace heddle::checker {

NodeIndex Consistency::newest_known(const ExecutionGraph& graph, NodeIndex index) {
  const ObjectIndex object = graph[index].label.object;
  const NodeIndex newest = graph.newest(object);
  if (newest == initial) return initial;
  if (model_ == MemoryModel::Rc11) {
    if (graph.happens_before(newest, index)) return newest;
    start_marking(graph);
    for (NodeIndex n = graph.last_added(object); n != no_node; n = graph[n].same_object) {
      const Node& node = graph[n];
      if (n == index || node.kind == NodeKind::Waiting || !graph.happens_before(n, index)) continue;
      if (node.kind == NodeKind::Write) mark(n);
      else if (node.reads_from < initial) mark(node.reads_from);
    }
    return newest_marked(graph, object);
  }
  // What is before it by po and rf is before it in both models. Mostly that is all there is to know.
  if (graph.causally_before(newest, index)) return newest;
  mark_before(graph, index);
  for (NodeIndex w = newest; w != initial; w = graph[w].older)
    if (marks_[w] == search_ || graph.causally_before(w, index)) return w;
  return initial;
}

bool Consistency::leads_to(const ExecutionGraph& graph, NodeIndex earlier, NodeIndex later) {
  if (graph.causally_before(earlier, later)) return true;
  if (model_ == MemoryModel::Rc11) return false;
  mark_before(graph, later);
  return marks_[earlier] == search_;
}

bool Consistency::allows(const ExecutionGraph& graph) {
  if (model_ != MemoryModel::Rc11) return true;
  return (!graph.has_last_looks() || rc11::sees_what_was_notified(graph)) &&
         (graph.seq_cst_events() < 2 || rc11::psc_is_acyclic(graph));
}

void Consistency::mark_before(const ExecutionGraph& graph, NodeIndex node) {
  if (model_ == MemoryModel::Sc)
    mark_before(graph, node, [&](NodeIndex n, auto visit) { sc::each_before(graph, n, visit); });
  else mark_before(graph, node, [&](NodeIndex n, auto visit) { tso::each_before(graph, n, visit); });
}

template <class EachBefore>
void Consistency::mark_before(const ExecutionGraph& graph, NodeIndex node, EachBefore each_before) {
  start_marking(graph);
  const auto visit = [&](NodeIndex n) {
    if (mark(n)) stack_.push_back(n);
  };
  each_before(node, visit);
  while (!stack_.empty()) {
    const NodeIndex n = stack_.back();
    stack_.pop_back();
    each_before(n, visit);
  }
}

NodeIndex Consistency::newest_marked(const ExecutionGraph& graph, ObjectIndex object) const {
  NodeIndex w = graph.newest(object);
  while (w != initial && marks_[w] != search_) w = graph[w].older;
  return w;
}

void Consistency::start_marking(const ExecutionGraph& graph) {
  if (marks_.size() < graph.size()) marks_.resize(graph.size() + 64, 0);
  ++search_;
}

bool Consistency::mark(NodeIndex node) {
  if (marks_[node] == search_) return false;
  marks_[node] = search_;
  return true;
}

}  // namespace heddle::checker
