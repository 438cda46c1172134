#include "checker/memory/execution_graph.hpp"

#include <algorithm>
#include <utility>

namespace heddle::checker {

namespace {

bool is_access(const Node& node) { return node.label.object != no_object; }

// Takes part in TSO's program order as a read and a write at once.
bool orders_all(const Node& node) {
  return node.barrier && (node.kind == NodeKind::Fence || node.kind == NodeKind::Local);
}

}  // namespace

void ExecutionGraph::define(ObjectIndex object, Word value) {
  if (object >= objects_.size()) objects_.resize(object + 8);
  objects_[object].initial_value = value;
}

NodeIndex ExecutionGraph::add(const Node& added) {
  const NodeIndex index = size();
  nodes_.push_back(added);
  Node& node = nodes_.back();
  const NodeIndex last = last_[node.thread];
  node.number = last == no_node ? 1 : nodes_[last].number + 1;
  node.reads_from = node.older = node.newer = no_node;
  node.release_fence = no_node;
  if (last != no_node) {
    const Node& previous = nodes_[last];
    node.release_fence =
        previous.kind == NodeKind::Fence && previous.releases ? last : previous.release_fence;
  }
  last_[node.thread] = index;
  threads_ = std::max<unsigned>(threads_, node.thread + 1u);
  if (node.seq_cst) ++seq_cst_;
  has_last_looks_ = has_last_looks_ || node.label.last_look;
  if (node.read_part != no_node) nodes_[node.read_part].write_part = index;
  if (node.label.continues && node.kind == NodeKind::Read) continue_step(node.po_previous, index);
  if (is_access(node)) {
    node.same_object = objects_[node.label.object].last_added;
    objects_[node.label.object].last_added = index;
  }
  order_buffer(node);
  clocks_.reserve((index + 1) * rows, node.thread);
  start_clocks(index);
  if (node.kind == NodeKind::Write) send(index);
  return index;
}

// What of its thread's program order an event under TSO can see.
void ExecutionGraph::order_buffer(Node& node) {
  node.write_before = node.read_before = node.drained_before = no_node;
  if (node.po_previous == no_node) return;
  const Node& previous = nodes_[node.po_previous];
  const bool both = orders_all(previous);
  node.write_before = both || previous.kind == NodeKind::Write ? node.po_previous : previous.write_before;
  node.read_before = both || previous.kind == NodeKind::Read ? node.po_previous : previous.read_before;
  // Starting a thread empties the buffer as well.
  node.drained_before = previous.barrier || node.number == 1 ? node.write_before : previous.drained_before;
}

void ExecutionGraph::start_clocks(NodeIndex index) {
  const Node& node = nodes_[index];
  ClockValue* const causal = row(index, causal_row);
  ClockValue* const learned = row(index, learned_row);
  ClockValue* const pending = row(index, pending_row);
  if (node.po_previous == no_node) {
    clocks_.clear(causal);
    clocks_.clear(learned);
  } else {
    clocks_.copy(causal, row(node.po_previous, causal_row));
    clocks_.copy(learned, row(node.po_previous, learned_row));
  }
  if (node.number == 1) clocks_.clear(pending);
  else clocks_.copy(pending, row(node.po_previous, pending_row));
  if (node.joined != no_node) {
    clocks_.join(causal, row(node.joined, causal_row));
    clocks_.join(learned, row(node.joined, learned_row));
  }
  if (node.kind == NodeKind::Fence && node.acquires) clocks_.join(learned, pending);
  causal[node.thread] = learned[node.thread] = static_cast<ClockValue>(node.number);
}

void ExecutionGraph::set_seq_cst(NodeIndex index, bool seq_cst) {
  Node& node = nodes_[index];
  seq_cst_ += (seq_cst ? 1u : 0u) - (node.seq_cst ? 1u : 0u);
  node.seq_cst = seq_cst;
}

void ExecutionGraph::read_from(NodeIndex read, NodeIndex write) {
  Node& node = nodes_[read];
  start_clocks(read);
  node.reads_from = write;
  if (write == initial) return;
  clocks_.join(row(read, causal_row), row(write, causal_row));
  const NodeIndex sent = node.acquires ? message_for(node) : write;
  if (sent == initial) return;
  if (node.acquires) clocks_.join(row(read, learned_row), row(sent, message_row));
  else if (node.label.object_kind == ObjectKind::Atomic)  // [atomics.fences]
    clocks_.join(row(read, pending_row), row(sent, message_row));
}

// The write whose message a read that acquires learns, or `initial`.
NodeIndex ExecutionGraph::message_for(const Node& read) const {
  NodeIndex write = read.reads_from;
  while (read.acquires_from && write != initial && nodes_[write].label.kind != *read.acquires_from)
    write = nodes_[nodes_[write].read_part].reads_from;
  return write;
}

// Makes what a reader that acquires learns: all that the write's thread knew at the write, or at its last
// release fence; and what a read-modify-write has read from, whose release sequence it continues.
void ExecutionGraph::send(NodeIndex write) {
  const Node& node = nodes_[write];
  ClockValue* const message = row(write, message_row);
  const bool atomic = node.label.object_kind == ObjectKind::Atomic;
  const NodeIndex releasing = node.releases ? write : atomic ? node.release_fence : no_node;
  if (releasing != no_node) clocks_.copy(message, row(releasing, learned_row));
  else clocks_.clear(message);
  if (node.read_part == no_node) return;
  const NodeIndex source = nodes_[node.read_part].reads_from;
  if (source != initial) clocks_.join(message, row(source, message_row));
}

void ExecutionGraph::unlink(NodeIndex write) {
  Node& node = nodes_[write];
  Object& object = objects_[node.label.object];
  if (node.older == initial) object.oldest = node.newer;
  else nodes_[node.older].newer = node.newer;
  if (node.newer == no_node) object.newest = node.older;
  else nodes_[node.newer].older = node.older;
  node.older = node.newer = no_node;
}

void ExecutionGraph::place(NodeIndex write, NodeIndex older) {
  Node& node = nodes_[write];
  if (node.older != no_node) unlink(write);
  Object& object = objects_[node.label.object];
  NodeIndex& next = older == initial ? object.oldest : nodes_[older].newer;
  node.older = older;
  node.newer = std::exchange(next, write);
  if (node.newer == no_node) object.newest = write;
  else nodes_[node.newer].older = write;
}

void ExecutionGraph::continue_step(NodeIndex write, NodeIndex next) {
  nodes_[write].continued_by = nodes_[nodes_[write].read_part].continued_by = next;
}

void ExecutionGraph::make_wait(NodeIndex read) {
  Node& node = nodes_[read];
  node.kind = NodeKind::Waiting;
  node.event = no_event;
  last_[node.thread] = node.number == 1 ? no_node : node.po_previous;
  set_seq_cst(read, false);
}

void ExecutionGraph::cut(NodeIndex size) {
  while (nodes_.size() > size) {
    const Node& node = nodes_.back();
    if (node.kind == NodeKind::Write && node.older != no_node)
      unlink(static_cast<NodeIndex>(nodes_.size() - 1));
    if (is_access(node)) objects_[node.label.object].last_added = node.same_object;
    last_[node.thread] = node.number == 1 ? no_node : node.po_previous;
    if (node.seq_cst) --seq_cst_;
    if (node.read_part != no_node) nodes_[node.read_part].write_part = no_node;
    if (node.label.continues && node.kind == NodeKind::Read) continue_step(node.po_previous, no_node);
    nodes_.pop_back();
  }
}

void ExecutionGraph::restrict(const ExecutionGraph& from, const std::vector<char>& kept, NodeIndex unread,
                              std::vector<NodeIndex>& moved) {
  moved.resize(from.size());
  NodeIndex same = 0;  // so many events keep their numbers
  while (same < from.size() && kept[same]) ++same;
  NodeIndex count = 0;
  for (NodeIndex n = 0; n < from.size(); ++n) moved[n] = kept[n] ? count++ : no_node;
  nodes_.assign(from.nodes_.begin(), from.nodes_.begin() + same);
  for (NodeIndex n = same; n < from.size(); ++n)
    if (kept[n]) nodes_.push_back(from.nodes_[n]);
  take_clocks(from, moved, same, count);

  objects_.resize(from.objects_.size());
  for (std::size_t o = 0; o < objects_.size(); ++o)
    objects_[o] = Object{.initial_value = from.objects_[o].initial_value};
  last_.fill(no_node);
  threads_ = from.threads_;
  seq_cst_ = 0;
  has_last_looks_ = from.has_last_looks_;
  const auto renumber = [&](NodeIndex& node) {
    if (node >= same && node < initial) node = moved[node];
  };
  nodes_[moved[unread]].reads_from = no_node;
  for (NodeIndex index = 0; index < count; ++index) {
    Node& node = nodes_[index];
    renumber(node.reads_from);  // what has been revisited reads from the future
    renumber(node.write_part);
    renumber(node.continued_by);
    node.older = node.newer = no_node;
    if (node.kind != NodeKind::Waiting) last_[node.thread] = index;
    if (node.seq_cst) ++seq_cst_;
    if (is_access(node)) node.same_object = std::exchange(objects_[node.label.object].last_added, index);
    if (index < same) continue;
    renumber(node.po_previous);
    renumber(node.joined);
    renumber(node.read_part);
    renumber(node.release_fence);
    renumber(node.write_before);
    renumber(node.read_before);
    renumber(node.drained_before);
  }
  for (ObjectIndex o = 0; o < from.objects_.size(); ++o)
    for (NodeIndex w = from.objects_[o].oldest; w != no_node; w = from.nodes_[w].newer)
      if (kept[w]) place(moved[w], objects_[o].newest);
}

// The clocks of the events that stay: those of the first `same` lie together.
void ExecutionGraph::take_clocks(const ExecutionGraph& from, const std::vector<NodeIndex>& moved,
                                 NodeIndex same, NodeIndex count) {
  clocks_.reserve(count * rows, static_cast<ThreadIndex>(from.clocks_.width() - 1));
  const bool together = clocks_.width() == from.clocks_.width();
  if (together) std::copy_n(from.clocks_[0], std::size_t{same} * rows * clocks_.width(), clocks_[0]);
  for (NodeIndex n = together ? same : 0; n < moved.size(); ++n) {
    if (moved[n] == no_node) continue;
    for (unsigned which = 0; which < rows; ++which) {
      clocks_.clear(row(moved[n], which));
      std::copy_n(from.row(n, which), from.clocks_.width(), row(moved[n], which));
    }
  }
}

bool ExecutionGraph::coherence_before(NodeIndex earlier, NodeIndex later) const {
  if (later == initial) return false;
  if (earlier == initial) return true;
  for (NodeIndex w = nodes_[later].older; w != initial; w = nodes_[w].older)
    if (w == earlier) return true;
  return false;
}

}  // namespace heddle::checker
