// checker/explore/optimal.hpp - explores each Mazurkiewicz trace exactly once.
//
// Parsimonious optimal DPOR: Abdulla, Atig, Das, Jonsson, Sagonas, "Parsimonious Optimal Dynamic Partial
// Order Reduction" (CAV'24), on the basis of "Source Sets" (JACM'17), extended to steps that touch
// several objects and to steps that block.
//
// After each execution every race between an event i and a later event j is reversed: the events between
// them that j depends on but that do not depend on i, followed by j's step as the *head*, form a
// *schedule* that replaces i and everything after it. Three rules make this optimal:
//   - parsimony: a race is reversed only in the one execution where i was not itself scheduled and every
//     earlier head between i and j is part of the schedule;
//   - sleep sequences: a schedule that contains one claimed before at the same place is redundant;
//   - after the head the thread of the displaced event i runs first, which wakes what sleeps.
//
// Parsimony supposes that a head touches what its step touched where the race was found. A step of several
// accesses can touch more once it runs earlier, because it reads other values; races on what it has *grown*
// by were never seen. They are reversed from where its schedule began: what the later step depends on and
// that step become one more schedule there, after which the rest of the grown head's own schedule and then
// the head run first. Where a grown head completes a schedule that sleeps, everything that follows has been
// explored; it is gone through once more, without being counted, for the races with that head. That is not
// needed where what slept is the displaced event itself: its races were reversed when it ran unscheduled.
//
// What a step of several accesses is going to touch is often known, because it has found the same values
// before (Foresight). A schedule whose head then completes what sleeps or has been claimed does not run, but
// the races that the head would have with events before it are reversed as if it had: moved, it may have new
// ones.
//
// The thread of the displaced event wakes nothing when it has to wait, as a wake-up does for a mutex. Where
// all that could run sleeps then, a sleeping thread runs nevertheless, without being counted: what it can
// overtake has not been explored.
//
// Schedules claimed at position i wait in slot i; the deepest slot is emptied first, so that every
// waiting schedule shares the current path up to its slot. Memory is bounded by the schedules waiting
// along one path, whatever the number of executions.
//
// A choose() is not a race: its alternatives are tried in turn at its own slot.
#pragma once

#include "checker/explore/foresight.hpp"
#include "checker/explore/strategy.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace heddle::checker {

class Optimal final : public Strategy {
 public:
  explicit Optimal(View view) : view_(view) {}

  EventIndex prefix() const override { return prefix_; }
  Decision next(ThreadSet enabled) override;
  bool executed() override;
  bool end_of_execution() override;
  bool exhaustive() const override { return true; }
  bool lets_loops_go_on() const override { return false; }
  bool wasted() const override { return was_wasted_; }
  double explored_share() const override;

 private:
  using Touch = Foresight::Touch;
  struct ScheduledStep {
    Hash hash;             // of the event it is going to be; 0 while unknown: then it may touch other objects
    std::uint32_t number;  // position in its thread
    std::uint32_t first_touch;
    std::uint32_t touches;
    ThreadIndex thread;
    std::uint8_t alternative;
  };
  struct Schedule {
    std::uint32_t first_step;
    std::uint32_t steps;
    std::uint32_t first_preferred;  // threads that run first after it: that of the event it displaces, or
    std::uint32_t preferred;        // those that lead to a grown head
    std::uint32_t first_foreseen;   // what the head touched where the race was found
    std::uint32_t foreseen;
  };
  // A sequence of a slot's steps: what it would lead to has been explored.
  struct Sleeper {
    EventIndex slot;
    std::uint32_t first_step;
    std::uint32_t steps;
  };
  // What slept until an event that was its last step: an event that schedules have displaced, or a schedule.
  enum class Completed : std::uint8_t { Nothing, Schedule, Displaced };
  // Threads still to be run first, in the slot whose schedule asked for it.
  struct Preferred {
    EventIndex slot = 0;
    std::uint32_t next = 0;
    std::uint32_t end = 0;
  };
  static constexpr std::uint32_t no_step = ~std::uint32_t{0};
  // One per position of the path.
  struct Slot {
    bool scheduled = false;            // the event here is part of a schedule
    Preferred preferred;               // run first from here
    std::vector<Sleeper> sleepers;     // before the event here
    std::vector<Schedule> schedules;   // claimed here
    std::vector<ThreadIndex> threads;  // preferred after the schedules
    std::vector<ScheduledStep> steps;
    std::vector<Touch> touches;
    std::uint32_t started = 0;          // schedules begun so far
    std::uint32_t displaced = no_step;  // step of the event that schedules here replace, once one has
    EventIndex origin = no_event;       // the event here is a grown head: where its schedule begins,
    std::vector<Touch> foreseen;        // and what it was expected to touch

