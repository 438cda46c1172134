#include "checker/cli/commands.hpp"

#include "checker/cli/command_parts.hpp"
#include "checker/cli/drawing.hpp"
#include "checker/cli/native_command.hpp"
#include "checker/cli/progress.hpp"
#include "checker/core/schedule.hpp"
#include "checker/report/graph.hpp"
#include "checker/report/json.hpp"
#include "checker/report/text.hpp"

#include <heddle/check.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace heddle::checker {

namespace {

Style make_style(const Arguments& arguments, const std::string& program) {
  Style style;
  style.program = program;
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  winsize size{};
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
    style.width = size.ws_col;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  style.color = arguments.color == "always" || (arguments.color == "auto" && terminal && !dumb &&
                                                (no_color == nullptr || *no_color == '\0'));
  return style;
}

bool tagged(const Scenario& scenario, const std::string& tag) {
  return std::find(scenario.tags.begin(), scenario.tags.end(), tag) != scenario.tags.end();
}

std::vector<const Scenario*> scenarios_with(const std::string& tag) {
  std::vector<const Scenario*> chosen;
  for (const Scenario& scenario : scenarios())
    if (tag.empty() || tagged(scenario, tag)) chosen.push_back(&scenario);
  if (!chosen.empty() || tag.empty()) return chosen;
  std::vector<std::string> tags;
  for (const Scenario& scenario : scenarios())
    tags.insert(tags.end(), scenario.tags.begin(), scenario.tags.end());
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  std::string known;
  for (const std::string& each : tags) known += (known.empty() ? "" : ", ") + each;
  throw UsageError("no scenario has the tag '" + tag + "'; the tags are " + known);
}

std::vector<const Scenario*> chosen_scenarios(const Arguments& arguments) {
  std::vector<const Scenario*> chosen;
  if (arguments.all) chosen = scenarios_with({});
  if (!arguments.tag.empty()) chosen = scenarios_with(arguments.tag);
  for (const std::string& name : arguments.names) {
    const Scenario* scenario = &scenario_named(name);
    if (std::find(chosen.begin(), chosen.end(), scenario) == chosen.end()) chosen.push_back(scenario);
  }
  if (chosen.empty())
    throw UsageError("name a scenario, or use --tag or --all; 'heddle list' tells what there is");
  return chosen;
}

Options exploration_options(const Arguments& arguments, ProgressLine& line) {
  Options options = arguments.options;
  options.interrupted = interrupted;
  if (!arguments.quiet) options.on_progress = [&line](const Progress& progress) { line.show(progress); };
  return options;
}

ExitStatus judged(const Arguments& arguments, const ReportData& data) {
  if (!arguments.expected || data.result.verdict == Verdict::ControlLost)
    return status_of(data.result.verdict);
  if (as_declared(data.scenario, data.result)) return ExitStatus::Verified;
  return data.result.verdict == Verdict::Inconclusive ? ExitStatus::Inconclusive : ExitStatus::Defect;
}

void save(const std::string& directory, const ReportData& data) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  std::size_t number = 0;
  for (const Defect& defect : data.result.defects) {
    std::string name = token_name(data.scenario, data.parameters);
    std::replace(name.begin(), name.end(), '/', '_');
    const std::string path = directory + "/" + name + "-" + std::to_string(++number) + ".json";
    std::ofstream out(path);
    out << schedule_json(data.scenario.name, data.parameters, defect);
    if (!out.flush()) throw UsageError("cannot write " + path);
    std::fprintf(stderr, "saved %s\n", path.c_str());
  }
}

std::string judgement_text(const ReportData& data) {
  const std::optional<DefectKind> kind = expected(data.scenario, data.result.model);
  return (as_declared(data.scenario, data.result) ? "as declared: " : "NOT as declared: ") +
         (kind ? "defect " + std::string(to_string(*kind)) : std::string("verified")) + "\n";
}

// What to print of a result; `first` is the first of all, and of the scenario's.
std::string text_of(const Arguments& arguments, const ReportData& data, bool first, bool first_model,
                    SourceText& source, const Style& style) {
  if (arguments.json) return check_json(data) + "\n";
  std::string text;
  if (!first && first_model && !arguments.quiet) text += "\n";
  if (arguments.quiet) text += quiet_text(data, style);
  else if (arguments.models.size() == 1) text += check_text(data, source, style);
  else text += (first_model ? models_title(data, style) : "") + model_row(data, style);
  return text + (arguments.expected ? judgement_text(data) : "");
}

