// checker/cli/native_command.hpp - the command `native`: real threads, next to the model.
#pragma once

#include "checker/cli/arguments.hpp"
#include "checker/cli/exit_status.hpp"
#include "checker/report/style.hpp"

namespace heddle::checker {

// Throws UsageError, and std::invalid_argument when the form that was asked for does not suit.
ExitStatus native_command(const Arguments& arguments, const Style& style);

}  // namespace heddle::checker
