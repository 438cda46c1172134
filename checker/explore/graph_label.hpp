// checker/explore/graph_label.hpp - what an operation is to an execution graph.
//
// Loads and stores are a read and a write. Whatever else touches an object is a read, by whose value the rule
// of the primitive (checker/sync) decides whether the operation has to wait, and whether it writes: then the
// two are a read-modify-write. Unlocking a mutex reads nothing that is not known and is a plain write.
#pragma once

#include "checker/machine/machine.hpp"
#include "checker/memory/execution_graph.hpp"

namespace heddle::checker {

// Throws std::invalid_argument for a step on several objects, which execution graphs do not know.
void refuse_several_objects(const Operation& op, const Machine& machine);

// The first node of the operation, but for what comes before it.
Node make_node(ThreadIndex thread, const Operation& op, const Machine& machine);

// What the operation does when it reads this value.
bool has_to_wait(const Label& label, ThreadIndex thread, Word value);
bool writes(const Label& label, ThreadIndex thread, Word value);
Word written(const Label& label, ThreadIndex thread, Word value);

struct Orders {
  bool acquires;
  std::optional<OperationKind> acquires_from;
  bool seq_cst;
};
Orders orders_of_read(const Label& label, ThreadIndex thread, Word value);
// Of the operation's write.
bool releases(const Label& label);

// Whether every write of such an object reads the one before it in coherence order, or knows of it.
bool is_chain(ObjectKind kind);

}  // namespace heddle::checker
