// tests/field/node.hpp - a node of a list on the heap.
#pragma once

#include <heddle/var.hpp>

#include <utility>

namespace heddle::tests {

struct Node {
  explicit Node(int v = 0, Node* n = nullptr) : value(v, "value"), next(n, "next") {}
  var<int> value;
  var<Node*> next;
};

inline void delete_all(Node* node) {
  while (node != nullptr) delete std::exchange(node, node->next.load());
}

}  // namespace heddle::tests
