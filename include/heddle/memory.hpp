// heddle/memory.hpp - memory whose life is watched.
//
//     struct Node : heddle::tracked { heddle::var<int> value; Node* next; };
//     Node* node = new Node;
//     delete node;
//     auto* count = heddle::allocate<heddle::var<int>>(0, "count");
//     heddle::deallocate(count);
//
// Under the checker an access to an object in memory that has been given back is `use-after-free`, with both
// places, whatever the interleaving that leads to it; so is one that came before but does not happen before
// ([basic.life], as for a data race), and giving it back twice. What is not given back when
// the execution has ended is a `leak`. (Of memory from plain `new` a leak is what nothing leads to any more,
// and advisory.) Only Heddle's types are watched: a Node of plain members has nothing whose accesses could be
// seen. The memory is not used again before the end of the execution.
//
// Giving back is a step. Outside the checker these are `new` and `delete`. As with <memory>, shared_ptr,
// weak_ptr and atomic<shared_ptr> come along.
#pragma once

#include <heddle/atomic_shared_ptr.hpp>
#include <heddle/detail/model.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace heddle {

// A base class that makes `new` and `delete` of its descendants watched.
struct tracked {
  static void* operator new(std::size_t size, location where = location::current()) {
    return detail::allocate(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__, nullptr, where);
  }
  static void operator delete(void* memory) {
    detail::deallocate(memory, __STDCPP_DEFAULT_NEW_ALIGNMENT__, location{});
  }
  static void operator delete(void* memory, location where) {
    detail::deallocate(memory, __STDCPP_DEFAULT_NEW_ALIGNMENT__, where);
  }
};

template <class T, class... Arguments>
[[nodiscard]] T* allocate(Arguments&&... arguments) {
  void* const memory = detail::allocate(
      sizeof(T), alignof(T), [](void* object) { std::destroy_at(static_cast<T*>(object)); }, location{});
  return std::construct_at(static_cast<T*>(memory), std::forward<Arguments>(arguments)...);
}

// REQUIRES: from allocate(), or null.
template <class T>
void deallocate(T* object, location where = location::current()) {
  if (object == nullptr) return;
  if (detail::in_model()) {  // first the step: what the destructor does belongs to it
    detail::deallocate(object, alignof(T), where);
    std::destroy_at(object);
  } else {
    std::destroy_at(object);
    detail::deallocate(object, alignof(T), where);
  }
}

}  // namespace heddle
