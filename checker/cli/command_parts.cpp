#include "checker/cli/command_parts.hpp"

#include "checker/cli/arguments.hpp"
#include "checker/cli/nearest.hpp"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace heddle::checker {

namespace {

std::atomic<bool> was_interrupted{false};

void on_interrupt(int) {
  was_interrupted = true;
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

const Scenario& scenario_named(const std::string& name) {
  if (const Scenario* scenario = find_scenario(name)) return *scenario;
  const std::string nearest = nearest_scenario(name);
  throw UsageError(
      "there is no scenario '" + name + "'" +
      (nearest.empty() ? "; 'heddle list' tells what there is" : "; did you mean " + nearest + "?"));
}

Parameters parameters_of(const Scenario& scenario, const std::vector<std::string>& settings) {
  Parameters parameters(scenario.parameters);
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) throw UsageError("--set " + setting + ": write name=value");
    try {
      parameters.set(setting.substr(0, equals), setting.substr(equals + 1));
    } catch (const std::invalid_argument& error) {
      throw UsageError(scenario.name + ": " + error.what());
    }
  }
  return parameters;
}

std::string directory_of_sources() {
  std::error_code error;
  if (std::filesystem::exists(source_root(), error)) return source_root();
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return program.parent_path().parent_path() / "share" / "heddle";
}

void catch_interrupts() { std::signal(SIGINT, on_interrupt); }

bool interrupted() { return was_interrupted; }

}  // namespace heddle::checker
