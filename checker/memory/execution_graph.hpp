// checker/memory/execution_graph.hpp - who reads from whom, and in which order the writes of an object come.
//
// An execution graph stands for all interleavings that no program can tell apart: the events of each thread
// in program order (po), for every read the write it reads from (rf), and for every object the total order of
// its writes (coherence, co). From-reads (fr) leads from a read to the writes after the one it read. Which
// graphs a memory model allows, consistency.hpp says.
//
// A graph grows at its end and is cut back like a trace: the number of an event is its stamp, the order in
// which the events were added. Reading from a write that was added later, as a backward revisit leaves it,
// makes that order disagree with po and rf; restricted() makes such a graph. A read-modify-write is two
// events, the read and then the write. The value an object was created with is the write `initial`, which is
// no event. Everything is flat: adding an event allocates nothing once the arrays have their size.
//
// The clocks of an event tell in constant time what is before it: by po and rf (with the start of a thread
// and the join of its end), and by the happens-before order of C++ (sync/ordering.hpp has the clauses, and
// detect/happens_before.hpp computes it alike).
#pragma once

#include "checker/core/operation.hpp"
#include "checker/core/trail.hpp"
#include "checker/core/vector_clock.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace heddle::checker {

using NodeIndex = std::uint32_t;
inline constexpr NodeIndex no_node = ~NodeIndex{0};
// The write of the value that an object was created with; before all others in coherence order.
inline constexpr NodeIndex initial = no_node - 1;

enum class NodeKind : std::uint8_t {
  Read,
  Write,
  Fence,
  Local,
  // A read that a revisit has made wait. It is no event, but keeps in mind that the write it reads was what
  // made it wait.
  Waiting,
};

// What an operation is to a graph.
struct Label {
  OperationKind kind = OperationKind::Yield;
  ObjectKind object_kind = ObjectKind::Variable;
  std::memory_order order = std::memory_order_relaxed;
  std::memory_order failure_order = std::memory_order_relaxed;
  ObjectIndex object = no_object;
  Word operand = 0;
  Word expected = 0;
  Modify modify = nullptr;
  bool continues = false;  // one step with the thread's last event
  bool last_look = false;  // a load right after its thread has joined the waiters of the object
  // The values with which a loop around the operation only looks again; null: there is no such loop.
  const std::vector<Word>* futile = nullptr;
};

struct Node {
  Label label;
  NodeKind kind = NodeKind::Local;
  ThreadIndex thread = 0;
  bool modifies =
      false;  // belongs to a read-modify-write, which orders more than a load or a store under TSO
  bool acquires = false;
  bool releases = false;
  std::optional<OperationKind> acquires_from;  // only what such operations have released; none: whatever was
  bool seq_cst = false;
  bool barrier = false;               // TSO: the thread's store buffer is empty after it
  bool blocked = false;               // a read that found what its operation has to wait for: orders nothing
  std::uint8_t alternative = 0;       // of a choice
  std::uint32_t number = 0;           // position in its thread, from 1
  NodeIndex po_previous = no_node;    // or the event that started the thread
  NodeIndex joined = no_node;         // last event of the thread that it joins
  NodeIndex reads_from = no_node;     // of a read; no_node: not decided yet
  NodeIndex read_part = no_node;      // of the write of a read-modify-write: its read
  NodeIndex write_part = no_node;     // of the read of a read-modify-write: its write, once it is there
  NodeIndex continued_by = no_node;   // the first node of the next event of the same step
  NodeIndex older = no_node;          // the write before it in coherence order; no_node: not placed yet
  NodeIndex newer = no_node;          // the write after it; no_node: none
  NodeIndex same_object = no_node;    // the event of the same object that was added before
  NodeIndex release_fence = no_node;  // the newest of its thread
  // For TSO's program order: the newest write, read, and write that has left the buffer before it.
  NodeIndex write_before = no_node;
  NodeIndex read_before = no_node;
  NodeIndex drained_before = no_node;
  EventIndex event = no_event;  // its place in the trace
  Word value = 0;               // that it writes
};

class ExecutionGraph {
 public:
  ExecutionGraph() { last_.fill(no_node); }

  NodeIndex size() const { return static_cast<NodeIndex>(nodes_.size()); }
  const Node& operator[](NodeIndex node) const { return nodes_[node]; }
  Node& operator[](NodeIndex node) { return nodes_[node]; }

  // The object's value before all writes.
  void define(ObjectIndex object, Word value);

