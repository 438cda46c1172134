// checker/native/supervisor.hpp - runs a function in a child process and watches it.
#pragma once

#include "checker/native/board.hpp"

#include <heddle/native.hpp>

#include <functional>
#include <optional>
#include <string>

namespace heddle::checker::native {

struct Supervised {
  std::optional<heddle::native::Fault> fault;
  bool interrupted = false;
  std::string output;  // what it wrote to standard output and error, as far as it is kept
};

// Returns when the process has ended, or has been killed because the board shows no progress or, after an
// interruption, no end. REQUIRES: this process has one thread. Throws std::system_error.
Supervised supervise(Board& board, const heddle::native::Options& options, const std::function<void()>& work);

}  // namespace heddle::checker::native
