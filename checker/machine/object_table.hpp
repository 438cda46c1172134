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
};

// "mutex", "condition_variable".
std::string_view type_name(ObjectKind);
// "mutexes", "condition_variables"; mutexes of all kinds are one.
std::string_view plural_name(ObjectKind);

class ObjectTable {
 public:
  // Whether the object has been defined as this before: true in every execution but the first.
  bool known(ObjectIndex object, ObjectKind kind, std::string_view name) const {
    if (object >= objects_.size()) return false;
    const ObjectInfo& info = objects_[object];
    return info.kind == kind && info.given == name && !info.name.empty();
  }
  // Without a name the object is called after its type and `lineage`: "mutex#2", "mutex#1.1".
  void define(ObjectIndex object, ObjectKind kind, std::string_view name, std::string_view lineage);
  void print_as(ObjectIndex object, WordFormat format) { objects_[object].format = format; }
  const ObjectInfo& operator[](ObjectIndex object) const { return objects_[object]; }
  ObjectIndex size() const { return static_cast<ObjectIndex>(objects_.size()); }

 private:
  std::deque<ObjectInfo> objects_;
};

}  // namespace heddle::checker
