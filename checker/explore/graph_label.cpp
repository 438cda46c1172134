#include "checker/explore/graph_label.hpp"

#include "checker/core/format.hpp"
#include "checker/core/memory_order.hpp"
#include "checker/sync/ordering.hpp"
#include "checker/sync/semantics.hpp"

#include <algorithm>
#include <stdexcept>

namespace heddle::checker {

namespace {

constexpr bool is_data(ObjectKind kind) { return kind == ObjectKind::Atomic || kind == ObjectKind::Variable; }

sync::Call call_of(const Label& label, ThreadIndex thread) {
  return {thread, label.operand, label.expected, label.modify};
}

bool succeeds(const Label& label, ThreadIndex thread, Word value) {
  return sync::rule_of(label.kind, label.object_kind).is_success(value, call_of(label, thread));
}

}  // namespace

void refuse_several_objects(const Operation& op, const Machine& machine) {
  std::string what;
  if (op.atomic_step) what = "several accesses in one step";
  else if (op.objects.size() > 1) what = std::string(to_string(op.kind)) + " on several objects in one step";
  else if (op.kind == OperationKind::Call || op.kind == OperationKind::Return)
    what = "the history of a concurrent object, which is one of interleavings";
  else return;
  throw std::invalid_argument("this memory model knows only steps on one object, and the scenario has " +
                              what + place_text(op.where) +
                              (op.object == no_object ? "" : ": " + machine.object(op.object).name) +
                              ". Check it under sc.");
}

Node make_node(ThreadIndex thread, const Operation& op, const Machine& machine) {
  Node node{.thread = thread};
  Label& label = node.label;
  label.kind = op.kind;
  label.order = op.order;
  label.failure_order = op.failure_order;
  label.operand = op.operand;
  label.expected = op.expected;
  label.modify = op.modify;
  label.continues = op.continues;
  label.last_look = op.last_look;
  if (op.kind == OperationKind::Fence) {
    node.kind = NodeKind::Fence;
    node.acquires = acquires(op.order);
    node.releases = releases(op.order);
    node.seq_cst = node.barrier = op.order == std::memory_order_seq_cst;
    return node;
  }
  if (op.object == no_object || op.kind == OperationKind::Free) {
    node.barrier = op.kind == OperationKind::Join;
    return node;
  }
  label.object = op.object;
  label.object_kind = machine.object(op.object).kind;
  const bool unlocks = op.kind == OperationKind::Unlock && label.object_kind == ObjectKind::Mutex;
  if (op.kind == OperationKind::Store || unlocks) {
    node.kind = NodeKind::Write;
    node.releases = releases(label);
    node.seq_cst = label.object_kind == ObjectKind::Atomic && op.order == std::memory_order_seq_cst;
    node.barrier = node.seq_cst;
    node.value = unlocks ? written(label, thread, machine.value(op.object)) : op.operand;
    return node;
  }
  node.kind = NodeKind::Read;
  node.modifies = node.barrier = access_of(op.kind, true) == AccessKind::Write;
  return node;
}

bool has_to_wait(const Label& label, ThreadIndex thread, Word value) {
  if (label.futile != nullptr)
    return std::find(label.futile->begin(), label.futile->end(), value) != label.futile->end();
  if (!can_block(label.kind)) return false;
  return !sync::rule_of(label.kind, label.object_kind).is_enabled(value, call_of(label, thread));
}

bool writes(const Label& label, ThreadIndex thread, Word value) {
  return access_of(label.kind, true) == AccessKind::Write &&
         access_of(label.kind, succeeds(label, thread, value)) == AccessKind::Write;
}

Word written(const Label& label, ThreadIndex thread, Word value) {
  return sync::rule_of(label.kind, label.object_kind).word_after(value, call_of(label, thread));
}

Orders orders_of_read(const Label& label, ThreadIndex thread, Word value) {
  const bool success = succeeds(label, thread, value);
  const std::memory_order order = success ? label.order : label.failure_order;
  const sync::Ordering& ordering = sync::ordering_of(label.kind, label.object_kind);
  return {ordering.is_acquire({order, success, value}), ordering.from,
          label.object_kind == ObjectKind::Atomic && order == std::memory_order_seq_cst};
}

bool releases(const Label& label) {
  return sync::ordering_of(label.kind, label.object_kind).is_release({label.order, true, 0});
}

bool is_chain(ObjectKind kind) { return !is_data(kind); }

}  // namespace heddle::checker
