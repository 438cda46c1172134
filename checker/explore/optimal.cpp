#include "checker/explore/optimal.hpp"

#include <algorithm>

namespace heddle::checker {

void Optimal::Slot::forget_schedules() {
  if (schedules.empty()) return;
  schedules.clear();
  steps.clear();
  touches.clear();
  started = 0;
  displaced = no_step;
  threads.clear();
}

// ---- choosing ---------------------------------------------------------------------------------------

Decision Optimal::next(ThreadSet enabled) {
  if (cursor_ < length_) {
    const Slot& slot = slots_[slot_];
    const ScheduledStep& step = slot.steps[slot.schedules[slot.started - 1].first_step + cursor_];
    if (!enabled.contains(step.thread))
      throw Nondeterminism(view_.machine.lineage().name(step.thread) +
                           " cannot do in one execution what it did after the same steps in another");
    return {step.thread, step.alternative};
  }
  if (const ThreadSet local = view_.machine.local(enabled); !local.empty())
    return {local.least(), std::exchange(alternative_, 0)};
  while (preferred_.next < preferred_.end) {
    const ThreadIndex thread = slots_[preferred_.slot].threads[preferred_.next++];
    if (enabled.contains(thread) && !asleep(thread)) return {thread};
  }
  const ThreadSet others = enabled - view_.machine.going_round();
  if (active_.empty()) return {(others.empty() ? enabled : others).least()};
  for (const ThreadSet threads : {others, enabled})
    for (const ThreadIndex thread : threads)
      if (!asleep(thread)) return {thread};
  return {enabled.least()};
}

bool Optimal::executed() {
  const EventIndex position = view_.trace.size() - 1;
  if (slots_.size() < position + 2) slots_.resize((position + 2) * 2);
  if (position != slot_ || cursor_ != 0 || length_ == 0) slots_[position].forget_schedules();
  slots_[position].scheduled = cursor_ < length_;
  slots_[position].origin = no_event;
  if (cursor_ < length_) {
    Slot& origin = slots_[slot_];
    const Schedule& schedule = origin.schedules[origin.started - 1];
    ScheduledStep& step = origin.steps[schedule.first_step + cursor_];
    if (++cursor_ == length_) {
      heads_.push_back(position);
      preferred_ = {slot_, schedule.first_preferred, schedule.first_preferred + schedule.preferred};
    }
    if (step.hash != 0 && step.hash != view_.causality.hash(position))
      throw Nondeterminism("what " + view_.machine.lineage().name(step.thread) +
                           " did after the same steps was something else in another execution");
    if (cursor_ == length_) settle_head(step, position);
  }
  if (view_.trace[position].atomic_step) learn(position);
  if (const Completed completed = wake(position); completed != Completed::Nothing) {
    const bool head = cursor_ < length_ || heads_.back() == position;
    if (head && (slots_[position].origin == no_event || completed == Completed::Displaced)) redundant_ = true;
    else if (wasted_from_ == no_event) wasted_from_ = position;
  }
  Slot& following = slots_[position + 1];
  following.preferred = preferred_;
  following.sleepers.clear();
  if (!active_.empty() && cursor_ == length_) following.sleepers.assign(active_.begin(), active_.end());
  return !redundant_;
}

void Optimal::learn(EventIndex position) {
  const Event& event = view_.trace[position];
  const Hash po_previous = event.po_previous == no_event ? 0 : view_.causality.hash(event.po_previous);
  const std::span<const Access> accesses = view_.trace.accesses(position);
  foresight_.learn(Foresight::standing(event.thread, po_previous), accesses, [&](ObjectIndex object) {
    const auto access =
        std::find_if(accesses.begin(), accesses.end(), [&](const Access& a) { return a.object == object; });
    return found(object, access->last_write == no_access ? nullptr : &view_.trace.access(access->last_write));
  });
}

// Identifies the value that an object has after this write, or from the beginning (null).
Hash Optimal::found(ObjectIndex object, const Access* last_write) const {
  if (last_write == nullptr) return view_.machine.initial_value(object);
  const ObjectInfo& info = view_.machine.object(object);
  const bool in_word = info.format != WordFormat::Opaque || info.kind != ObjectKind::Variable;
  return in_word ? last_write->value : view_.causality.hash(last_write->event);
}

// Whether something is touched in a way that was not foreseen.
bool Optimal::exceeds(std::span<const Touch> touches, std::span<const Touch> foreseen) {
  return std::any_of(touches.begin(), touches.end(), [&](const Touch& touch) {
    return std::none_of(foreseen.begin(), foreseen.end(), [&](const Touch& expected) {
      return expected.object == touch.object && expected.kind >= touch.kind;
    });
  });
}

// What a head touches is certain only now that it has run.
void Optimal::settle_head(ScheduledStep& head, EventIndex position) {
  Slot& origin = slots_[slot_];
  Slot& slot = slots_[position];
  const Schedule& schedule = origin.schedules[origin.started - 1];
  const std::span<const Touch> foreseen = foreseen_of(origin, schedule);
  slot.foreseen.assign(foreseen.begin(), foreseen.end());
  if (head.hash == 0) {
    head.hash = view_.causality.hash(position);
    head.first_touch = static_cast<std::uint32_t>(origin.touches.size());
    head.touches = view_.trace[position].access_count;
    for (const Access& access : view_.trace.accesses(position))
      origin.touches.push_back({access.object, access.kind});
  }
  slot.origin = exceeds(touches_of(origin, head), slot.foreseen) ? slot_ : no_event;
}

// ---- sleeping ---------------------------------------------------------------------------------------

// The next step of the thread would complete a sequence that has been explored.
bool Optimal::asleep(ThreadIndex thread) const {
  for (const Sleeper sleeper : active_) {
    unsigned remaining = 0;
    bool mine = false;
    for (const ScheduledStep& step : steps_of(sleeper)) {
      if (step.number <= view_.trace.events_of(step.thread)) continue;
      ++remaining;
      mine = step.thread == thread;
    }
    if (remaining == 1 && mine) return true;
  }
  return false;
}

// Whether the sequence still sleeps after the event: the event is its next step of that thread, or is
// independent of all its remaining steps.
bool Optimal::survives(Sleeper sleeper, EventIndex event) const {
  const Event& e = view_.trace[event];
  const Slot& slot = slots_[sleeper.slot];
  for (const ScheduledStep& step : steps_of(sleeper))
    if (step.thread == e.thread && step.number >= e.number)
      return step.number == e.number && step.hash == view_.causality.hash(event);
  for (const ScheduledStep& step : steps_of(sleeper)) {
    if (step.number <= view_.trace.events_of(step.thread)) continue;
    for (const Touch& touch : touches_of(slot, step))
      for (const Access& access : view_.trace.accesses(event))
        if (touch.object == access.object && conflicting(touch.kind, access.kind)) return false;
  }
  return true;
}

bool Optimal::spent(Sleeper sleeper) const {
  for (const ScheduledStep& step : steps_of(sleeper))
    if (step.number > view_.trace.events_of(step.thread)) return false;
  return true;
}

// Removes the sleepers that the event wakes. Returns whether it completes one of the others.
Optimal::Completed Optimal::wake(EventIndex event) {
  if (active_.empty()) return Completed::Nothing;
  std::erase_if(active_, [&](Sleeper sleeper) { return !survives(sleeper, event); });
  Completed completed = Completed::Nothing;
  std::erase_if(active_, [&](Sleeper sleeper) {
    if (!spent(sleeper)) return false;
    if (is_displaced(sleeper)) completed = Completed::Displaced;
    else if (completed == Completed::Nothing) completed = Completed::Schedule;
    return true;
  });
  return completed;
}

// ---- backtracking -----------------------------------------------------------------------------------

bool Optimal::backtrack() {
  was_wasted_ = wasted_from_ != no_event;
  redundant_ = false;
  cursor_ = length_ = 0;
  for (EventIndex position = view_.trace.size(); position-- > 0;) {
    const Event& event = view_.trace[position];
    if (event.kind == OperationKind::Choose && !slots_[position].scheduled &&
        event.alternative + 1u < event.alternatives) {
      prefix_ = fresh_ = position;
      alternative_ = event.alternative + 1u;
      preferred_ = slots_[position].preferred;
      active_.assign(slots_[position].sleepers.begin(), slots_[position].sleepers.end());
    } else if (slots_[position].started < slots_[position].claimed()) {
      start_schedule(position);
    } else {
      continue;
    }
    while (!heads_.empty() && heads_.back() >= prefix_) heads_.pop_back();
    if (wasted_from_ >= prefix_) wasted_from_ = no_event;
    return true;
  }
  return false;
}

void Optimal::start_schedule(EventIndex position) {
  Slot& slot = slots_[position];
  if (slot.displaced == no_step) {
    slot.displaced = static_cast<std::uint32_t>(slot.steps.size());
    add_step(slot, position);
  }
  active_.clear();
  collect_sleepers(position, slot.started, active_);
  slot_ = position;
  cursor_ = 0;
  length_ = slot.schedules[slot.started].steps;
  ++slot.started;
  prefix_ = position;
  fresh_ = position + length_ - 1;
  preferred_ = {};
  alternative_ = 0;
}

double Optimal::explored_share() const {
  double share = 0;
  double weight = 1;
  for (EventIndex position = 0; position < view_.trace.size(); ++position) {
    const Event& event = view_.trace[position];
    const Slot& slot = slots_[position];
    double branches = 1.0 + slot.claimed();
    double done = slot.started;
    if (event.kind == OperationKind::Choose && !slot.scheduled) {
      branches = event.alternatives;
      done = event.alternative;
    }
    weight /= branches;
    share += done * weight;
  }
  return share;
}

}  // namespace heddle::checker
