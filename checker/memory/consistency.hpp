// checker/memory/consistency.hpp - which execution graphs a memory model allows.
//
// The graphs of all three models have no cycle of po and rf, and a read-modify-write comes right after the
// write it reads. Beyond that
//
//     sc    po U rf U co U fr has no cycle (Shasha and Snir 1988)
//     tso   coherence for each object, and ppo U rfe U co U fr has no cycle, where ppo is po without the
//     pairs
//           of a write and a later read that no barrier separates (Owens, Sarkar, Sewell, TPHOLs'09)
//     rc11  no event happens before itself or what it is from-read or coherence-ordered before (hb;eco?), and
//           psc has no cycle (Lahav et al., PLDI'17)
//
// A consistent graph stays consistent when its last event reads from the newest write, or is the newest
// write: nothing leads on from such an event. So only other choices are ever asked about, and only cycles
// through the event that was chosen for are looked for.
#pragma once

#include "checker/memory/execution_graph.hpp"

#include <heddle/options.hpp>

#include <vector>

namespace heddle::checker {

class Consistency {
 public:
  explicit Consistency(MemoryModel model) : model_(model) {}

  // The newest write of its object that this event, the last of its thread, cannot help knowing of: it
  // neither reads from an older one nor is placed before it. `initial` when there is none. What the event
  // itself reads from, or where it is placed, is not looked at.
  NodeIndex newest_known(const ExecutionGraph& graph, NodeIndex node);
  // Whether the first event has to come before the second: by po and rf, and what else orders all events.
  bool leads_to(const ExecutionGraph& graph, NodeIndex earlier, NodeIndex later);
  // Whether the graph is consistent, given that newest_known() was respected for all its events and that
  // it was consistent without the last that was added.
  bool allows(const ExecutionGraph& graph);

 private:
  void mark_before(const ExecutionGraph& graph, NodeIndex node);
  template <class EachBefore>
  void mark_before(const ExecutionGraph& graph, NodeIndex node, EachBefore each_before);
  NodeIndex newest_marked(const ExecutionGraph& graph, ObjectIndex object) const;
  void start_marking(const ExecutionGraph& graph);
  bool mark(NodeIndex node);

  MemoryModel model_;
  // The events that a search has come to are those marked with its number.
  std::vector<std::uint32_t> marks_;
  std::uint32_t search_ = 0;
  std::vector<NodeIndex> stack_;
};

}  // namespace heddle::checker
