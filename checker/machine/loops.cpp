// checker/machine/loops.cpp - loops that only wait.
//
// `while (!flag.load()) yield();` has executions of every length, and all but finitely many of them differ
// only in how often the thread looked in vain. A futile iteration (loops.hpp) can be left out of an
// execution: the thread is where it was, and what the others do is the same without it. So a thread that has
// gone through one is stopped. Where others go on to change what it has read, the execution stands for one in
// which it came later, which is explored anyway; where nobody can, the thread waits for ever.
//
// An iteration that writes may be left out if nobody can tell. Of one that takes mutexes and gives them back
// only a try to take one of them could, so that an exploration which has both is not called exhaustive. Any
// other is kept: the thread goes on.

#include "checker/machine/machine.hpp"

#include <algorithm>

namespace heddle::checker {

namespace {

// A thread's operations that are looked at for a place where it has been before.
constexpr unsigned iteration_max = 1024;
// What has been found out takes so much memory at most.
constexpr std::size_t arrivals_max = std::size_t{1} << 20;
// So often round without an end, and others should get a turn.
constexpr unsigned rounds_max = 64;

using Judgement = LoopMemo::Arrival::Judgement;
using Remains = LoopMemo::Remains;

bool takes_or_gives_back(OperationKind kind) {
  switch (kind) {
    case OperationKind::Lock:
    case OperationKind::TryLock:
    case OperationKind::Unlock:
    case OperationKind::LockShared:
    case OperationKind::TryLockShared:
    case OperationKind::UnlockShared: return true;
    default: return false;
  }
}

bool tries_to_take(OperationKind kind) {
  return kind == OperationKind::TryLock || kind == OperationKind::TryLockShared;
}

// What stands between two executions of the same place that are not one iteration of a loop.
bool decides(const Event& event) {
  return event.alternatives > 1 || event.kind == OperationKind::Call || event.kind == OperationKind::Return ||
         event.kind == OperationKind::Free;
}

void mark(std::vector<bool>& objects, ObjectIndex object) {
  if (object >= objects.size()) objects.resize(object + 16);
  objects[object] = true;
}
bool is_marked(const std::vector<bool>& objects, ObjectIndex object) {
  return object < objects.size() && objects[object];
}

// What the events of a thread, the last so many, have written, and whether it is as before.
class Writes {
 public:
  // In an execution graph a write that changes no value is still one that others can read.
  Writes(const Trace& trace, const SequentialMemory& memory, bool graphs)
      : trace_(trace), memory_(memory), graphs_(graphs) {}

  // The event before those that have been added.
  void add(EventIndex position) {
    const Event& event = trace_[position];
    for (const Access& access : trace_.accesses(position)) {
      if (access.kind != AccessKind::Write) continue;
      const Word before = access.last_write == no_access ? memory_.initial(access.object)
                                                         : trace_.access(access.last_write).value;
      const bool changes = before != access.value || (graphs_ && event.kind == OperationKind::Store);
      const auto known = std::find_if(objects_.begin(), objects_.end(),
                                      [&](const Object& o) { return o.object == access.object; });
      if (known != objects_.end()) known->before = before;
      else if (changes) objects_.push_back({access.object, before, access.value});
      if (changes && !takes_or_gives_back(event.kind)) can_be_seen_ = true;
    }
  }

  bool restored() const {
    return std::all_of(objects_.begin(), objects_.end(),
                       [](const Object& object) { return object.before == object.after; });
  }
  // Not only mutexes.
  bool can_be_seen() const { return can_be_seen_; }