// Why this cannot be explored, or nothing: then `result` is what was found.
std::optional<std::string> checked(const Scenario& scenario, const Parameters& parameters,
                                   const Options& options, Result& result) {
  try {
    result = check(scenario, parameters, options);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return std::nullopt;
}

ExitStatus check_command(const Arguments& arguments, const Style& style) {
  SourceText source(directory_of_sources());
  ExitStatus worst = ExitStatus::Verified;
  const std::vector<const Scenario*> chosen = chosen_scenarios(arguments);
  // All of them before the first exploration, so that a mistake costs nothing.
  std::vector<Parameters> all_parameters;
  all_parameters.reserve(chosen.size());
  for (const Scenario* scenario : chosen)
    all_parameters.push_back(parameters_of(*scenario, arguments.settings));
  bool first = true;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (const MemoryModel model : arguments.models) {
      const Scenario* scenario = chosen[i];
      Result result;
      Options options;
      {
        ProgressLine line(scenario->name, isatty(STDERR_FILENO) != 0);
        options = exploration_options(arguments, line);
        options.model = model;
        options.witness_outcomes = arguments.json;
        if (const auto refused = checked(*scenario, all_parameters[i], options, result); refused) {
          // One scenario that a model cannot be asked about is no reason to keep the others from being
          // checked.
          if (chosen.size() * arguments.models.size() == 1) throw UsageError(*refused);
          std::fprintf(stderr, "heddle: %s under %s: %s\n", scenario->name.c_str(),
                       std::string(heddle::to_string(model)).c_str(), refused->c_str());
          worst = worse(worst, ExitStatus::Usage);
          continue;
        }
      }
      const ReportData data{*scenario, all_parameters[i], options, result};
      print(text_of(arguments, data, first, model == arguments.models.front(), source, style));
      first = false;
      if (!arguments.save.empty()) save(arguments.save, data);
      worst = worse(worst, judged(arguments, data));
      if (interrupted()) return worst;
    }
  }
  return worst;
}

ExitStatus outcomes_command(const Arguments& arguments, const Style& style) {
  const Scenario& scenario = scenario_named(arguments.names.front());
  const Parameters parameters = parameters_of(scenario, arguments.settings);
  Options options;
  Result result;
  {
    ProgressLine line(scenario.name, isatty(STDERR_FILENO) != 0);
    options = exploration_options(arguments, line);
    options.name = token_name(scenario, parameters);
    result = outcomes([&] { scenario.body(parameters); }, options);
  }
  const ReportData data{scenario, parameters, options, result};
  print(arguments.json ? outcomes_json(data) + "\n" : outcomes_text(data, style));
  return status_of(result.verdict);
}

std::string token_of(const std::string& schedule) {
  if (schedule.starts_with("h1:") ||
      (!std::filesystem::exists(schedule) && schedule.find(':') != std::string::npos))
    return schedule;
  std::ifstream in(schedule);
  if (std::filesystem::is_directory(schedule))
    throw UsageError("'" + schedule + "' is a directory; give a replay token or a file");
  if (!in)
    throw UsageError("'" + schedule + "' is neither a replay token (h1:...) nor a file that can be read");
  std::stringstream text;
  text << in.rdbuf();
  try {
    return schedule_in(text.str()).token;
  } catch (const std::invalid_argument& error) {
    throw UsageError(schedule + ": " + error.what());
  }
}

// A scenario with its parameters, as a token names it.
struct Named {
  const Scenario& scenario;
  Parameters parameters;
};

// The token's name carries its parameters: counter/unlocked,threads=3.
Named named_by(const Schedule& schedule, const Arguments& arguments) {
  std::vector<std::string> parts;
  std::stringstream name(schedule.name);
  for (std::string part; std::getline(name, part, ',');) parts.push_back(part);
  if (parts.empty()) parts.emplace_back();
  if (arguments.names.empty() && parts.front().empty())
    throw UsageError("the token does not name a scenario; give the name after it");
  const Scenario& scenario =
      scenario_named(arguments.names.empty() ? parts.front() : arguments.names.front());
  std::vector<std::string> settings(parts.begin() + 1, parts.end());
  settings.insert(settings.end(), arguments.settings.begin(), arguments.settings.end());
  return {scenario, parameters_of(scenario, settings)};
}

