// checker/memory/coherence.hpp - the coherence order of the writes in a trace.
//
// Under sequential consistency it is the order of the trace. Under other models a write may come before one
// that the trace has already; the trace is then an order in which nothing reads from the future, and this is
// kept beside it. Like the trace it grows and is cut back at its end.
#pragma once

#include "checker/core/trace.hpp"

#include <vector>

namespace heddle::checker {

class Coherence {
 public:
  // The newest write of the object, or no_access for its initial value.
  AccessIndex newest(ObjectIndex object) const {
    return object < newest_.size() ? newest_[object] : no_access;
  }
  // The write after this one, or no_access.
  AccessIndex newer(AccessIndex write) const { return links_[write].newer; }
  // The write before this one, or no_access.
  AccessIndex older(AccessIndex write) const { return links_[write].older; }

  // How many writes are newer than this one; no_access stands for the initial value.
  std::uint32_t age(ObjectIndex object, AccessIndex write) const {
    std::uint32_t count = 0;
    for (AccessIndex w = newest(object); w != write; w = links_[w].older) ++count;
    return count;
  }
  // The write that so many are newer than. Returns false when there are not so many.
  bool find(ObjectIndex object, std::uint32_t age, AccessIndex& write) const {
    write = newest(object);
    for (; age > 0 && write != no_access; --age) write = links_[write].older;
    return age == 0;
  }
  // Puts a write of the trace after `older`. REQUIRES: no later access is known.
  void insert(AccessIndex write, ObjectIndex object, AccessIndex older) {
    if (object >= newest_.size()) newest_.resize(object + 16, no_access);
    links_.resize(write + 1, {no_access, no_access, no_object});
    const AccessIndex newer = age(object, older) == 0 ? no_access : newer_than(object, older);
    links_[write] = {older, newer, object};
    (newer == no_access ? newest_[object] : links_[newer].older) = write;
    if (older != no_access) links_[older].newer = write;
  }
  // Forgets the accesses from `size` on.
  void truncate(AccessIndex size) {
    for (; links_.size() > size; links_.pop_back()) {
      const Link link = links_.back();
      if (link.object == no_object) continue;
      (link.newer == no_access ? newest_[link.object] : links_[link.newer].older) = link.older;
      if (link.older != no_access) links_[link.older].newer = link.newer;
    }
  }

 private:
  struct Link {
    AccessIndex older;
    AccessIndex newer;
    ObjectIndex object;  // no_object: not a write
  };
  AccessIndex newer_than(ObjectIndex object, AccessIndex write) const {
    if (write != no_access) return links_[write].newer;
    AccessIndex oldest = newest(object);
    while (links_[oldest].older != no_access) oldest = links_[oldest].older;
    return oldest;
  }

  std::vector<Link> links_;
  std::vector<AccessIndex> newest_;  // by object
};

}  // namespace heddle::checker
