// checker/native/processors.hpp - keeps OS threads on processors.
#pragma once

#include <cstddef>
#include <vector>

namespace heddle::checker::native {

// The processors this process may use.
std::vector<int> processors();

// Keeps the calling thread on one of them, the nth, counted round. Does nothing where that cannot be done.
void pin(const std::vector<int>& processors, std::size_t nth);

}  // namespace heddle::checker::native
