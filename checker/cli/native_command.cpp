#include "checker/cli/native_command.hpp"

#include "checker/cli/command_parts.hpp"
#include "checker/cli/progress.hpp"
#include "checker/native/comparison.hpp"
#include "checker/report/native_report.hpp"
#include "checker/report/text.hpp"

#include <heddle/check.hpp>
#include <heddle/native.hpp>

#include <unistd.h>

#include <algorithm>
#include <thread>

namespace heddle::checker {

namespace {

// What the model may take: who asks for more explores with `outcomes`.
constexpr std::chrono::seconds model_time{10};

// Increments of all threads together, a multiple of every number of threads up to 16.
constexpr std::int64_t scaling_work = 720'720;
constexpr std::uint64_t scaling_runs = 5;

Result model_of(const Scenario& scenario, const Parameters& parameters) {
  ProgressLine line(scenario.name, isatty(STDERR_FILENO) != 0);
  Options options;
  options.time = model_time;
  options.interrupted = interrupted;
  options.on_progress = [&line](const Progress& progress) { line.show(progress); };
  options.name = token_name(scenario, parameters);
  return outcomes([&] { scenario.body(parameters); }, options);
}

heddle::native::Result runs_of(const Scenario& scenario, const Parameters& parameters,
                               heddle::native::Options options) {
  ProgressLine line(scenario.name, isatty(STDERR_FILENO) != 0, "runs");
  options.interrupted = interrupted;
  options.on_progress = [&line](const Progress& progress) { line.show(progress); };
  return heddle::native::run([&] { scenario.body(parameters); }, options);
}

std::string explanation(const NativeReport& report, const Style& style) {
  const std::string token = native::witness_of(report.seen, report.model, report.comparison);
  if (token.empty()) return "\nexplain: the model has no execution that shows what went wrong\n";
  const Options options;
  const Result result = replay([&] { report.scenario.body(report.parameters); }, token, options);
  SourceText source(directory_of_sources());
  return "\nhow it can come about: " + style.program + " explain " + for_shell(token) + "\n" +
         replay_text({report.scenario, report.parameters, options, result}, true, source, style);
}

ExitStatus run_scenario(const Arguments& arguments, const Style& style) {
  if (arguments.names.size() > 1) throw UsageError("give one scenario; several only with --scaling");
  const Scenario& scenario = scenario_named(arguments.names.front());
  const Parameters parameters = parameters_of(scenario, arguments.settings);
  const heddle::native::Result seen = runs_of(scenario, parameters, arguments.native);
  const Result model = model_of(scenario, parameters);
  const native::Comparison comparison = native::compare(seen, model, declared_outcomes(scenario, parameters));
  const NativeReport report{scenario, parameters, seen, model, comparison};
  const bool alarm = native::alarming(seen, comparison);
  print(arguments.json ? native_json(report) + "\n" : native_text(report, style));
  if (arguments.explain && alarm && !arguments.json) print(explanation(report, style));
  if (alarm) return ExitStatus::Defect;
  return seen.interrupted ? ExitStatus::Inconclusive : ExitStatus::Verified;
}

std::chrono::nanoseconds mean_run(const Scenario& scenario, Parameters parameters, std::int64_t threads,
                                  heddle::native::Options options) {
  parameters.set("threads", std::to_string(threads));
  parameters.set("increments", std::to_string(scaling_work / threads));
  options.form = heddle::native::Form::Whole;
  options.pinned = true;
  options.time = std::chrono::milliseconds(0);
  if (options.runs == 0) options.runs = scaling_runs;
  const heddle::native::Result result = heddle::native::run([&] { scenario.body(parameters); }, options);
  if (result.fault) throw UsageError(scenario.name + " cannot be measured: " + result.fault->message);
  return result.running / std::max<std::uint64_t>(result.runs, 1);
}

Scaling scaling_of(const Scenario& scenario, const Arguments& arguments) {
  Parameters parameters = parameters_of(scenario, arguments.settings);
  Scaling scaling{.scenario = scenario, .work = scaling_work, .rows = {}};
  const std::int64_t processors = std::max(2u, std::thread::hardware_concurrency());
  for (std::int64_t threads = 1; threads <= std::min<std::int64_t>(processors, 16); ++threads) {
    if (scaling_work % threads != 0) continue;
    heddle::native::Options options = arguments.native;
    options.interrupted = interrupted;
    scaling.rows.push_back({threads, mean_run(scenario, parameters, threads, options)});
    if (interrupted()) break;
  }
  return scaling;
}

// It varies these two.
void refuse_unscalable(const Scenario& scenario) {
  for (const char* const name : {"threads", "increments"})
    if (std::none_of(scenario.parameters.begin(), scenario.parameters.end(),
                     [&](const Parameter& parameter) { return parameter.name == name; }))
      throw UsageError(scenario.name + " has no parameter " + name +
                       ", which --scaling varies; counter/locked and its like have");
}

ExitStatus measure_scaling(const Arguments& arguments, const Style& style) {
  for (const std::string& name : arguments.names) refuse_unscalable(scenario_named(name));
  std::vector<Scaling> all;
  for (const std::string& name : arguments.names) {
    all.push_back(scaling_of(scenario_named(name), arguments));
    if (interrupted()) break;
  }
  print(arguments.json ? scaling_json(all) : scaling_text(all, style));
  return interrupted() ? ExitStatus::Inconclusive : ExitStatus::Verified;
}

}  // namespace

ExitStatus native_command(const Arguments& arguments, const Style& style) {
  return arguments.scaling ? measure_scaling(arguments, style) : run_scenario(arguments, style);
}

}  // namespace heddle::checker
