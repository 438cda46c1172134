// checker/machine/object_table.hpp - what is known of each object: its name, kind and how to print it.
#pragma once

#include "checker/core/ids.hpp"
#include "checker/core/operation.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace heddle::checker {

struct ObjectInfo {
  std::string name;        // as given, or "mutex#2"
  std::string_view given;  // into `name`, or empty: tells a given name from a made one
  ObjectKind kind = ObjectKind::Variable;
  WordFormat format = WordFormat::Opaque;
  bool alive = false;
};

class ObjectTable {
 public:
  // Called at every construction in every execution: costs one comparison when nothing changed.
  void define(ObjectIndex object, ObjectKind kind, std::string_view name, WordFormat format);
  void destroy(ObjectIndex object) { objects_[object].alive = false; }
  const ObjectInfo& operator[](ObjectIndex object) const { return objects_[object]; }

 private:
  std::deque<ObjectInfo> objects_;
};

}  // namespace heddle::checker
