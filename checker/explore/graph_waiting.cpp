// checker/explore/graph_waiting.cpp - threads that wait in a graph, and loops that only look again.

#include "checker/explore/graph_search.hpp"

#include <algorithm>

namespace heddle::checker {

// ---- who waits --------------------------------------------------------------------------------------

bool GraphSearch::has_news(ThreadIndex thread) const {
  const Waiting& waiting = level().waiting[thread];
  const ExecutionGraph& graph = level().graph;
  for (NodeIndex n = graph.last_added(waiting.object); n != no_node && n >= waiting.since;
       n = graph[n].same_object)
    if (graph[n].kind == NodeKind::Write) return true;
  return false;
}

void GraphSearch::set_waiting(ThreadIndex thread, Waiting waiting) {
  level().waits.push_back({graph().size(), thread, level().waiting[thread], waiting});
  level().waiting[thread] = waiting;
}

void GraphSearch::wait(ThreadIndex thread, ObjectIndex object, NodeIndex since) {
  set_waiting(thread, {object, since, next_number(thread)});
}

void GraphSearch::stop_waiting(ThreadIndex thread) {
  if (level().waiting[thread].object != no_object) set_waiting(thread, {});
}

std::uint32_t GraphSearch::next_number(ThreadIndex thread) const {
  const NodeIndex last = level().graph.last_of(thread);
  return last == no_node ? 1 : level().graph[last].number + 1;
}

// Who waits in the new level: who did when the target was added, if nothing of it has come to be since.
void GraphSearch::keep_waiting(const Level& below, NodeIndex target) {
  Level& top = level();
  top.waiting.fill({});
  top.waits.clear();
  for (const WaitChange& change : below.waits) {
    if (change.size > target) break;
    top.waits.push_back(change);
    top.waiting[change.thread] = change.after;
  }
  const auto has_come = [&](ThreadIndex thread, std::uint32_t number) {
    return next_number(thread) > number;
  };
  for (unsigned t = 0; t < top.graph.threads(); ++t)
    if (has_come(static_cast<ThreadIndex>(t), top.waiting[t].number)) top.waiting[t] = {};
  for (NodeIndex n = 0; n < top.graph.size(); ++n) {
    const Node& node = top.graph[n];
    if (node.kind == NodeKind::Waiting && !has_come(node.thread, node.number))
      top.waiting[node.thread] = {node.label.object, node.reads_from + 1, node.number};
  }
}

// ---- loops that only look again ---------------------------------------------------------------------

bool GraphSearch::executed() {
  if (closing_ || view_.trace.size() != level().order.size()) return true;
  const Machine& machine = view_.machine;
  const ThreadIndex last = view_.trace.back().thread;
  for (const ThreadIndex thread : machine.unfinished()) {
    if (machine.pending(thread).kind != OperationKind::Spin) continue;
    if (thread == last && learn_futile(thread)) return false;
    const NodeIndex read = only_read(thread);
    if (read != no_node && level().graph[read].write_part != no_node) {
      learned_ = true;  // a revisit has kept a write that changed nothing: it is no event of any graph
      return false;
    }
    if (thread == last && stopped_for_good(thread)) return false;
  }
  return true;
}

// Whether none of the reads of the thread's last iteration in vain can still be revisited: only those of the
// newest write can. Then the thread will never go on, and it is no deadlock.
bool GraphSearch::stopped_for_good(ThreadIndex thread) const {
  const Level& l = level();
  unsigned left = view_.machine.spin_length(thread);
  for (std::size_t place = l.order.size(); place-- > 0 && left > 0;) {
    const Node& node = l.graph[l.order[place]];
    if (node.thread != thread) continue;
    --left;
    if (node.kind != NodeKind::Read) continue;
    const NodeIndex newest = l.graph.newest(node.label.object);
    if (node.reads_from == newest || (newest != initial && l.graph[newest].read_part == l.order[place]))
      return false;
  }
  return true;
}

// The read of the thread's last iteration in vain, if it has but one; else no_node.
NodeIndex GraphSearch::only_read(ThreadIndex thread) const {
  const Level& l = level();
  unsigned left = view_.machine.spin_length(thread);
  NodeIndex read = no_node;
  for (std::size_t place = l.order.size(); place-- > 0 && left > 0;) {
    const Node& node = l.graph[l.order[place]];
    if (node.thread != thread) continue;
    --left;
    if (node.kind == NodeKind::Local) continue;
    if (node.kind != NodeKind::Read || read != no_node) return no_node;
    read = l.order[place];
  }
  return read;
}

// Whether a read can still be taken back: nothing of other threads has been added since.
bool GraphSearch::can_take_back(ThreadIndex thread, NodeIndex read) const {
  const Level& l = level();
  if (read < l.base && read != l.placed.target) return false;
  for (NodeIndex n = std::max(read, l.base); n < l.graph.size(); ++n)
    if (l.graph[n].thread != thread) return false;
  return true;
}

// Takes back the one read of the iteration, which from now on waits instead. Returns false when it cannot be.
bool GraphSearch::learn_futile(ThreadIndex thread) {
  Level& l = level();
  const NodeIndex read = only_read(thread);
  if (read == no_node || futile_.size() >= futile_max || !can_take_back(thread, read)) return false;
  const Event& event = view_.trace[l.graph[read].event];
  loops_.insert(place_of(event.kind, event.where));
  std::vector<Word>& values = futile_[view_.causality.past_of(thread, event.po_previous)];
  if (std::find(values.begin(), values.end(), event.read) == values.end()) values.push_back(event.read);
  learned_ = true;
  if (read < l.base) {  // the revisit is made once more, with what is known now
    l.graph[read].label.futile = &values;
    l.work.resize(l.placed_work);
    cut(l.placed);
    has_work_ = apply(l.placed);
    return true;
  }
  const ObjectIndex object = event.object;
  const NodeIndex source = l.graph[read].reads_from;
  while (!l.work.empty() && l.work.back().size > read) l.work.pop_back();  // what the read has led to
  for (auto work = l.work.rbegin(); work != l.work.rend() && work->size == read; ++work)
    if (work->node.thread == thread) work->node.label.futile = &values;  // what else it could have read
  l.order.resize(l.graph[read].event);
  shared_ = std::min(shared_, l.graph[read].event);
  l.graph.cut(read);
  wait(thread, object, read);
  has_work_ = source == l.graph.newest(object);
  return true;
}

// Whether every thread that waits has looked at the newest write, and it is what has to wait.
bool GraphSearch::is_stuck() const {
  const Machine& machine = view_.machine;
  const ExecutionGraph& g = level().graph;
  for (const ThreadIndex thread : machine.unfinished()) {
    if (level().waiting[thread].object != no_object) {  // there is nothing new since
      if (machine.pending(thread).continues && machine.enabled().contains(thread)) return false;
      continue;
    }
    const NodeIndex last = g.last_of(thread);
    const bool reads = last != no_node && g[last].blocked;
    if (reads ? g[last].reads_from != g.newest(g[last].label.object) : machine.enabled().contains(thread))
      return false;
  }
  return true;
}

Hash GraphSearch::place_of(OperationKind kind, location where) {
  return with_text(mixed(static_cast<Hash>(kind) + 64 * static_cast<Hash>(where.line)),
                   where.known() ? where.file : "");
}

}  // namespace heddle::checker