 private:
  struct Object {
    ObjectIndex object;
    Word before;
    Word after;
  };
  const Trace& trace_;
  const SequentialMemory& memory_;
  bool graphs_;
  std::vector<Object> objects_;
  bool can_be_seen_ = false;
};

}  // namespace

// Stands for where in the program the operation is.
Hash Machine::place_of(OperationKind kind, location where) {
  return mixed(static_cast<Hash>(kind) + 64 * static_cast<Hash>(where.line) +
               (reinterpret_cast<std::uintptr_t>(where.file) << 20));
}

bool Machine::same_label(const Event& event, const Operation& op) const {
  return event.kind == op.kind && event.object == op.object && event.where == op.where;
}

void Machine::note_passed(Thread& self, const Operation& op) {
  const Hash place = place_of(op.kind, op.where) + op.object;
  self.passed[place >> 6 & 3] |= std::uint64_t{1} << (place & 63);
}

bool Machine::may_be_back(ThreadIndex thread) const {
  const Thread& self = threads_[thread];
  if (rehearses_ || self.stopped || !parked_.contains(thread)) return false;
  const Hash place = place_of(self.pending->kind, self.pending->where) + self.pending->object;
  return (self.passed[place >> 6 & 3] >> (place & 63) & 1) != 0;
}

namespace {

Hash hash_of(const Operation& op) {
  Hash hash = mixed(static_cast<Hash>(op.kind) + (Hash{op.object} << 8) +
                    (static_cast<Hash>(op.order) << 40) + (static_cast<Hash>(op.failure_order) << 48));
  hash = mixed(hash + op.operand);
  hash = mixed(hash + op.expected);
  hash = mixed(hash + reinterpret_cast<std::uintptr_t>(op.modify) + op.joined);
  return mixed(hash + static_cast<Hash>(op.where.line) + (Hash{op.alternatives} << 32) +
               (Hash{op.compound} << 40));
}

}  // namespace

// What the thread remembers while it waits: its frames, with the registers that are saved there, and what it
// is about to do.
Hash Machine::state_of(ThreadIndex thread) const {
  const Thread& self = threads_[thread];
  const Stack& stack = self.fiber->stack();
  Hash hash = hash_of(*self.pending);
  hash = hash_of_memory(self.remembered != nullptr ? self.remembered : self.fiber->stack_pointer(),
                        stack.top(), hash);
  hash = mixed(hash + self.children + (Hash{self.objects} << 20) + (Hash{timeouts_.spent[thread]} << 40) +
               (Hash{spurious_.spent[thread]} << 50));
  return clock_read_ ? mixed(hash + static_cast<Hash>(self.clock.count())) : hash;
}

// All other memory of the scenario.
Hash Machine::state_around(ThreadIndex thread) const {
  Hash hash = statics_.hash();
  for (const ThreadIndex other : parked_)
    if (other != thread) hash = mixed(hash + state_of(other));
  for (ThreadIndex each = 0; each < storage_.threads(); ++each) {
    const Heap& heap = storage_.heap(each);
    hash = hash_of_memory(heap.begin(), heap.begin() + heap.used() / 8 * 8, hash);
    hash = mixed(hash + heap.layout());
  }
  return hash;
}

void Machine::note_state(LoopMemo::Arrival& here, ThreadIndex thread) const {
  here.own = state_of(thread);
  here.state = mixed(here.own + state_around(thread)) | 1;
}

bool Machine::is_head(ThreadIndex thread) const {
  if (loops_.heads.empty()) return false;
  const Operation& op = *threads_[thread].pending;
  return loops_.heads.contains(place_of(op.kind, op.where));
}

void Machine::note_state(ThreadIndex thread, Hash past) {
  if (loops_.arrivals.size() >= arrivals_max) return;
  LoopMemo::Arrival& here = loops_.arrivals[past];
  if (here.state == 0) note_state(here, thread);
}

// Whether the last so many operations of the thread have left anything anywhere but on its own stack. Nothing
// where that has to be looked at first. `known` is what a smaller number has come to.
std::optional<bool> Machine::leaves_remains(ThreadIndex thread, unsigned length, const Causality& causality,
                                            LeftBehind& known) {
  const Trace& trace = execution_.trace;
  for (; known.length < length && !known.some; ++known.length) {
    known.event = known.length == 0 ? trace.last_of(thread) : trace[known.event].po_previous;
    const Hash past = causality.past_of(thread, known.event);
    const auto arrival = loops_.arrivals.find(past);
    const Remains remains = arrival == loops_.arrivals.end() ? Remains::Unknown : arrival->second.remains;
    if (remains == Remains::Some) known.some = true;
    if (remains != Remains::Unknown) continue;
    wanted_.push_back({thread, trace[known.event].number, past, Wanted::What::Remains});
    known.missing = true;
  }
  if (known.some) return true;
  return known.missing ? std::nullopt : std::optional(false);
}

bool Machine::judge_loop(ThreadIndex thread, const Causality& causality) {
  Thread& self = threads_[thread];
  const Operation& op = *self.pending;
  if (is_local(op.kind) || op.kind == OperationKind::Assume || self.step_depth > 0) return true;
  const Trace& trace = execution_.trace;
  const Hash past = causality.past_of(thread, trace.last_of(thread));
  if (self.remains != Remains::Unknown && loops_.arrivals.size() < arrivals_max)
    loops_.arrivals[past].remains = self.remains;
  LoopMemo::Arrival* here = nullptr;
  Writes writes(trace, memory_, graphs_);
  EventIndex event = trace.last_of(thread);
  bool back = false;     // by steps that leave what they write as it was
  bool missing = false;  // a state that this one has to be compared with
  LeftBehind left_behind;
  unsigned futile = 0;
  for (unsigned length = 1; length <= iteration_max && length <= trace.events_of(thread);
       ++length, event = trace[event].po_previous) {
    if (decides(trace[event])) break;
    writes.add(event);
    if (!same_label(trace[event], op) || !writes.restored()) continue;
    back = true;
    if (writes.can_be_seen()) continue;
    if (here == nullptr) {
      if (loops_.arrivals.size() >= arrivals_max) break;
      here = &loops_.arrivals[past];
    }
    if (here->judgement != Judgement::Unknown) break;
    if (here->state == 0) note_state(*here, thread);
    const Hash before = causality.past_of(thread, trace[event].po_previous);
    const auto known = loops_.arrivals.find(before);
    if (known == loops_.arrivals.end() || known->second.state == 0) {
      wanted_.push_back({thread, trace[event].number, before, Wanted::What::State});
      missing = true;
    } else if (known->second.state == here->state) {
      futile = length;
      break;
    } else if (known->second.own == here->own) {
      const std::optional<bool> remains = leaves_remains(thread, length, causality, left_behind);
      if (!remains) missing = true;
      else if (!*remains) {
        futile = length;
        break;
      }
    }
  }
  self.rounds = back ? self.rounds + 1 : 0;
  if (self.rounds > rounds_max) going_round_.insert(thread);
  else going_round_.erase(thread);
  if (here != nullptr && here->judgement == Judgement::Unknown) {
    loops_.heads.insert(place_of(op.kind, op.where));
    if (futile == 0 && missing) {
      here->state = 0;  // it is looked at once more, after the same operations in the same way
      return false;
    }
    here->judgement = futile == 0 ? Judgement::GoesOn : Judgement::Futile;
    here->length = futile;
  }
  if (here != nullptr && here->judgement == Judgement::Futile) stop_in_loop(thread, here->length);
  else if (self.rounds > 1) note_circle(thread);
  return true;
}

// Whether the whole scenario is where it has been before. If others can tell, this execution can go on like
// that for ever; if not, those that look in vain are found out one by one, and somebody else should get a
// turn.
void Machine::note_circle(ThreadIndex thread) {
  Hash whole = mixed(state_of(thread) + state_around(thread));
  for (ObjectIndex object = 0; object < memory_.size(); ++object) whole = mixed(whole + memory_.peek(object));
  const Trace& trace = execution_.trace;
  const auto [been, first] = been_.try_emplace(whole, trace.size());
  if (first || circle_) return;
  going_round_.insert(thread);
  for (EventIndex event = been->second; event < trace.size(); ++event)
    for (const Access& access : trace.accesses(event))
      if (access.kind == AccessKind::Write && access.value != value_before(access)) circle_ = been->second;
}

Word Machine::value_before(const Access& access) const {
  return access.last_write == no_access ? memory_.initial(access.object)
                                        : execution_.trace.access(access.last_write).value;
}

// The thread has got nowhere by its last `length` events.
void Machine::stop_in_loop(ThreadIndex thread, unsigned length) {
  Thread& self = threads_[thread];
  const Trace& trace = execution_.trace;
  std::vector<EventIndex> iteration(length);
  EventIndex event = trace.last_of(thread);
  for (auto place = iteration.rbegin(); place != iteration.rend(); ++place, event = trace[event].po_previous)
    *place = event;
  self.spin_objects.clear();
  self.spin_seen.clear();
  self.spin_straddles = false;
  std::vector<ObjectIndex> mutexes;
  std::vector<Word> left;  // as the iteration has left each of the objects
  for (const EventIndex each : iteration) {
    for (const Access& access : trace.accesses(each)) {
      const bool writes = access.kind == AccessKind::Write;
      if (takes_or_gives_back(trace[each].kind) && writes) mutexes.push_back(access.object);
      const Word found = writes ? value_before(access) : access.value;
      const auto known = std::find(self.spin_objects.begin(), self.spin_objects.end(), access.object);
      if (known == self.spin_objects.end()) {
        self.spin_objects.push_back(access.object);
        self.spin_seen.push_back(found);
        left.push_back(access.value);
        continue;
      }
      Word& last = left[static_cast<std::size_t>(known - self.spin_objects.begin())];
      if (trace[each].kind != OperationKind::Store && found != last) self.spin_straddles = true;
      last = access.value;
    }
  }
  for (const ObjectIndex mutex : mutexes)  // others would wait for it in vain
    if (sync::holders(memory_.kind(mutex), memory_.peek(mutex)).contains(thread)) return;
  for (const ObjectIndex mutex : mutexes) {
    mark(loops_.polled, mutex);
    if (is_marked(loops_.tried, mutex)) leave_out_attempts(mutex);
  }
  self.spin_length = length;
  self.spin = {.kind = OperationKind::Spin,
               .object = self.spin_objects.empty() ? no_object : self.spin_objects.front(),
               .objects = self.spin_objects,
               .seen = self.spin_seen,
               .where = self.pending->where};
  self.stopped = true;
  self.rounds = 0;
  conditional_.insert(thread);
}

bool Machine::looked_before_newest(ThreadIndex thread) const {
  const Trace& trace = execution_.trace;
  bool older = false;
  EventIndex event = trace.last_of(thread);
  for (unsigned left = threads_[thread].spin_length; left > 0; --left, event = trace[event].po_previous) {
    for (const Access& access : trace.accesses(event)) {
      if (access.kind == AccessKind::Write) return false;
      const Access& newest = trace.access(trace.newest(access.object));
      older = older || access.last_write != (newest.kind == AccessKind::Write ? trace.newest(access.object)
                                                                              : newest.last_write);
    }
  }
  return older;
}

// Who tries to take a mutex could tell how often a thread that polls under it has had it.
void Machine::note_attempt(const Operation& op) {
  if (!tries_to_take(op.kind)) return;
  mark(loops_.tried, op.object);
  if (is_marked(loops_.polled, op.object)) leave_out_attempts(op.object);
}

void Machine::leave_out_attempts(ObjectIndex mutex) {
  leave_out("executions in which an attempt to take " + objects_[mutex].name +
            " finds it with a thread that goes round a loop in vain and has it time and again");
}

// Whether the thread's state before its next event to repeat is to be looked at.
bool Machine::is_wanted(ThreadIndex thread) const {
  const std::uint32_t number = threads_[thread].performed + 1;
  return std::any_of(wanted_.begin(), wanted_.end(),
                     [&](const Wanted& each) { return each.thread == thread && each.number <= number; });
}

void Machine::note_wanted_state(ThreadIndex thread) {
  for (const Wanted& each : wanted_)
    if (each.what == Wanted::What::State && each.thread == thread &&
        each.number == threads_[thread].performed + 1)
      note_state(loops_.arrivals[each.past], thread);
}

// Of the event that the thread repeats next, where it is of interest what it leaves behind: the memory around
// it before that.
std::optional<Hash> Machine::around_before(ThreadIndex thread) const {
  const std::uint32_t number = threads_[thread].performed + 1;
  const bool wanted = std::any_of(wanted_.begin(), wanted_.end(), [&](const Wanted& each) {
    return each.what == Wanted::What::Remains && each.thread == thread && each.number == number;
  });
  return wanted ? std::optional(state_around(thread)) : std::nullopt;
}

LoopMemo::Remains Machine::remains_of(ThreadIndex thread, Hash around_before) const {
  return state_around(thread) == around_before ? Remains::None : Remains::Some;
}

void Machine::note_remains(ThreadIndex thread, Hash before) {
  const Remains remains = remains_of(thread, before);
  for (const Wanted& each : wanted_)
    if (each.what == Wanted::What::Remains && each.thread == thread &&
        each.number == threads_[thread].performed)
      loops_.arrivals[each.past].remains = remains;
}

}  // namespace heddle::checker
