// checker/explore/optimal_races.cpp - the half of Optimal that looks at an execution that has ended: which
// races it has, and which schedules reverse them.

#include "checker/core/internal_error.hpp"
#include "checker/explore/optimal.hpp"

#include <algorithm>

namespace heddle::checker {

namespace {

// More conflicting events that cannot be passed than this are not tried in all combinations: no
// primitive has steps that wait for more objects.
constexpr std::size_t optional_max = 12;

// The newest access before this one that conflicts with another of this kind: a read with nothing but writes.
constexpr AccessIndex conflict_before(const Access& access, AccessKind kind) {
  return kind == AccessKind::Write ? access.previous : access.last_write;
}

}  // namespace

bool Optimal::end_of_execution() {
  const EventIndex end = view_.trace.size();
  if (!redundant_) {
    for (EventIndex event = fresh_; event < end; ++event) reverse_races(event);
    for (const ThreadIndex thread : view_.machine.unfinished() - view_.machine.enabled())
      reverse_blocked(thread);
  } else if (cursor_ == length_) {
    reverse_races(end - 1);  // of the head: it may have slept since an earlier one
  }
  return backtrack();
}

void Optimal::reverse_races(EventIndex position) {
  const Event& event = view_.trace[position];
  if (event.access_count == 0) return;
  touches_.clear();
  for (const Access& access : view_.trace.accesses(position)) {
    touches_.push_back({access.object, access.kind, access.previous, conflict_before(access, access.kind)});
  }
  reverse_races_of({position, event.thread, event.number, event.po_previous, event.kind, event.expected,
                    event.atomic_step});
  if (event.atomic_step) reverse_foreseen();
}

void Optimal::reverse_foreseen() {
  while (!foreseen_heads_.empty()) {
    const ForeseenHead head = std::move(foreseen_heads_.back());
    foreseen_heads_.pop_back();
    foreseen_ = &head;
    touches_.clear();
    for (const Touch& touch : head.touches) {
      const AccessIndex newest = newest_before(head.step, touch.object);
      AccessIndex conflict = newest;
      if (newest != no_access && !conflicting(view_.trace.access(newest).kind, touch.kind))
        conflict = view_.trace.access(newest).last_write;
      touches_.push_back({touch.object, touch.kind, newest, conflict});
    }
    reverse_races_of(head.step);
    foreseen_ = nullptr;
  }
}

// Whether the event is before the step whose races are looked at.
bool Optimal::happened(EventIndex event) const {
  if (foreseen_ == nullptr || event < foreseen_->start) return true;
  return foreseen_->needed[view_.trace[event].thread] >= view_.trace[event].number;
}

AccessIndex Optimal::newest_happened(AccessIndex access) const {
  while (access != no_access && !happened(view_.trace.access(access).event))
    access = view_.trace.access(access).previous;
  return access;
}

void Optimal::reverse_blocked(ThreadIndex thread) {
  const Operation& op = view_.machine.pending(thread);
  // Nothing can overtake the end of a thread, and what a loop has read in vain are events.
  if (op.kind == OperationKind::Join || op.kind == OperationKind::Assume || op.kind == OperationKind::Spin)
    return;
  touches_.clear();
  const AccessKind kind = access_of(op.kind, true);
  for (const ObjectIndex object : sync::objects_of(op)) {
    const AccessIndex newest = view_.trace.newest(object);
    AccessIndex conflict = newest;
    if (kind == AccessKind::Read && newest != no_access &&
        view_.trace.access(newest).kind == AccessKind::Read)
      conflict = view_.trace.access(newest).last_write;
    touches_.push_back({object, kind, newest, conflict});
  }
  reverse_races_of({view_.trace.size(), thread, view_.trace.events_of(thread) + 1,
                    view_.trace.last_of(thread), op.kind, op.expected, op.atomic_step});
}

void Optimal::reverse_races_of(const Later& later) {
  const ClockTable& clocks = view_.causality.clocks();
  covered_.resize(clocks.width());
  if (later.po_previous == no_event) clocks.clear(covered_.data());
  else clocks.copy(covered_.data(), clocks[later.po_previous]);
  skipped_.clear();
  for (EventIndex earlier = next_race(later); earlier != no_event; earlier = next_race(later)) {
    if (reverse(later, earlier)) clocks.join(covered_.data(), clocks[earlier]);
    else skipped_.push_back(earlier);
  }
}

// The newest event not looked at yet that conflicts with the later step and is not before it by way of
// something else.
EventIndex Optimal::next_race(const Later& later) {
  EventIndex newest = no_event;
  for (LaterTouch& touch : touches_) {
    touch.cursor = newest_unordered(later, touch);
    if (touch.cursor == no_access) continue;
    const EventIndex event = view_.trace.access(touch.cursor).event;
    if (newest == no_event || event > newest) newest = event;
  }
  if (newest == no_event) return no_event;
  for (LaterTouch& touch : touches_) {
    if (touch.cursor == no_access) continue;
    const Access& access = view_.trace.access(touch.cursor);
    if (access.event == newest) touch.cursor = conflict_before(access, touch.kind);
  }
  return newest;
}

AccessIndex Optimal::newest_unordered(const Later& later, const LaterTouch& touch) const {
  AccessIndex a = touch.cursor;
  while (a != no_access) {
    const Access& access = view_.trace.access(a);
    if (!happened(access.event)) {
      a = access.previous;
      continue;
    }
    const Event& event = view_.trace[access.event];
    if (event.thread != later.thread && covered_[event.thread] < event.number) return a;
    // What conflicts with the same object before an ordered write is ordered as well.
    if (access.kind == AccessKind::Write) return no_access;
    a = access.previous;  // of a read: so the touch is a write, and everything conflicts with it
  }
  return no_access;
}

// Reverses the race in every way there is. Returns false when the later step cannot run first.
bool Optimal::reverse(const Later& later, EventIndex earlier) {
  optional_.clear();
  for (const EventIndex event : skipped_)
    if (!view_.causality.before(earlier, event)) optional_.push_back(event);
  if (optional_.size() > optional_max) throw InternalError("too many events that a blocked step cannot pass");
  tried_.clear();
  const EventIndex start = start_of_reversal(earlier);
  bool reversible = false;
  for (std::uint64_t dropped = 0; dropped < std::uint64_t{1} << optional_.size(); ++dropped) {
    if (!select_predecessors(later, earlier, start, dropped)) continue;
    if (can_block(later.kind) && !enabled_after_schedule(later, start)) continue;
    reversible = true;
    if (parsimonious(later, earlier)) claim(later, earlier, start);
  }
  return reversible;
}

// Where a schedule that reverses a race with this event begins.
EventIndex Optimal::start_of_reversal(EventIndex earlier) const {
  const Slot& slot = slots_[earlier];
  return slot.scheduled && slot.origin != no_event ? slot.origin : earlier;
}

// Whether the later step conflicts with a grown head by what that has grown by, and would not conflict with
// what was foreseen of it. The later step may see what the head has grown by: a step of several accesses may
// have made those after that because of it, and one that can fail may have failed without it.
bool Optimal::only_by_growth(const Later& later, EventIndex earlier) const {
  const Slot& slot = slots_[earlier];
  if (slot.origin == no_event) return false;
  const auto foreseen = [&](ObjectIndex object) {
    AccessKind kind = AccessKind::None;
    for (const Touch& touch : slot.foreseen)
      if (touch.object == object) kind = std::max(kind, touch.kind);
    return kind;
  };
  bool by_growth = false;
  for (const LaterTouch& touch : touches_) {
    AccessKind certain = std::min(touch.kind, access_of(later.kind, false));
    if (later.atomic_step && &touch != &touches_.front())
      certain = by_growth ? AccessKind::None : AccessKind::Read;
    if (conflicting(certain, foreseen(touch.object))) return false;
    for (const Access& access : view_.trace.accesses(earlier))
      if (access.object == touch.object && conflicting(touch.kind, access.kind) &&
          access.kind > foreseen(access.object))
        by_growth = true;
  }
  return by_growth;
}

// Collects in needed_ what has to precede the head: what its thread has seen, and every conflicting event
// before it that does not depend on the earlier event of the race nor on one of the optional events that
// are dropped. False when that brings back a dropped one, or is the same as before.
bool Optimal::select_predecessors(const Later& later, EventIndex earlier, EventIndex start,
                                  std::uint64_t dropped) {
  const Causality& causality = view_.causality;
  const ClockTable& clocks = causality.clocks();
  needed_.resize(clocks.width());
  if (later.po_previous == no_event) clocks.clear(needed_.data());
  else clocks.copy(needed_.data(), clocks[later.po_previous]);
  const auto kept = [&](EventIndex event) {
    if (causality.before(earlier, event)) return false;
    for (std::size_t d = 0; d < optional_.size(); ++d)
      if ((dropped >> d & 1) != 0 && causality.before(optional_[d], event)) return false;
    return true;
  };
  for (const LaterTouch& touch : touches_) {
    for (AccessIndex a = touch.previous; a != no_access; a = view_.trace.access(a).previous) {
      const Access& access = view_.trace.access(a);
      if (access.event < start) break;
      if (conflicting(access.kind, touch.kind) && happened(access.event) && kept(access.event))
        clocks.join(needed_.data(), clocks[access.event]);
    }
  }
  if (optional_.empty()) return true;
  for (std::size_t d = 0; d < optional_.size(); ++d)
    if ((dropped >> d & 1) != 0 && in_schedule(optional_[d])) return false;
  Hash selection = 0;
  for (EventIndex event = start; event < later.position; ++event)
    if (in_schedule(event)) selection += mixed(causality.hash(event));
  if (std::find(tried_.begin(), tried_.end(), selection) != tried_.end()) return false;
  tried_.push_back(selection);
  return true;
}

// For an event from the start of the reversal on.
bool Optimal::in_schedule(EventIndex event) const {
  const Event& e = view_.trace[event];
  return needed_[e.thread] >= e.number;
}

// The last write of an object that the head sees when it runs after the schedule, or null; adds up the
// hashes of the reads after it.
const Access* Optimal::last_write_before_head(AccessIndex newest, EventIndex start, Hash* reads) const {
  for (AccessIndex a = newest; a != no_access; a = view_.trace.access(a).previous) {
    const Access& access = view_.trace.access(a);
    if (access.event >= start && !in_schedule(access.event)) continue;
    if (access.kind == AccessKind::Write) return &access;
    *reads += view_.causality.hash(access.event);
  }
  return nullptr;
}

// The object's word when the head runs after the schedule.
Word Optimal::word_before_head(const LaterTouch& touch, EventIndex start) const {
  Hash reads = 0;
  const Access* last = last_write_before_head(touch.previous, start, &reads);
  return last == nullptr ? view_.machine.initial_value(touch.object) : last->value;
}

bool Optimal::enabled_after_schedule(const Later& later, EventIndex start) const {
  if (later.kind == OperationKind::Join) return false;
  const sync::Call call{.thread = later.thread, .expected = later.expected};
  const auto lets = [&](const LaterTouch& touch) {
    const sync::Rule& rule = rule_of(later, touch.object);
    return rule.is_enabled(word_before_head(touch, start), call);
  };
  return std::all_of(touches_.begin(), touches_.end(), lets);
}

bool Optimal::succeeds_after_schedule(const Later& later, EventIndex start) const {
  const sync::Call call{.thread = later.thread, .expected = later.expected};
  return std::all_of(touches_.begin(), touches_.end(), [&](const LaterTouch& touch) {
    const sync::Rule& rule = rule_of(later, touch.object);
    if (rule.succeeds == nullptr) return true;
    return rule.succeeds(word_before_head(touch, start), call);
  });
}

const sync::Rule& Optimal::rule_of(const Later& later, ObjectIndex object) const {
  return sync::rule_of(later.kind, view_.machine.object(object).kind);
}

bool Optimal::parsimonious(const Later& later, EventIndex earlier) const {
  const EventIndex end = foreseen_ == nullptr ? later.position : foreseen_->start;
  if (earlier >= end) return false;  // part of the schedule
  if (slots_[earlier].scheduled && !only_by_growth(later, earlier)) return false;
  for (auto head = heads_.rbegin(); head != heads_.rend() && *head > earlier; ++head)
    if (*head < end && !in_schedule(*head)) return false;
  return true;
}

void Optimal::claim(const Later& later, EventIndex earlier, EventIndex start) {
  Slot& slot = slots_[start];
  const auto first_step = static_cast<std::uint32_t>(slot.steps.size());
  const auto first_preferred = static_cast<std::uint32_t>(slot.threads.size());
  const auto first_touch = slot.touches.size();
  for (EventIndex event = start; event < later.position; ++event)
    if (in_schedule(event)) add_step(slot, event);
  add_head(slot, later, start);
  for (EventIndex event = start; event <= earlier; ++event)
    if (!in_schedule(event)) slot.threads.push_back(view_.trace[event].thread);
  const Schedule candidate{first_step,
                           static_cast<std::uint32_t>(slot.steps.size()) - first_step,
                           first_preferred,
                           static_cast<std::uint32_t>(slot.threads.size()) - first_preferred,
                           static_cast<std::uint32_t>(slot.touches.size()),
                           static_cast<std::uint32_t>(touches_.size())};
  for (const LaterTouch& touch : touches_) slot.touches.push_back({touch.object, touch.kind});
  if (is_known(later, start, candidate)) {
    slot.steps.resize(first_step);
    slot.touches.resize(first_touch);
    slot.threads.resize(first_preferred);
    return;
  }
  slot.schedules.push_back(candidate);
}

void Optimal::add_step(Slot& slot, EventIndex position) {
  const Event& event = view_.trace[position];
  slot.steps.push_back({view_.causality.hash(position), event.number,
                        static_cast<std::uint32_t>(slot.touches.size()), event.access_count, event.thread,
                        event.alternative});
  for (const Access& access : view_.trace.accesses(position))
    slot.touches.push_back({access.object, access.kind});
}

void Optimal::add_head(Slot& slot, const Later& later, EventIndex start) {
  ScheduledStep head{0, later.number, static_cast<std::uint32_t>(slot.touches.size()), 0, later.thread, 0};
  const Hash po_previous = later.po_previous == no_event ? 0 : view_.causality.hash(later.po_previous);
  if (!later.atomic_step) {
    const AccessKind kind = access_of(later.kind, succeeds_after_schedule(later, start));
    for (const LaterTouch& touch : touches_) slot.touches.push_back({touch.object, kind});
  } else {
    const auto found_there = [&](ObjectIndex object) {
      Hash reads = 0;
      return found(object, last_write_before_head(newest_before(later, object), start, &reads));
    };
    const auto foreseen = foresight_.foresee(Foresight::standing(later.thread, po_previous), found_there);
    slot.touches.insert(slot.touches.end(), foreseen.begin(), foreseen.end());
  }
  head.touches = static_cast<std::uint32_t>(slot.touches.size()) - head.first_touch;
  if (head.touches > 0) head.hash = Causality::step_hash(later.thread, po_previous, later.kind, 0);
  for (const Touch& touch : touches_of(slot, head)) {
    Hash reads = 0;
    const Access* write = last_write_before_head(newest_before(later, touch.object), start, &reads);
    head.hash = Causality::with_access(head.hash, touch.object, touch.kind,
                                       write == nullptr ? 0 : view_.causality.hash(write->event), reads);
  }
  slot.steps.push_back(head);
}

// The newest access of the object before the later step of a race.
AccessIndex Optimal::newest_before(const Later& later, ObjectIndex object) const {
  for (const LaterTouch& touch : touches_)
    if (touch.object == object) return touch.previous;
  AccessIndex newest = view_.trace.newest(object);
  while (newest != no_access && view_.trace.access(newest).event >= later.position)
    newest = view_.trace.access(newest).previous;
  return newest_happened(newest);
}

// Whether what the candidate leads to has been explored or claimed. A step of several accesses can have races
// with earlier events that it had none with where this one was found: they are looked at then all the same.
bool Optimal::is_known(const Later& later, EventIndex start, const Schedule& candidate) {
  if (!later.atomic_step) return contains_known(start, candidate, false);
  Slot& slot = slots_[start];
  const ScheduledStep& head = slot.steps.back();
  const std::span<const Touch> touches = touches_of(slot, head);
  if (head.hash == 0 || !contains_known(start, candidate, exceeds(touches, foreseen_of(slot, candidate))))
    return repeats_known(slot, candidate);
  foreseen_heads_.push_back({later, start, needed_, {touches.begin(), touches.end()}});
  return true;
}

// Whether running the candidate from here would complete a sequence that has been explored or claimed; with a
// head that has grown, one that it need not complete for the races with that head.
bool Optimal::contains_known(EventIndex position, const Schedule& candidate, bool grown) {
  const Slot& slot = slots_[position];
  std::uint32_t progress[threads_max] = {};
  if (!slot.sleepers.empty())
    for (EventIndex event = 0; event < position; ++event) ++progress[view_.trace[event].thread];
  known_.clear();
  collect_sleepers(position, slot.claimed(), known_);
  return std::any_of(known_.begin(), known_.end(), [&](Sleeper sleeper) {
    return (!grown || is_displaced(sleeper)) && contains(slot, candidate, sleeper, progress);
  });
}

// What must not be completed after this position, once the first `schedules` schedules have been run.
void Optimal::collect_sleepers(EventIndex position, std::uint32_t schedules,
                               std::vector<Sleeper>& sleepers) const {
  const Slot& slot = slots_[position];
  sleepers.insert(sleepers.end(), slot.sleepers.begin(), slot.sleepers.end());
  if (slot.displaced != no_step) sleepers.push_back({position, slot.displaced, 1});
  for (std::uint32_t s = 0; s < schedules; ++s)
    sleepers.push_back({position, slot.schedules[s].first_step, slot.schedules[s].steps});
}

// Whether the very same schedule has been claimed: the same steps and then a head of the same thread. What
// both claims foresaw of the head is then all that was seen by each.
bool Optimal::repeats_known(Slot& slot, const Schedule& candidate) {
  const ScheduledStep* steps = slot.steps.data() + candidate.first_step;
  for (Schedule& known : slot.schedules) {
    const ScheduledStep* others = slot.steps.data() + known.first_step;
    if (known.steps != candidate.steps ||
        steps[candidate.steps - 1].thread != others[known.steps - 1].thread ||
        !std::equal(steps, steps + candidate.steps - 1, others,
                    [](const ScheduledStep& a, const ScheduledStep& b) { return a.hash == b.hash; }))
      continue;
    const std::span<const Touch> foreseen{slot.touches.data() + candidate.first_foreseen, candidate.foreseen};
    for (std::uint32_t t = known.first_foreseen; t < known.first_foreseen + known.foreseen; ++t) {
      Touch& touch = slot.touches[t];
      const auto same = std::find_if(foreseen.begin(), foreseen.end(),
                                     [&](const Touch& f) { return f.object == touch.object; });
      touch.kind = same == foreseen.end() ? AccessKind::None : std::min(touch.kind, same->kind);
    }
    return true;
  }
  return false;
}

bool Optimal::contains(const Slot& slot, const Schedule& candidate, Sleeper known,
                       std::span<const std::uint32_t> progress) const {
  const std::span<const ScheduledStep> steps{slot.steps.data() + candidate.first_step, candidate.steps};
  const std::span<const ScheduledStep> all = steps_of(known);
  const auto matches = [](const ScheduledStep& a, const ScheduledStep& b) {
    return a.thread == b.thread && a.number == b.number && a.hash == b.hash;
  };
  // The head of the known sequence has to be there: this fails for nearly all.
  if (std::none_of(steps.begin(), steps.end(),
                   [&](const ScheduledStep& s) { return matches(s, all.back()); }))
    return false;
  const Slot& owner = slots_[known.slot];
  std::vector<const ScheduledStep*> remaining;
  for (const ScheduledStep& step : all)
    if (step.number > progress[step.thread]) remaining.push_back(&step);
  for (const ScheduledStep& step : steps) {
    const auto same_thread = std::find_if(remaining.begin(), remaining.end(),
                                          [&](const ScheduledStep* r) { return r->thread == step.thread; });
    if (same_thread != remaining.end()) {
      if (!matches(**same_thread, step)) return false;
      remaining.erase(same_thread);
      continue;
    }
    for (const ScheduledStep* rest : remaining)
      for (const Touch& a : touches_of(owner, *rest))
        for (const Touch& b : touches_of(slot, step))
          if (a.object == b.object && conflicting(a.kind, b.kind)) return false;
  }
  return remaining.empty();
}

}  // namespace heddle::checker
