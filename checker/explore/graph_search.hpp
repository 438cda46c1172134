// checker/explore/graph_search.hpp - every execution graph of a memory model, once.
//
// TruSt (Kokologiannakis, Marmanis, Gladstein, Vafeiadis: Truly stateless, optimal dynamic partial order
// reduction, POPL'22). The graph grows by one event at a time. A read may read from every write that the
// model allows, a write may be placed wherever it allows; of each such decision the alternatives are kept as
// work to do later. A write may also be what a read that is there already should have read: then the graph
// goes back to what was there before that read and what led to the write, and the read reads from it (a
// backward revisit). That is done only if all that is deleted reads and writes as the plainest continuation
// would (is_maximal), which makes sure that each graph comes up once.
//
// Work is undone by cutting the graph at the event it belongs to. Only a backward revisit copies a graph: it
// begins a new level, and when all that follows from it has been explored the level below goes on. So memory
// is what the revisits on one path take, whatever the number of executions.
//
// What has to wait (a lock, a semaphore, a loop that only looks again) is a read that may not read what it
// would have to wait for, unless that is the newest write: then its thread is blocked, and looks again when
// another write of the object has been added, at that write and the newest only. What it could have read
// before has been explored from there (Awamoche: Kokologiannakis, Marmanis, Vafeiadis, CAV'23). An execution
// is a deadlock exactly if each blocked thread would read the newest write; other ends are abandoned. That a
// loop only looks again is found out when it does so for the first time (checker/machine/loops.cpp); from
// then on the read that it repeats waits, if it is the only one of an iteration. Else the thread stops where
// it is.
//
// The trace is the graph in an order in which nothing reads from the future: an execution repeats what of it
// is still the same and then performs the rest by this strategy's decisions.
#pragma once

#include "checker/explore/graph_label.hpp"
#include "checker/explore/strategy.hpp"
#include "checker/memory/consistency.hpp"
#include "checker/memory/execution_graph.hpp"

#include <array>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace heddle::checker {

class GraphSearch final : public Strategy {
 public:
  GraphSearch(View view, MemoryModel model);

  EventIndex prefix() const override { return shared_; }
  Decision next(ThreadSet enabled) override;
  bool executed() override;
  bool end_of_execution() override;
  bool lets_loops_go_on() const override { return false; }
  bool repeated() const override { return repeated_; }
  bool exhaustive() const override { return true; }
  std::optional<Hash> class_of_execution() const override;

 private:
  // A decision that is still to be tried: a node to add to the graph cut to `size`, and how.
  struct Work {
    enum class Kind : std::uint8_t {
      Add,      // `node`, reading from or placed after `source`
      Block,    // the thread of `node` waits for another write of its object
      Revisit,  // `target` reads from `node`, which is placed after `source` unless that is no_node
      Place,    // the same in the level that a revisit has begun
    };
    Kind kind;
    NodeIndex size = 0;
    std::uint32_t waits = 0;  // size of the log of waits
    EventIndex events = 0;    // in the trace
    Node node = {};
    NodeIndex source = no_node;
    NodeIndex target = no_node;
    NodeIndex write = no_node;  // Place: the write that is placed
  };
  struct Waiting {
    ObjectIndex object = no_object;  // no_object: the thread does not wait
    NodeIndex since = 0;             // writes from here on are news
    std::uint32_t number = 0;        // of the event that waits to be
  };
  struct WaitChange {
    NodeIndex size;  // of the graph then
    ThreadIndex thread;
    Waiting before;
    Waiting after;
  };
  struct Level {
    ExecutionGraph graph;
    NodeIndex base = 0;            // it began with so many nodes
    std::vector<NodeIndex> order;  // the event of each place in the trace: its first node
    std::vector<Work> work;
    Work placed = {};             // the last that was applied of those that place the revisiting write,
    std::size_t placed_work = 0;  // and how much work there was then
    std::array<Waiting, threads_max> waiting{};
    std::vector<WaitChange> waits;  // how it came to that; undone when the graph is cut
    EventIndex shared = 0;          // so much of the trace was the same when the level above began
  };

  Level& level() { return *levels_[depth_]; }
  const Level& level() const { return *levels_[depth_]; }
  ExecutionGraph& graph() { return levels_[depth_]->graph; }

  // Adding what the program does next.
  ThreadIndex next_thread() const;
  bool has_news(ThreadIndex thread) const;
  bool offer(ThreadIndex thread);
  bool offer_read(const Node& node);
  bool offer_write(const Node& node);
  bool comes_after_step_of(const Node& node, NodeIndex write);
  Node node_of(ThreadIndex thread, const Operation& op);
  NodeIndex last_node(EventIndex event) const;

  // Loops that only look again.
  bool learn_futile(ThreadIndex thread);
  bool is_stuck() const;
  bool stopped_for_good(ThreadIndex thread) const;
  static Hash place_of(OperationKind kind, location where);
  NodeIndex only_read(ThreadIndex thread) const;
  bool can_take_back(ThreadIndex thread, NodeIndex read) const;

  // Work.
  bool take_work();
  bool apply(const Work& work);
  bool apply_add(const Work& work);
  void begin_revisit(const Work& work);
  void keep_waiting(const Level& below, NodeIndex target);
  bool apply_place(const Work& work);
  bool complete_writes();
  bool complete_write(NodeIndex read);
  void push(Work work);
  void cut(const Work& work);
  void wait(ThreadIndex thread, ObjectIndex object, NodeIndex since);
  void stop_waiting(ThreadIndex thread);
  void set_waiting(ThreadIndex thread, Waiting waiting);
  std::uint32_t next_number(ThreadIndex thread) const;
  void show(NodeIndex node);
  NodeIndex append(Node node);
  void read_from(NodeIndex read, NodeIndex write);

  // Backward revisits.
  void offer_revisits(NodeIndex write, NodeIndex source);
  bool is_maximal(NodeIndex node, NodeIndex write) const;
  bool in_prefix(NodeIndex node, NodeIndex write) const;

  Decision decision_for(NodeIndex node) const;

  static constexpr std::size_t futile_max = std::size_t{1} << 16;

  View view_;
  Consistency consistency_;
  std::vector<std::unique_ptr<Level>> levels_;
  std::size_t depth_ = 0;
  EventIndex shared_ = 0;  // of the trace that the last execution left, what is still the same
  bool has_work_ = false;  // that no execution has begun with yet
  bool learned_ = false;   // this execution has shown a loop that only looks again, and is begun anew
  bool repeated_ = false;  // so did the last
  bool closing_ = false;   // it is stuck, and threads that wait look once more to show it
  std::unordered_map<Hash, std::vector<Word>>
      futile_;                      // by all that a thread has seen when it comes to a read
  std::unordered_set<Hash> loops_;  // places in the program with such reads
  std::vector<char> kept_;          // scratch
  std::vector<NodeIndex> moved_;
};

}  // namespace heddle::checker
