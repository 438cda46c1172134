// checker/explore/foresight.hpp - what a step of several accesses is going to touch, known from those that
// ran.
//
// Such a step touches what it does because of what it reads. What its thread has seen before decides what it
// touches first; the value it finds there decides what comes next, and so on: a tree of decisions, of which
// each step that runs shows one path. A step that is going to find the values of a known path goes along it.
#pragma once

#include "checker/core/causality.hpp"

#include <span>
#include <unordered_map>
#include <vector>

namespace heddle::checker {

class Foresight {
 public:
  struct Touch {
    ObjectIndex object;
    AccessKind kind;
  };

  // Where a thread stands whose last event has this hash: what it does next depends on nothing but that and
  // the values it finds.
  static Hash standing(ThreadIndex thread, Hash po_previous) {
    return mixed(po_previous + 0x9e3779b97f4a7c15u * (thread + 1u));
  }

  // The step touched these objects in this order; `found(object)` identifies the value it found there.
  template <class Found>
  void learn(Hash standing, std::span<const Access> accesses, Found found) {
    if (next_.size() >= known_max) forget();
    for (const Access& access : accesses) {
      next_.try_emplace(standing, Next{access.object, 0});
      standing = mixed(standing + found(access.object));
    }
    if (!next_.try_emplace(standing, Next{no_object, static_cast<std::uint32_t>(touches_.size())}).second)
      return;
    for (const Access& access : accesses) touches_.push_back({access.object, access.kind});
  }

  // What the step will touch when it finds these values; nothing when that is not known.
  template <class Found>
  std::span<const Touch> foresee(Hash standing, Found found) const {
    std::size_t count = 0;
    for (auto next = next_.find(standing); next != next_.end(); next = next_.find(standing)) {
      if (next->second.object == no_object) return {touches_.data() + next->second.touches, count};
      standing = mixed(standing + found(next->second.object));
      ++count;
    }
    return {};
  }

 private:
  struct Next {
    ObjectIndex object;     // touched next; no_object: the step is over
    std::uint32_t touches;  // and this is all it has touched
  };
  static constexpr std::size_t known_max = 100'000;

  void forget() {
    next_.clear();
    touches_.clear();
  }

  std::unordered_map<Hash, Next> next_;
  std::vector<Touch> touches_;
};

}  // namespace heddle::checker
