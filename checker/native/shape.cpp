#include "checker/native/shape.hpp"

#include "checker/core/format.hpp"
#include "checker/machine/machine.hpp"

#include <exception>

namespace heddle::checker::native {

namespace {

// Longer ones are no small scenarios: starting threads costs them little.
constexpr EventIndex events_most = 2'000;

bool weakens(const Machine& machine, const Event& event) {
  if (event.order == std::memory_order_seq_cst) return false;
  if (event.kind == OperationKind::Fence) return true;
  return event.object != no_object && machine.object(event.object).kind == ObjectKind::Atomic;
}

// What main is about to do in the sight of threads that it has started.
std::string seen_by_threads(const Machine& machine) {
  const ThreadSet unfinished = machine.unfinished();
  if (!unfinished.contains(main_thread) || unfinished.size() == 1) return {};
  const Operation& op = machine.pending(main_thread);
  if (is_local(op.kind)) return {};
  return "between starting its threads and joining them, main does something that they can see" +
         place_text(op.where);
}

std::string threads_that_start_others(const Lineage& lineage) {
  for (ThreadIndex thread = 0; thread < lineage.threads(); ++thread)
    if (lineage.name(thread).find('.') != std::string::npos)
      return lineage.name(thread) + " is started by a thread that is not main";
  return {};
}

// The enabled thread that comes after the last one, round about.
ThreadIndex next_of(ThreadSet enabled, ThreadIndex last) {
  for (const ThreadIndex thread : enabled)
    if (thread > last) return thread;
  return enabled.least();
}

Shape shape_in(Machine& machine, const Lineage& lineage, const std::function<void()>& body) {
  Shape shape;
  machine.start(body);
  machine.repeat();
  ThreadIndex last = main_thread;
  for (ThreadSet enabled; shape.unsuited.empty() && !(enabled = machine.enabled()).empty();) {
    shape.unsuited = seen_by_threads(machine);
    if (machine.trace().size() == events_most)
      shape.unsuited = "an execution takes more than " + std::to_string(events_most) + " steps";
    last = next_of(enabled, last);
    machine.run(last, 0, enabled);
    if (weakens(machine, machine.trace().back())) shape.weak_orders = true;
  }
  if (shape.unsuited.empty()) shape.unsuited = threads_that_start_others(lineage);
  if (shape.unsuited.empty() && lineage.threads() == 1) shape.unsuited = "it starts no thread";
  return shape;
}

}  // namespace

Shape shape_of(const std::function<void()>& body) {
  Execution execution;
  const heddle::Options options;
  Ground ground(options);
  Machine machine(execution, ground, options);
  const CurrentMachine current(machine);
  try {
    return shape_in(machine, ground.lineage, body);
  } catch (const std::exception& error) {
    return {.unsuited = std::string("the model cannot run it: ") + error.what()};
  }
}

}  // namespace heddle::checker::native
