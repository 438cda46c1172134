// checker/memory/sc.hpp - sequential consistency: the order of all events.
#pragma once

#include "checker/memory/execution_graph.hpp"

namespace heddle::checker::sc {

// The reads of a write (or of the initial value), but for that of the read-modify-write `but`.
template <class Visit>
void each_reader(const ExecutionGraph& graph, NodeIndex write, ObjectIndex object, NodeIndex but,
                 Visit visit) {
  for (NodeIndex n = graph.last_added(object); n != no_node; n = graph[n].same_object)
    if (graph[n].kind == NodeKind::Read && !graph[n].blocked && graph[n].reads_from == write && n != but)
      visit(n);
}

// What comes right before a write by coherence and from-reads.
template <class Visit>
void each_overwritten(const ExecutionGraph& graph, const Node& write, Visit visit) {
  if (write.older == no_node) return;
  if (write.older != initial) visit(write.older);
  each_reader(graph, write.older, write.label.object, write.read_part, visit);
}

// What is one step with an event, and comes after it in its thread: what leads to that leads to the event.
template <class Visit>
void each_later_part(const Node& node, Visit visit) {
  if (node.continued_by != no_node) visit(node.continued_by);
  if (node.label.continues && node.kind == NodeKind::Read && node.write_part != no_node)
    visit(node.write_part);
}

// The events that lead to this one by po, rf, co or fr, in one step.
template <class Visit>
void each_before(const ExecutionGraph& graph, NodeIndex index, Visit visit) {
  const Node& node = graph[index];
  if (node.po_previous != no_node) visit(node.po_previous);
  if (node.joined != no_node) visit(node.joined);
  if (node.kind == NodeKind::Read && node.reads_from < initial) visit(node.reads_from);
  if (node.kind == NodeKind::Write) each_overwritten(graph, node, visit);
  each_later_part(node, visit);
}

}  // namespace heddle::checker::sc
