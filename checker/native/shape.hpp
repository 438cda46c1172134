// checker/native/shape.hpp - what one execution in the model tells about how to run a scenario natively.
#pragma once

#include <functional>
#include <string>

namespace heddle::checker::native {

struct Shape {
  // Why the stress form does not suit: the end of a sentence. Empty when it does.
  std::string unsuited;
  // An atomic operation or a fence had an order weaker than seq_cst.
  bool weak_orders = false;
};

// Runs one execution, fairly. A crash of the scenario is one of the calling process.
Shape shape_of(const std::function<void()>& body);

}  // namespace heddle::checker::native
