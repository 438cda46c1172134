// checker/machine/objects.cpp - the objects of a scenario: how they begin and end, and join it from outside.
//
// From outside every execution starts with the values that they have there.

#include "checker/machine/machine.hpp"
#include "checker/machine/misuse.hpp"
#include "checker/sync/once.hpp"
#include "checker/sync/waiters.hpp"

namespace heddle::checker {

void Machine::created(detail::Object& object, Word initial, std::string_view name) {
  const InChecker checker;
  if (abandoning_) return;
  Thread& maker = threads_[running_];
  const unsigned nth = maker.objects++;
  object.machine_ = serial_;
  object.index_ = lineage_.object(running_, nth);
  if (!objects_.known(object.index_, object.kind_, name)) {
    const std::string lineage =
        (running_ == main_thread ? "" : lineage_.path(running_) + ".") + std::to_string(nth + 1);
    objects_.define(object.index_, object.kind_, name, lineage);
  }
  objects_.print_as(object.index_, object.format_);
  memory_.define(object.index_, object.kind_, initial);
  lives_.begin(object.index_,
               {.address = &object, .maker = running_, .steps = maker.performed, .children = maker.children});
  if (object.index_ < freed_.size()) freed_[object.index_] = no_event;
}

void Machine::destroyed(detail::Object& object) noexcept {
  const InChecker checker;
  if (!knows(object)) return;
  if (lives_[object.index_].maker == no_thread)
    for (External& external : externals_)
      if (external.object == object.index_) external.restore = nullptr;
  if (abandoning_ || running_ == no_thread) return;
  const std::string text = destruction_text(object.index_, *this);
  if (!text.empty()) report({.kind = DefectKind::MutexMisuse, .object = object.index_, .text = text});
  if (memory_of(object.index_) != object.index_) return;  // giving that back ends it
  const bool counted = ScenarioMemory::block_around(&object) != nullptr && in_shared_ptr_dispose(storage_);
  lives_.end(object.index_, running_, event_, counted);
}

void Machine::give_back(Heap& home, void* memory, Heap* heap) noexcept {
  Block* const block = home.block_at(memory);
  if (block == nullptr) {
    // Who is not a thread of the scenario has a pointer to what was here in an earlier execution.
    if (heap != nullptr) report_wrong_free(memory);
    return;
  }
  if (!block->live) return report_second_free(block->size, block->thread);
  (heap == nullptr ? home : *heap).give_back(*block);
}

bool Machine::give_back_of_system(void* memory) noexcept {
  survivors_.forget(memory);
  LentMemory::Block* const block = lent_.block_at(memory);
  if (block == nullptr) {
    if (!lent_.has_around(memory) && !survivors_.is_static(memory)) return false;
    report_wrong_free(memory);
    return true;
  }
  if (block->live) block->live = false;
  else report_second_free(block->size, block->thread);
  return true;
}

void Machine::report_second_free(std::size_t size, ThreadIndex thread) {
  report({.kind = DefectKind::UseAfterFree,
          .at_rest = true,  // it takes the one who gave it back first as well
          .text = "gives " + std::to_string(size) + " bytes back a second time that " +
                  lineage_.name(thread) + " had allocated"});
}

void Machine::report_wrong_free(const void* memory) {
  const Block* const block = ScenarioMemory::block_around(memory);
  report({.kind = DefectKind::UseAfterFree,
          .text = "gives back " +
                  (block == nullptr ? "memory" : pointer_text(reinterpret_cast<Word>(memory))) +
                  ", where nothing that was allocated begins"});
}

ObjectIndex Machine::join(detail::Object& object, Word outside) {
  const InChecker checker;
  if (abandoning_) return object.index_;
  if (const ObjectIndex gone = lives_.last_at(&object); gone != no_object) return gone;
  object.machine_ = serial_;
  object.index_ = lineage_.external_object();
  objects_.define(object.index_, object.kind_, object.name_,
                  "outside." + std::to_string(externals_.size() + 1));
  objects_.print_as(object.index_, object.format_);
  memory_.define(object.index_, object.kind_, outside);
  lives_.begin(object.index_, {.address = &object});
  externals_.push_back({object.index_, outside, nullptr});
  return object.index_;
}

// A copy: what the scenario has made lies in its own heap.
void Machine::restore_later(detail::Object& object, const std::function<void()>& restore) {
  const InChecker checker;
  if (abandoning_) return;
  index_of(object, 0);
  externals_.back().restore = restore;
}

void Machine::restore_externals() {
  for (const External& external : externals_) {
    memory_.define(external.object, objects_[external.object].kind, external.initial);
    if (external.restore != nullptr) external.restore();
  }
}

std::vector<std::pair<std::string, unsigned>> Machine::watched() const {
  std::vector<std::pair<std::string, unsigned>> all;
  for (ObjectIndex object = 0; object < objects_.size(); ++object) {
    if (objects_[object].name.empty() || object == reference_list_ || owner_of(object) != object) continue;
    const std::string_view name = plural_name(objects_[object].kind);
    auto known = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.first == name; });
    if (known == all.end()) known = all.insert(all.end(), {std::string(name), 0});
    ++known->second;
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::string Machine::pointer_text(Word pointer) const {
  if (pointer == 0) return "null";
  const auto* const address = reinterpret_cast<const std::byte*>(pointer);
  if (const Block* const block = ScenarioMemory::block_around(address)) {
    std::string text =
        "node#" + lineage_.name(block->home->thread()) + "." + std::to_string(block->home->place_of(*block));
    if (address != block->begin) text += "+" + std::to_string(address - block->begin);
    return text;
  }
  for (ObjectIndex object = 0; object < lives_.size(); ++object)
    if (lives_[object].address == address && object < objects_.size() && !objects_[object].name.empty())
      return "&" + objects_[object].name;
  return "non-null";
}

// From outside: it does not matter who comes to it first.
detail::Object& Machine::guard_of(const void* guard) {
  const InChecker checker;
  std::unique_ptr<detail::Object>& object = guards_[guard];
  if (object == nullptr) {
    detail::current_machine = nullptr;
    object =
        std::make_unique<detail::Object>(ObjectKind::Once, "static", sync::not_begun, WordFormat::Opaque);
    detail::current_machine = this;
  }
  return *object;
}

ObjectIndex Machine::waiters_of(ObjectIndex atomic) {
  const InChecker checker;
  if (atomic >= waiters_.size()) waiters_.resize(atomic + 1, no_object);
  if (waiters_[atomic] == no_object) {
    waiters_[atomic] = lineage_.companion(atomic);
    const std::string& name = objects_[atomic].name;
    if (!objects_.known(waiters_[atomic], ObjectKind::Waiters, name))
      objects_.define(waiters_[atomic], ObjectKind::Waiters, name, {});
    memory_.define(waiters_[atomic], ObjectKind::Waiters, sync::nobody_waits);
    if (waiters_[atomic] >= owners_.size()) owners_.resize(waiters_[atomic] + 1, no_object);
    owners_[waiters_[atomic]] = atomic;
  }
  return waiters_[atomic];
}

}  // namespace heddle::checker
