// checker/cli/main.cpp - the command `heddle`.

#include "checker/cli/arguments.hpp"
#include "checker/cli/commands.hpp"

#include <cstdio>
#include <exception>
#include <string_view>

namespace {

using heddle::checker::ExitStatus;

// How the reader starts the tool: the project's own ./run, or the installed command.
std::string program_name(std::string_view path) {
  return path.ends_with("/run") || path == "run" ? "./run" : "heddle";
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto arguments = heddle::checker::parse_arguments(argc, argv);
    return static_cast<int>(heddle::checker::run_command(arguments, program_name(argc > 0 ? argv[0] : "")));
  } catch (const heddle::checker::Printed& printed) {
    std::fputs(printed.text.c_str(), stdout);
    return 0;
  } catch (const heddle::checker::UsageError& error) {
    std::fprintf(stderr, "heddle: %s\n", error.what());
    return static_cast<int>(ExitStatus::Usage);
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "heddle: %s\n", error.what());
    return static_cast<int>(ExitStatus::Usage);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "heddle: a bug in heddle itself: %s\n", error.what());
    return static_cast<int>(ExitStatus::InternalError);
  }
}
