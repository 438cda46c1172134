// checker/memory/tso.hpp - total store order: the order in which events reach the memory.
//
// A store leaves its thread's buffer later than it is performed, so it does not come before the loads that
// follow it in its thread, unless a barrier is between them: a seq_cst fence, a read-modify-write (one that
// fails as well), a seq_cst store (which compilers make an exchange), the start or the end of a thread. A
// load from the own buffer says nothing of the order in memory.
#pragma once

#include "checker/memory/sc.hpp"

namespace heddle::checker::tso {

// The events that lead to this one by ppo, rfe, co or fr, in one step.
template <class Visit>
void each_before(const ExecutionGraph& graph, NodeIndex index, Visit visit) {
  const auto visit_both = [&](NodeIndex write, NodeIndex read) {
    if (read != no_node) visit(read);
    if (write != no_node) visit(write);
  };
  const Node& node = graph[index];
  const bool plain_read = node.kind == NodeKind::Read && !node.modifies;
  visit_both(plain_read ? node.drained_before : node.write_before, node.read_before);
  if (node.joined != no_node) {
    visit(node.joined);
    visit_both(graph[node.joined].write_before, graph[node.joined].read_before);
  }
  if (node.kind == NodeKind::Read && node.reads_from < initial &&
      graph[node.reads_from].thread != node.thread)
    visit(node.reads_from);
  if (node.kind == NodeKind::Write) sc::each_overwritten(graph, node, visit);
  sc::each_later_part(node, visit);
}

}  // namespace heddle::checker::tso
