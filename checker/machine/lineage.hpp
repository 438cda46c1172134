// checker/machine/lineage.hpp - names and numbers that do not depend on the interleaving.
//
// A thread is identified by the path of spawns that leads to it ("T1.2" is the second thread that T1
// starts), an object by the thread that created it and how many it had created before. Each such
// identity gets a dense number when it is first met; the numbers last for the whole exploration.
#pragma once

#include "checker/core/ids.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::checker {

class Lineage {
 public:
  Lineage() : names_{"main"}, paths_{"0"} {}

  // The nth (from 0) thread that `parent` starts; no_thread when there are too many.
  ThreadIndex child(ThreadIndex parent, unsigned nth);
  // The nth (from 0) object that `creator` makes.
  ObjectIndex object(ThreadIndex creator, unsigned nth);
  // An object that belongs to another one.
  ObjectIndex companion(ObjectIndex object);
  // An object that no thread of the scenario made.
  ObjectIndex external_object() { return objects_++; }

  const std::string& name(ThreadIndex thread) const { return names_[thread]; }  // "main", "T1.2"
  const std::string& path(ThreadIndex thread) const { return paths_[thread]; }  // "0", "1.2"
  // no_thread when no such thread has been met.
  ThreadIndex find_path(std::string_view path) const;
  ThreadIndex threads() const { return static_cast<ThreadIndex>(names_.size()); }

 private:
  std::vector<std::string> names_;
  std::vector<std::string> paths_;
  std::array<std::vector<ThreadIndex>, threads_max> children_;
  std::array<std::vector<ObjectIndex>, threads_max> created_;
  std::vector<ObjectIndex> companions_;
  ObjectIndex objects_ = 0;
};

}  // namespace heddle::checker