  // ---- growing ------------------------------------------------------------------------------------
  // Appends an event of its thread after `po_previous`, which the caller has set; `number` and what is
  // derived are filled in. A read reads nothing yet, a write has no place.
  NodeIndex add(const Node& node);
  // Whether an event is seq_cst, which that of a compare-exchange depends on what it reads for.
  void set_seq_cst(NodeIndex node, bool seq_cst);
  // Decides whom a read reads from; `acquires` and `seq_cst` have been set. May be called again.
  void read_from(NodeIndex read, NodeIndex write);
  // Puts a write right after `older` (or `initial`) in coherence order. May be called again.
  void place(NodeIndex write, NodeIndex older);
  // Makes a read, the last event of its thread, one that waits.
  void make_wait(NodeIndex read);
  // Forgets the events from `size` on.
  void cut(NodeIndex size);
  // Becomes the part of `from` that `kept` names, which is closed under po and rf but for `unread`: that read
  // loses what it reads from. `moved` receives the new number of each old one.
  void restrict(const ExecutionGraph& from, const std::vector<char>& kept, NodeIndex unread,
                std::vector<NodeIndex>& moved);

  // ---- looking ------------------------------------------------------------------------------------
  unsigned threads() const { return threads_; }
  NodeIndex last_of(ThreadIndex thread) const { return last_[thread]; }
  NodeIndex newest(ObjectIndex object) const { return objects_[object].newest; }
  NodeIndex oldest(ObjectIndex object) const { return objects_[object].oldest; }
  NodeIndex last_added(ObjectIndex object) const {
    return object < objects_.size() ? objects_[object].last_added : no_node;
  }
  // The next write after this one (or `initial`) in coherence order, or no_node.
  NodeIndex newer(NodeIndex write, ObjectIndex object) const {
    return write == initial ? objects_[object].oldest : nodes_[write].newer;
  }
  Word value(NodeIndex write, ObjectIndex object) const {
    return write == initial ? objects_[object].initial_value : nodes_[write].value;
  }
  // Whether `earlier` comes before `later` in coherence order. Linear in their distance from the end.
  bool coherence_before(NodeIndex earlier, NodeIndex later) const;
  // The read-modify-write that reads this write, as its write, or no_node.
  NodeIndex modified_by(NodeIndex write, ObjectIndex object) const {
    const NodeIndex next = newer(write, object);
    return next != no_node && nodes_[next].read_part != no_node &&
                   nodes_[nodes_[next].read_part].reads_from == write
               ? next
               : no_node;
  }
  // By po and rf; reflexive.
  bool causally_before(NodeIndex earlier, NodeIndex later) const {
    return row(later, causal_row)[nodes_[earlier].thread] >= nodes_[earlier].number;
  }
  // By the happens-before order of C++; reflexive.
  bool happens_before(NodeIndex earlier, NodeIndex later) const {
    return row(later, learned_row)[nodes_[earlier].thread] >= nodes_[earlier].number;
  }
  // Number of events that are fences or accesses with memory_order_seq_cst.
  unsigned seq_cst_events() const { return seq_cst_; }
  // Whether there may be some: any graph had.
  bool has_last_looks() const { return has_last_looks_; }

 private:
  struct Object {
    NodeIndex newest = initial;
    NodeIndex oldest = no_node;
    NodeIndex last_added = no_node;
    Word initial_value = 0;
  };
  // Four clocks for each event.
  static constexpr unsigned causal_row = 0;   // before it by po and rf
  static constexpr unsigned learned_row = 1;  // happens before it
  static constexpr unsigned message_row = 2;  // of a write: what an acquiring reader learns
  static constexpr unsigned pending_row = 3;  // what its thread has read and an acquire fence would learn
  static constexpr unsigned rows = 4;

  const ClockValue* row(NodeIndex node, unsigned which) const { return clocks_[node * rows + which]; }
  ClockValue* row(NodeIndex node, unsigned which) { return clocks_[node * rows + which]; }
  void take_clocks(const ExecutionGraph& from, const std::vector<NodeIndex>& moved, NodeIndex same,
                   NodeIndex count);
  void unlink(NodeIndex write);
  void continue_step(NodeIndex write, NodeIndex next);
  void order_buffer(Node& node);
  void start_clocks(NodeIndex node);
  void send(NodeIndex write);
  NodeIndex message_for(const Node& read) const;

  std::vector<Node> nodes_;
  ClockTable clocks_;
  std::vector<Object> objects_;
  std::array<NodeIndex, threads_max> last_;
  unsigned threads_ = 0;
  unsigned seq_cst_ = 0;
  bool has_last_looks_ = false;
};

}  // namespace heddle::checker