    std::uint32_t claimed() const { return static_cast<std::uint32_t>(schedules.size()); }
    void forget_schedules();
  };
  // The later step of a race: an event, or what a thread blocked at the end waits for.
  struct Later {
    EventIndex position;
    ThreadIndex thread;
    std::uint32_t number;
    EventIndex po_previous;
    OperationKind kind;
    Word expected;
    bool atomic_step;
  };
  // The head of a schedule that need not run, because what it leads to is known: only the races that it would
  // have with earlier events count.
  struct ForeseenHead {
    Later step;
    EventIndex start;  // of the schedule: of the events from there on only those in it precede it
    std::vector<ClockValue> needed;  // the clock of what precedes it
    std::vector<Touch> touches;
  };
  struct LaterTouch {
    ObjectIndex object;
    AccessKind kind;
    AccessIndex previous;  // newest earlier access of the object
    AccessIndex cursor;
  };

  std::span<const ScheduledStep> steps_of(Sleeper sleeper) const {
    return {slots_[sleeper.slot].steps.data() + sleeper.first_step, sleeper.steps};
  }
  std::span<const Touch> touches_of(const Slot& slot, const ScheduledStep& step) const {
    return {slot.touches.data() + step.first_touch, step.touches};
  }
  static std::span<const Touch> foreseen_of(const Slot& slot, const Schedule& schedule) {
    return {slot.touches.data() + schedule.first_foreseen, schedule.foreseen};
  }
  static bool exceeds(std::span<const Touch> touches, std::span<const Touch> foreseen);
  void learn(EventIndex position);
  void settle_head(ScheduledStep& head, EventIndex position);
  bool asleep(ThreadIndex thread) const;
  bool survives(Sleeper sleeper, EventIndex event) const;
  bool spent(Sleeper sleeper) const;
  bool is_displaced(Sleeper sleeper) const { return slots_[sleeper.slot].displaced == sleeper.first_step; }
  Completed wake(EventIndex event);

  void reverse_races(EventIndex position);
  void reverse_blocked(ThreadIndex thread);
  void reverse_races_of(const Later& later);
  void reverse_foreseen();
  bool happened(EventIndex event) const;
  AccessIndex newest_happened(AccessIndex access) const;
  EventIndex next_race(const Later& later);
  AccessIndex newest_unordered(const Later& later, const LaterTouch& touch) const;
  bool reverse(const Later& later, EventIndex earlier);
  EventIndex start_of_reversal(EventIndex earlier) const;
  bool only_by_growth(const Later& later, EventIndex earlier) const;
  bool select_predecessors(const Later& later, EventIndex earlier, EventIndex start, std::uint64_t dropped);
  bool in_schedule(EventIndex event) const;
  bool enabled_after_schedule(const Later& later, EventIndex start) const;
  bool succeeds_after_schedule(const Later& later, EventIndex start) const;
  const sync::Rule& rule_of(const Later& later, ObjectIndex object) const;
  Word word_before_head(const LaterTouch& touch, EventIndex start) const;
  const Access* last_write_before_head(AccessIndex newest, EventIndex start, Hash* reads) const;
  bool parsimonious(const Later& later, EventIndex earlier) const;
  void claim(const Later& later, EventIndex earlier, EventIndex start);
  void add_step(Slot& slot, EventIndex position);
  void add_head(Slot& slot, const Later& later, EventIndex start);
  AccessIndex newest_before(const Later& later, ObjectIndex object) const;
  Hash found(ObjectIndex object, const Access* last_write) const;
  bool is_known(const Later& later, EventIndex start, const Schedule& candidate);
  bool contains_known(EventIndex position, const Schedule& candidate, bool grown);
  bool repeats_known(Slot& slot, const Schedule& candidate);
  bool contains(const Slot& slot, const Schedule& candidate, Sleeper known,
                std::span<const std::uint32_t> progress) const;

  void collect_sleepers(EventIndex position, std::uint32_t schedules, std::vector<Sleeper>& sleepers) const;
  bool backtrack();
  void start_schedule(EventIndex position);

  View view_;
  std::vector<Slot> slots_;
  std::vector<EventIndex> heads_;  // on the path, ascending
  EventIndex prefix_ = 0;
  EventIndex fresh_ = 0;         // races of events from here on are new
  std::vector<Sleeper> active_;  // sleepers at the current position
  Preferred preferred_;
  bool redundant_ = false;             // a sleeping sequence was completed: abandon the execution
  EventIndex wasted_from_ = no_event;  // the same, here: go on for the races that there are nevertheless
  bool was_wasted_ = false;            // of the execution that has ended

  EventIndex slot_ = no_event;  // whose schedule is being run
  std::uint32_t cursor_ = 0;    // its next step
  std::uint32_t length_ = 0;
  Foresight foresight_;
  unsigned alternative_ = 0;  // for the choose() to repeat with its next alternative

  // Scratch of race reversal.
  std::vector<ClockValue> covered_;
  std::vector<ClockValue> needed_;  // clock of what precedes the head
  std::vector<LaterTouch> touches_;
  std::vector<EventIndex> skipped_;  // conflicting, but the later step cannot run before them
  std::vector<EventIndex> optional_;
  std::vector<Hash> tried_;
  std::vector<Sleeper> known_;
  std::vector<ForeseenHead> foreseen_heads_;
  const ForeseenHead* foreseen_ = nullptr;  // whose races are looked at
};

}  // namespace heddle::checker
