// checker/machine/leaks.cpp - what a scenario has allocated and leaves behind.
//
// Tracked memory has to be given back. Other memory may be left to the end of the process, as long as
// something leads to it: a static variable, the caller of the exploration, or an object of Heddle's.

#include "checker/core/format.hpp"
#include "checker/machine/machine.hpp"
#include "checker/machine/reach.hpp"

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::checker {

void Machine::report_leaks() {
  for (const Allocation& allocation : allocations_) {
    const ObjectIndex object = allocation.object->index_;
    if (is_freed(object)) continue;
    report({.kind = DefectKind::Leak,
            .event = event_,
            .thread = allocation.thread,
            .object = object,
            .at_rest = true,
            .text = "never gives " + objects_[object].name + " back, which it allocated",
            .where = allocation.where});
  }
  report_lost_blocks();
}

// What the objects of Heddle's hold: values are no words of memory.
void Machine::add_values(Reach& reach) const {
  const auto add = [&](const void* holder, Word value) {
    if (reach.target(value) == nullptr) return;
    if (const Block* const block = ScenarioMemory::block_around(holder)) reach.add(*block, value);
    else reach.from(value);
  };
  for (ObjectIndex object = 0; object < lives_.size(); ++object) {
    const Life& life = lives_[object];
    // With std::atomic a static variable need not be destroyed, and is there to the end.
    const bool ended = life.ended && !survivors_.is_static(life.address);
    if (life.address == nullptr || ended || is_freed(object)) continue;
    const Word value = memory_.peek(object);
    add(life.address, value);
    const std::string_view wide = wide_values_.bytes_of(value);
    for (std::size_t at = 0; at + sizeof value <= wide.size(); at += sizeof value) {
      Word part;
      std::memcpy(&part, wide.data() + at, sizeof part);
      add(life.address, part);
    }
  }
}

// Of blocks that lead to each other one is told. What has gone wrong leaves memory behind as well.
void Machine::report_lost_blocks() {
  if (!storage_.any_live() || !execution_.findings.empty()) return;
  Reach kept(storage_);
  add_values(kept);
  // Tracked memory is there to the end, given back or not.
  for (const Allocation& allocation : allocations_)
    kept.from(reinterpret_cast<std::uintptr_t>(allocation.memory));
  survivors_.mark(kept);
  std::vector<const Block*> lost;
  for (ThreadIndex thread = 0; thread < storage_.threads(); ++thread)
    for (const Block& block : storage_.heap(thread).blocks())
      if (block.live && !kept.contains(block)) lost.push_back(&block);
  if (lost.empty()) return;
  // First those that no other one leads to; what is left then goes round in circles.
  Reach inner(storage_);
  Reach told(storage_);
  add_values(inner);
  add_values(told);
  for (const Block* const block : lost) inner.from(*block);
  for (const bool circles : {false, true}) {
    for (const Block* const block : lost) {
      if (told.contains(*block) || (!circles && inner.contains(*block))) continue;
      report_lost(*block);
      told.from(reinterpret_cast<std::uintptr_t>(block->begin));
      told.follow();
    }
  }
}

void Machine::report_lost(const Block& block) {
  const bool begun = block.event != no_event && execution_.trace[block.event].thread == block.thread;
  std::string text = pointer_text(reinterpret_cast<Word>(block.begin)) + ", " + std::to_string(block.size) +
                     " bytes that " + lineage_.name(block.thread) + " allocated ";
  location where;
  if (begun) {
    const Event& before = execution_.trace[block.event];
    where = before.where;
    text += "after " + std::string(to_string(before.kind)) +
            (before.object == no_object ? "" : " " + objects_[before.object].name) + place_text(where);
  } else {
    text += "before its first operation";
  }
  report({.kind = DefectKind::Leak,
          .event = event_,
          .thread = block.thread,
          .at_rest = true,
          .advisory = true,
          .text = text + ", is never given back, and nothing leads there at the end",
          .where = where});
}

}  // namespace heddle::checker