Schedule parsed(const std::string& token) {
  try {
    return Schedule::parse(token);
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

ExitStatus replay_command(const Arguments& arguments, const Style& style) {
  const std::string token = token_of(arguments.schedule);
  const auto [scenario, parameters] = named_by(parsed(token), arguments);
  const Result result = replay([&, &s = scenario, &p = parameters] { s.body(p); }, token, arguments.options);
  const ReportData data{scenario, parameters, arguments.options, result};
  SourceText source(directory_of_sources());
  print(arguments.json ? replay_json(data) + "\n"
                       : replay_text(data, arguments.command == Command::Explain, source, style));
  return result.verdict == Verdict::Inconclusive ? ExitStatus::Verified : status_of(result.verdict);
}

// The execution to draw: that of a token, or of a scenario the one that shows its first defect, or else its
// first outcome.
std::string token_to_draw(const Arguments& arguments) {
  const Scenario* scenario = find_scenario(arguments.schedule);
  if (scenario == nullptr) return token_of(arguments.schedule);
  const Parameters parameters = parameters_of(*scenario, arguments.settings);
  Options options = arguments.options;
  options.name = token_name(*scenario, parameters);
  options.witness_outcomes = true;
  options.interrupted = interrupted;
  const Result result = check([&] { scenario->body(parameters); }, options);
  if (!result.defects.empty() && !result.defects.front().witness.token.empty())
    return result.defects.front().witness.token;
  if (!result.outcomes.empty()) return result.outcomes.front().witness.token;
  throw UsageError(scenario->name +
                   " has neither a defect nor outcomes to choose an execution by; give a token");
}

ExitStatus graph_command(const Arguments& arguments) {
  const std::string token = token_to_draw(arguments);
  Arguments of_token = arguments;
  of_token.settings.clear();  // the token has them
  const auto [scenario, parameters] = named_by(parsed(token), of_token);
  const Result result = replay([&, &s = scenario, &p = parameters] { s.body(p); }, token, arguments.options);
  if (result.verdict == Verdict::ControlLost) throw UsageError(result.reason);
  const std::string dot = graph_dot(result.outcomes.front().witness, token);
  if (arguments.output.empty()) print(dot);
  else write_drawing(dot, arguments.output);
  return ExitStatus::Verified;
}

ExitStatus list_command(const Arguments& arguments, const Style& style) {
  const std::vector<const Scenario*> chosen = scenarios_with(arguments.tag);
  if (arguments.json) {
    print(list_json(chosen));
    return ExitStatus::Verified;
  }
  for (const Scenario* scenario : chosen) {
    std::string head = scenario->name;
    if (const std::string parameters = parameters_text(Parameters(scenario->parameters)); !parameters.empty())
      head += "  [" + parameters + "]";
    print(style.paint(Tone::Title, head) + "\n" +
          wrapped(scenario->lesson + " (" + declared_text(*scenario) + ")", style.width, 4));
  }
  return ExitStatus::Verified;
}

// The file that registers the scenario, from the end of its head comment.
std::string source_text(const Scenario& scenario, SourceText& source) {
  std::string text;
  for (const std::string& line : source.lines(scenario.where.file)) text += line + "\n";
  return text.empty() ? "  (the source file " + std::string(scenario.where.file) + " is not here)\n" : text;
}

ExitStatus show_command(const Arguments& arguments, const Style& style) {
  const Scenario& scenario = scenario_named(arguments.names.front());
  SourceText source(directory_of_sources());
  std::string out =
      style.paint(Tone::Title, scenario.name) + "\n" + wrapped(scenario.lesson, style.width, 2) + "\n";
  out += wrapped(scenario.story, style.width, 2);
  out += "\ndeclared: " + declared_text(scenario) + "\n";
  if (!scenario.pair.empty()) out += "pair: " + scenario.pair + "\n";
  for (const Parameter& parameter : scenario.parameters) {
    out += "--set " + parameter.name + "=" + heddle::to_string(parameter.standard);
    if (std::holds_alternative<std::int64_t>(parameter.standard))
      out += "  (" + std::to_string(parameter.least) + " to " + std::to_string(parameter.greatest) + ")";
    for (const std::string& word : parameter.words) out += " |" + word;
    out += "  " + parameter.help + "\n";
  }
  out += "\n" + style.paint(Tone::Title, std::string(scenario.where.file)) + "\n" +
         source_text(scenario, source);
  print(out);
  return ExitStatus::Verified;
}

}  // namespace

ExitStatus run_command(const Arguments& arguments, const std::string& program) {
  const Style style = make_style(arguments, program);
  catch_interrupts();
  switch (arguments.command) {
    case Command::List: return list_command(arguments, style);
    case Command::Show: return show_command(arguments, style);
    case Command::Check: return check_command(arguments, style);
    case Command::Outcomes: return outcomes_command(arguments, style);
    case Command::Replay:
    case Command::Explain: return replay_command(arguments, style);
    case Command::Graph: return graph_command(arguments);
    case Command::Native: return native_command(arguments, style);
  }
  return ExitStatus::InternalError;
}

}  // namespace heddle::checker
