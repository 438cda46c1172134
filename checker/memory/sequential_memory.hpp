// checker/memory/sequential_memory.hpp - memory under sequential consistency.
//
// One word per object. An access happens at once and is recorded as part of the trace's last event,
// unless the event is being repeated: then the trace knows it already.
#pragma once

#include "checker/core/trace.hpp"

#include <vector>

namespace heddle::checker {

class SequentialMemory {
 public:
  explicit SequentialMemory(Trace& trace) : trace_(trace) {}

  void define(ObjectIndex object, ObjectKind kind, Word value) {
    if (object >= cells_.size()) cells_.resize(object + 16);
    cells_[object] = {value, value, kind};
  }
  // The value without an access: for enabledness, which is not part of a step.
  Word peek(ObjectIndex object) const { return cells_[object].value; }

  // Replaces the value, without an access.
  void set(ObjectIndex object, Word value) { cells_[object].value = value; }

  // Objects are numbered below that; not each number is in use.
  ObjectIndex size() const { return static_cast<ObjectIndex>(cells_.size()); }
  Word initial(ObjectIndex object) const { return cells_[object].initial; }
  ObjectKind kind(ObjectIndex object) const { return cells_[object].kind; }

  Word read(ObjectIndex object) {
    const Cell& cell = cells_[object];
    if (recording_) trace_.add_access(object, cell.kind, AccessKind::Read, cell.value);
    return cell.value;
  }
  void write(ObjectIndex object, Word value) {
    Cell& cell = cells_[object];
    cell.value = value;
    if (recording_) trace_.add_access(object, cell.kind, AccessKind::Write, value);
  }
  void record(bool recording) { recording_ = recording; }

 private:
  struct Cell {
    Word value = 0;
    Word initial = 0;
    ObjectKind kind = ObjectKind::Variable;
  };

  Trace& trace_;
  std::vector<Cell> cells_;
  bool recording_ = true;
};

}  // namespace heddle::checker
