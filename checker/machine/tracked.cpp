// checker/machine/tracked.cpp - objects that are not where they belong: memory whose life is watched, and
// ordinary objects that an atomic_ref makes visible.
//
// Memory that was given back is kept until the end of the execution, so that a scenario that uses it all the
// same does no harm and is reported. It holds objects, and an access to one of them conflicts with giving
// the memory back; one more object stands for the memory, so that giving it back twice is noticed as well.

#include "checker/machine/machine.hpp"

namespace heddle::checker {

void Machine::allocated(void* memory, std::size_t size, std::size_t alignment, void (*destroy)(void*),
                        location where) {
  const InChecker checker;
  auto object =
      std::make_unique<detail::Object>(ObjectKind::Memory, std::string_view(), 0, WordFormat::Opaque);
  const ObjectIndex index = object->index_;
  lives_.begin(index, {.address = object.get()});
  allocations_.push_back({std::move(object), memory, size, alignment, destroy, where, running_});
  if (index < freed_.size()) freed_[index] = no_event;
}

ObjectIndex Machine::memory_at(const void* address) const {
  if (abandoning_) return no_object;
  for (const Allocation& allocation : allocations_)
    if (allocation.memory == address) return allocation.object->index_;
  return no_object;
}

std::vector<ObjectIndex> Machine::objects_in(ObjectIndex memory) const {
  std::vector<ObjectIndex> objects;
  for (const Allocation& allocation : allocations_) {
    if (allocation.object->index_ != memory) continue;
    objects.push_back(memory);
    const auto* begin = static_cast<const char*>(allocation.memory);
    for (ObjectIndex object = 0; object < lives_.size(); ++object) {
      const auto* address = static_cast<const char*>(lives_[object].address);
      if (address >= begin && address < begin + allocation.size) objects.push_back(object);
    }
  }
  return objects;
}

ObjectIndex Machine::memory_of(ObjectIndex object) const {
  for (const Allocation& allocation : allocations_) {
    const ObjectIndex memory = allocation.object->index_;
    const std::vector<ObjectIndex> objects = objects_in(memory);
    if (std::find(objects.begin(), objects.end(), object) != objects.end()) return memory;
  }
  return object;
}

// Of events that are repeated the findings are there already.
void Machine::note_freed(const Operation& op, ThreadIndex thread) {
  const bool frees = op.kind == OperationKind::Free;
  const std::vector<ObjectIndex> given_back = frees ? objects_in(op.object) : std::vector<ObjectIndex>{};
  for (const ObjectIndex object : frees ? std::span(given_back) : sync::objects_of(op)) {
    // Of what is given back a second time only the memory itself is told.
    if (is_freed(object) && (!frees || object == op.object)) {
      const std::string& name = objects_[object].name;
      report({.kind = DefectKind::UseAfterFree,
              .event = event_,
              .thread = thread,
              .object = memory_of(object),
              .related = {freed_[object], event_, no_event},
              .text = frees ? "gives " + name + " back a second time"
                            : "uses " + name + " after its memory was given back",
              .where = op.where});
      return;
    }
    if (!frees) continue;
    if (object >= freed_.size()) freed_.resize(object + 1, no_event);
    freed_[object] = event_;
  }
}

// REQUIRES: abandoning_, so that what destructors do is void.
void Machine::release_memory() {
  const CurrentMachine current(*this);
  for (Allocation& allocation : allocations_) {
    if (!is_freed(allocation.object->index_) && allocation.destroy != nullptr)
      allocation.destroy(allocation.memory);
    ::operator delete (allocation.memory, std::align_val_t{allocation.alignment});
  }
  allocations_.clear();
  freed_.clear();
}

ObjectIndex Machine::references() {
  const InChecker checker;
  if (reference_list_ == no_object) {
    reference_list_ = lineage_.external_object();
    objects_.define(reference_list_, ObjectKind::Atomic, "atomic_ref", {});
    memory_.define(reference_list_, ObjectKind::Atomic, 0);
  }
  return reference_list_;
}

detail::Object* Machine::reference(const void* address) {
  const auto known = references_.find(address);
  return known == references_.end() ? nullptr : known->second.get();
}

detail::Object* Machine::add_reference(const void* address, Word value) {
  const InChecker checker;
  auto object = std::make_unique<detail::Object>(ObjectKind::Atomic, "", value, WordFormat::Signed);
  lives_.begin(object->index_, {.address = object.get()});  // is there before anybody refers to it
  return references_.emplace(address, std::move(object)).first->second.get();
}

}  // namespace heddle::checker
