// checker/cli/commands.hpp - what each command does, from arguments to exit status.
#pragma once

#include "checker/cli/arguments.hpp"
#include "checker/cli/exit_status.hpp"
#include "checker/report/style.hpp"

namespace heddle::checker {

// `program` is how the reader starts the tool. Throws UsageError.
ExitStatus run_command(const Arguments& arguments, const std::string& program);

}  // namespace heddle::checker
