#include "checker/explore/graph_search.hpp"

#include "checker/core/format.hpp"

#include <algorithm>
#include <utility>

namespace heddle::checker {

GraphSearch::GraphSearch(View view, MemoryModel model) : view_(view), consistency_(model) {
  levels_.push_back(std::make_unique<Level>());
}

// ---- what the program does next ---------------------------------------------------------------------

Decision GraphSearch::next(ThreadSet enabled) {
  for (;;) {
    if (closing_) return {enabled.least()};
    if (view_.trace.size() < level().order.size()) return decision_for(level().order[view_.trace.size()]);
    const ThreadIndex thread = next_thread();
    if (thread == no_thread) {
      if (!is_stuck()) return Decision::stop();
      closing_ = true;
      continue;
    }
    if (offer(thread)) continue;
    shared_ = view_.trace.size();
    has_work_ = take_work();
    if (!has_work_ || shared_ < view_.trace.size()) return Decision::stop();
    has_work_ = false;
  }
}

bool GraphSearch::end_of_execution() {
  repeated_ = std::exchange(learned_, false);
  if (has_work_) {
    has_work_ = false;
    return true;
  }
  shared_ = std::min(view_.trace.size(), static_cast<EventIndex>(level().order.size()));
  if (std::exchange(closing_, false)) return take_work();
  // A deadlock: threads that wait may have had something else to read, or may find a write of theirs in time.
  if (!repeated_ && shared_ == level().order.size() && view_.machine.enabled().empty()) {
    for (ThreadIndex thread; (thread = next_thread()) != no_thread;) {
      if (!offer(thread)) take_work();  // to wait comes first
    }
  }
  return take_work();
}

// The thread to go on with: one that does nothing which others could see, so that an iteration of a loop that
// only looks again is over before anything else happens, or is in the middle of a step; then one that waits
// and can look again, then the first that can do anything.
ThreadIndex GraphSearch::next_thread() const {
  const Machine& machine = view_.machine;
  ThreadIndex first = no_thread;
  ThreadIndex looks = no_thread;
  ThreadIndex goes_round = no_thread;
  for (const ThreadIndex thread : machine.unfinished()) {
    const Operation& op = machine.pending(thread);
    if (op.kind == OperationKind::Yield || op.kind == OperationKind::Sleep) return thread;
    if (level().waiting[thread].object != no_object) {
      if (looks == no_thread && has_news(thread)) looks = thread;
      continue;
    }
    if (op.continues) return thread;
    if (first != no_thread || op.kind == OperationKind::Assume || op.kind == OperationKind::Spin) continue;
    if (op.kind == OperationKind::Join && machine.unfinished().contains(op.joined)) continue;
    const NodeIndex last = level().graph.last_of(thread);
    if (last != no_node && level().graph[last].blocked) continue;
    (machine.going_round().contains(thread) ? goes_round : first) = thread;
  }
  if (looks != no_thread) return looks;
  return first != no_thread ? first : goes_round;
}

// Puts up for choice how the thread's next operation can go; the plainest way comes first. Mostly there is
// but one: then it is gone at once, and true returned.
bool GraphSearch::offer(ThreadIndex thread) {
  const Operation& op = view_.machine.pending(thread);
  refuse_several_objects(op, view_.machine);
  const Node node = node_of(thread, op);
  switch (node.kind) {
    case NodeKind::Read: return offer_read(node);
    case NodeKind::Write: return offer_write(node);
    default: break;
  }
  if (op.alternatives == 1) {
    append(node);
    return true;
  }
  for (unsigned alternative = op.alternatives; alternative-- > 0;) {
    Work work{.kind = Work::Kind::Add, .node = node};
    work.node.alternative = static_cast<std::uint8_t>(alternative);
    push(work);
  }
  return false;
}

Node GraphSearch::node_of(ThreadIndex thread, const Operation& op) {
  Node node = make_node(thread, op, view_.machine);
  if (node.label.object != no_object && graph().last_added(node.label.object) == no_node)
    graph().define(node.label.object, view_.machine.initial_value(node.label.object));
  node.po_previous = last_node(view_.trace.last_of(thread));
  if (node.kind == NodeKind::Read && !loops_.empty() && loops_.contains(place_of(op.kind, op.where)) &&
      futile_.size() < futile_max)
    node.label.futile = &futile_[view_.causality.past_of(thread, view_.trace.last_of(thread))];
  if (op.kind == OperationKind::Join) node.joined = last_node(view_.trace.last_of(op.joined));
  return node;
}

// The last node of the event in this place of the trace.
NodeIndex GraphSearch::last_node(EventIndex event) const {
  if (event == no_event) return no_node;
  const NodeIndex first = level().order[event];
  const NodeIndex write = level().graph[first].write_part;
  return write == no_node ? first : write;
}

bool GraphSearch::offer_read(const Node& node) {
  ExecutionGraph& g = graph();
  const ObjectIndex object = node.label.object;
  const Waiting& waiting = level().waiting[node.thread];
  const NodeIndex since = waiting.object == no_object ? 0 : waiting.since;
  const auto has_to_wait_at = [&](NodeIndex w) {
    return has_to_wait(node.label, node.thread, g.value(w, object)) || comes_after_step_of(node, w);
  };
  const NodeIndex index = g.add(node);
  const NodeIndex known = consistency_.newest_known(g, index);
  if (known == g.newest(object) && waiting.object == no_object && !has_to_wait_at(known)) {
    show(index);
    read_from(index, known);
    return complete_write(index);
  }
  g.cut(index);
  const std::size_t first = level().work.size();
  for (NodeIndex w = g.newest(object);; w = g[w].older) {
    const bool waits = has_to_wait_at(w);
    const bool news = waiting.object == no_object || (w != initial && w >= since);
    if (waits && w == g.newest(object)) push({.kind = Work::Kind::Block, .node = node});
    else if (!waits && news) push({.kind = Work::Kind::Add, .node = node, .source = w});
    if (w == known || w == initial) break;
  }
  std::reverse(level().work.begin() + static_cast<std::ptrdiff_t>(first), level().work.end());
  return false;
}

// Whether a write depends on the step that the node continues, which is not over: then it comes too late.
bool GraphSearch::comes_after_step_of(const Node& node, NodeIndex write) {
  if (!node.label.continues || write == initial) return false;
  const ExecutionGraph& g = level().graph;
  NodeIndex begin = node.po_previous;
  while (g[begin].label.continues) begin = g[g[begin].read_part].po_previous;
  return consistency_.leads_to(g, begin, write);
}

bool GraphSearch::offer_write(const Node& node) {
  ExecutionGraph& g = graph();
  const NodeIndex index = g.add(node);
  const NodeIndex known = consistency_.newest_known(g, index);
  offer_revisits(index, no_node);
  if (known == g.newest(node.label.object)) {
    show(index);
    g.place(index, known);
    return true;
  }
  g.cut(index);
  const std::size_t first = level().work.size();
  for (NodeIndex w = g.newest(node.label.object);; w = g[w].older) {
    if (g.modified_by(w, node.label.object) == no_node)
      push({.kind = Work::Kind::Add, .node = node, .source = w});
    if (w == known || w == initial) break;
  }
  std::reverse(level().work.begin() + static_cast<std::ptrdiff_t>(first), level().work.end());
  return false;
}

// ---- work -------------------------------------------------------------------------------------------

// Of the graph as it is now.
void GraphSearch::push(Work work) {
  work.size = graph().size();
  work.waits = static_cast<std::uint32_t>(level().waits.size());
  work.events = static_cast<EventIndex>(level().order.size());
  level().work.push_back(work);
}

// Takes up work until there is a graph that an execution can go on with.
bool GraphSearch::take_work() {
  for (;;) {
    while (level().work.empty()) {
      if (depth_ == 0) return false;
      --depth_;
      shared_ = std::min(shared_, level().shared);
    }
    const Work work = level().work.back();
    level().work.pop_back();
    if (work.kind == Work::Kind::Place) {
      level().placed = work;
      level().placed_work = level().work.size();
    }
    cut(work);
    if (apply(work)) return true;
  }
}

void GraphSearch::cut(const Work& work) {
  Level& l = level();
  l.graph.cut(work.size);
  l.order.resize(work.events);
  shared_ = std::min(shared_, work.events);
  for (; l.waits.size() > work.waits; l.waits.pop_back())
    l.waiting[l.waits.back().thread] = l.waits.back().before;
}

bool GraphSearch::apply(const Work& work) {
  switch (work.kind) {
    case Work::Kind::Add: return apply_add(work);
    case Work::Kind::Block: wait(work.node.thread, work.node.label.object, graph().size()); return true;
    case Work::Kind::Revisit: begin_revisit(work); return false;
    case Work::Kind::Place: return apply_place(work);
  }
  return false;
}

// Makes what has been in the graph an event of the trace, the next.
void GraphSearch::show(NodeIndex node) {
  graph()[node].blocked = false;
  graph()[node].event = static_cast<EventIndex>(level().order.size());
  level().order.push_back(node);
}

// As an event of the trace as well.
NodeIndex GraphSearch::append(Node node) {
  node.event = static_cast<EventIndex>(level().order.size());
  const NodeIndex index = graph().add(node);
  level().order.push_back(index);
  return index;
}

bool GraphSearch::apply_add(const Work& work) {
  ExecutionGraph& g = graph();
  const Node& node = work.node;
  const bool newest = node.label.object != no_object && work.source == g.newest(node.label.object);
  if (node.kind == NodeKind::Read) {
    // It may have been found out since it was offered.
    if (has_to_wait(node.label, node.thread, g.value(work.source, node.label.object))) {
      if (newest) wait(node.thread, node.label.object, g.size());
      return newest;
    }
    stop_waiting(node.thread);
    const NodeIndex read = append(node);
    read_from(read, work.source);
    return (newest || consistency_.allows(g)) && complete_write(read);
  }
  const NodeIndex index = append(node);
  if (node.kind != NodeKind::Write) return true;
  g.place(index, work.source);
  return newest || consistency_.allows(g);
}

void GraphSearch::read_from(NodeIndex read, NodeIndex write) {
  ExecutionGraph& g = graph();
  Node& node = g[read];
  const Orders orders = orders_of_read(node.label, node.thread, g.value(write, node.label.object));
  node.acquires = orders.acquires;
  node.acquires_from = orders.acquires_from;
  g.set_seq_cst(read, orders.seq_cst);
  g.read_from(read, write);
}

// Adds the writes of the read-modify-writes that have lost theirs to a revisit, and of the one that has just
// read. Returns false when one of them cannot be where it has to be.
bool GraphSearch::complete_writes() {
  for (unsigned thread = 0; thread < graph().threads(); ++thread) {
    const NodeIndex last = graph().last_of(static_cast<ThreadIndex>(thread));
    if (last != no_node && !complete_write(last)) return false;
  }
  return true;
}

bool GraphSearch::complete_write(NodeIndex index) {
  ExecutionGraph& g = graph();
  const Node& read = g[index];
  if (read.kind != NodeKind::Read || read.blocked || read.write_part != no_node) return true;
  const NodeIndex source = read.reads_from;
  const ObjectIndex object = read.label.object;
  const Word found = g.value(source, object);
  if (!writes(read.label, read.thread, found)) return true;
  Node node = read;
  node.kind = NodeKind::Write;
  node.acquires = false;
  node.releases = releases(read.label);
  node.seq_cst = read.seq_cst;
  node.po_previous = node.read_part = index;
  node.value = written(read.label, read.thread, found);
  const bool free = g.modified_by(source, object) == no_node;
  const bool newest = source == g.newest(object);
  const NodeIndex write = g.add(node);
  offer_revisits(write, source);
  if (!free) return false;
  g.place(write, source);
  return newest || consistency_.allows(g);
}

// ---- carrying it out --------------------------------------------------------------------------------

// Throws Nondeterminism when the thread is about to do something else than the node says.
Decision GraphSearch::decision_for(NodeIndex index) const {
  const ExecutionGraph& g = level().graph;
  const Node& node = g[index];
  const Machine& machine = view_.machine;
  if (!machine.unfinished().contains(node.thread))
    throw Nondeterminism(machine.lineage().name(node.thread) +
                         " goes on in one execution where it ends in another");
  if (const Operation& op = machine.pending(node.thread);
      op.kind != node.label.kind || (node.label.object != no_object && op.object != node.label.object))
    throw Nondeterminism("an earlier execution performed " +
                         describe(machine, node.thread, node.label.kind, node.label.object) +
                         " where this one performs " + describe(machine, node.thread, op.kind, op.object) +
                         place_text(op.where));
  Decision decision{node.thread, node.alternative};
  if (node.kind == NodeKind::Read) {
    decision.source = node.reads_from == initial ? no_event : g[node.reads_from].event;
  } else if (node.kind == NodeKind::Write) {
    NodeIndex older = node.older;
    while (older != initial && g[older].event > node.event) older = g[older].older;  // not there yet
    decision.source = older == initial ? no_event : g[older].event;
  }
  return decision;
}

// Each event with whom it reads from and whom it comes after, by the names that they have in every graph.
std::optional<Hash> GraphSearch::class_of_execution() const {
  const ExecutionGraph& g = level().graph;
  const auto name = [&](NodeIndex n) {
    return n >= initial ? Hash{n} : Hash{g[n].number} << 8 | g[n].thread;
  };
  Hash sum = 0;
  for (NodeIndex n = 0; n < g.size(); ++n) {
    const Node& node = g[n];
    const NodeIndex source = node.kind == NodeKind::Write ? node.older : node.reads_from;
    sum += mixed(name(n) << 32 ^ name(source) << 8 ^ node.alternative);
  }
  return mixed(sum);
}

}  // namespace heddle::checker
