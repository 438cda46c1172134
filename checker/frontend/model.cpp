// checker/frontend/model.cpp - the public types' operations, as Operations of the current machine.

#include "checker/machine/machine.hpp"

#include <heddle/detail/model.hpp>

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace heddle::detail {

using checker::Operation;
using checker::OperationKind;

Object::Object(ObjectKind kind, std::string_view name, Word initial, WordFormat format)
    : kind_(kind), format_(format) {
  if (in_model()) current_machine->created(*this, initial, name);
  else name_ = name;
}

Object::~Object() {
  if (in_model()) current_machine->destroyed(*this);
}

Word load(Object& object, Word outside, std::memory_order order, bool compound, location where) {
  checker::Machine& machine = *current_machine;
  Operation op{.kind = OperationKind::Load,
               .order = order,
               .compound = compound,
               .object = machine.index_of(object, outside),
               .where = where};
  machine.perform(op);
  return op.result;
}

void store(Object& object, Word outside, Word value, std::memory_order order, bool compound, location where) {
  checker::Machine& machine = *current_machine;
  Operation op{.kind = OperationKind::Store,
               .order = order,
               .compound = compound,
               .object = machine.index_of(object, outside),
               .operand = value,
               .where = where};
  machine.perform(op);
}

Word read_modify_write(Object& object, Word outside, Word operand, Modify modify, std::memory_order order,
                       location where) {
  checker::Machine& machine = *current_machine;
  Operation op{.kind = OperationKind::ReadModifyWrite,
               .order = order,
               .object = machine.index_of(object, outside),
               .operand = operand,
               .modify = modify,
               .where = where};
  machine.perform(op);
  return op.result;
}

bool compare_exchange(Object& object, Word outside, Word& expected, Word desired, std::memory_order success,
                      std::memory_order failure, location where) {
  checker::Machine& machine = *current_machine;
  Operation op{.kind = OperationKind::CompareExchange,
               .order = success,
               .failure_order = failure,
               .object = machine.index_of(object, outside),
               .operand = desired,
               .expected = expected,
               .where = where};
  machine.perform(op);
  expected = op.result;
  return op.succeeded;
}

void lock(Object& object, location where) {
  checker::Machine& machine = *current_machine;
  Operation op{.kind = OperationKind::Lock, .object = machine.index_of(object, 0), .where = where};
  machine.perform(op);
}

void lock_all(std::span<Object* const> objects, location where) {
  checker::Machine& machine = *current_machine;
  std::vector<checker::ObjectIndex> mutexes;
  for (Object* object : objects) mutexes.push_back(machine.index_of(*object, 0));
  Operation op{.kind = OperationKind::LockAll, .object = mutexes.front(), .objects = mutexes, .where = where};
  machine.perform(op);
}

bool try_lock(Object& object, location where) {
  checker::Machine& machine = *current_machine;
  Operation op{.kind = OperationKind::TryLock, .object = machine.index_of(object, 0), .where = where};
  machine.perform(op);
  return op.succeeded;
}

void unlock(Object& object, location where) {
  checker::Machine& machine = *current_machine;
  Operation op{.kind = OperationKind::Unlock, .object = machine.index_of(object, 0), .where = where};
  machine.perform(op);
}

std::uint32_t spawn(std::unique_ptr<Task> task) { return current_machine->spawn(std::move(task)); }

void join(std::uint32_t thread, location where) {
  Operation op{
      .kind = OperationKind::Join, .joined = static_cast<checker::ThreadIndex>(thread), .where = where};
  current_machine->perform(op);
}

void dropped_joinable(std::uint32_t thread) noexcept {
  current_machine->dropped_joinable(static_cast<checker::ThreadIndex>(thread));
}

std::size_t choose(std::size_t alternatives, location where) {
  if (alternatives < 1 || alternatives > 255)
    current_machine->lose_control("choose(" + std::to_string(alternatives) +
                                  "): the number of alternatives must be from 1 to 255.");
  Operation op{
      .kind = OperationKind::Choose, .alternatives = static_cast<std::uint8_t>(alternatives), .where = where};
  current_machine->perform(op);
  return op.result;
}

void assume(bool condition, location where) {
  if (condition) return;
  Operation op{.kind = OperationKind::Assume, .where = where};
  current_machine->perform(op);
}

void yield(location where) {
  Operation op{.kind = OperationKind::Yield, .where = where};
  current_machine->perform(op);
}

AtomicStep::AtomicStep() { current_machine->begin_step(); }

AtomicStep::~AtomicStep() { current_machine->end_step(); }

void record_outcome(std::string_view name, Word value, WordFormat format) {
  current_machine->outcomes().record(name, value, format);
}

void record_outcome(std::string_view name, std::string_view text) {
  current_machine->outcomes().record(name, text);
}

void expectation_failed(std::string message, location where) {
  if (in_model()) current_machine->fail(std::move(message), where);
  std::fprintf(stderr, "%s:%d: %s\n", where.file, where.line, message.c_str());
  std::abort();
}

}  // namespace heddle::detail
