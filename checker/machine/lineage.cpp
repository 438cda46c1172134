#include "checker/machine/lineage.hpp"

#include <algorithm>

namespace heddle::checker {

ThreadIndex Lineage::child(ThreadIndex parent, unsigned nth) {
  auto& children = children_[parent];
  if (nth < children.size()) return children[nth];
  if (names_.size() == threads_max) return no_thread;
  const auto thread = static_cast<ThreadIndex>(names_.size());
  const std::string position = std::to_string(nth + 1);
  paths_.push_back(parent == main_thread ? position : paths_[parent] + "." + position);
  names_.push_back("T" + paths_.back());
  children.push_back(thread);
  return thread;
}

ObjectIndex Lineage::object(ThreadIndex creator, unsigned nth) {
  auto& created = created_[creator];
  if (nth == created.size()) created.push_back(objects_++);
  return created[nth];
}

ObjectIndex Lineage::companion(ObjectIndex object) {
  if (object >= companions_.size()) companions_.resize(object + 1, no_object);
  if (companions_[object] == no_object) companions_[object] = objects_++;
  return companions_[object];
}

ThreadIndex Lineage::find_path(std::string_view path) const {
  const auto found = std::find(paths_.begin(), paths_.end(), path);
  return found == paths_.end() ? no_thread : static_cast<ThreadIndex>(found - paths_.begin());
}

}  // namespace heddle::checker
