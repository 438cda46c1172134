#include "checker/cli/arguments.hpp"

#include "checker/cli/nearest.hpp"
#include "checker/report/report_data.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <limits>

namespace heddle::checker {

namespace {

using Milliseconds = std::chrono::milliseconds;

// "500ms", "5s", "2m", "1h"; a bare number is in seconds.
Milliseconds duration(const std::string& option, const std::string& text) {
  std::size_t end = 0;
  double value = -1;
  try {
    value = std::stod(text, &end);
  } catch (const std::exception&) {
  }
  const std::string unit = text.substr(end);
  double factor = 0;
  if (unit == "ms") factor = 1;
  if (unit == "s" || unit.empty()) factor = 1'000;
  if (unit == "m" || unit == "min") factor = 60'000;
  if (unit == "h") factor = 3'600'000;
  if (!(value >= 0) || factor == 0 || value * factor > 1e12)
    throw CLI::ValidationError(option, "'" + text + "' is not a time; write for example 500ms, 5s or 2m");
  return Milliseconds(static_cast<Milliseconds::rep>(value * factor));
}

StrategyKind strategy(const std::string& text) {
  for (const StrategyKind kind : {StrategyKind::Optimal, StrategyKind::All, StrategyKind::Random,
                                  StrategyKind::Pct, StrategyKind::Preemptions, StrategyKind::Graphs})
    if (text == to_string(kind)) return kind;
  throw CLI::ValidationError("--strategy",
                             "'" + text + "' is not one of optimal, all, random, pct, preemptions, graphs");
}

CLI::Validator number_within(std::int64_t least, std::int64_t greatest) {
  return {
      [=](const std::string& text) {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= greatest)
          return std::string();
        std::string range = "from " + std::to_string(least);
        range +=
            greatest == std::numeric_limits<std::int64_t>::max() ? " on" : " to " + std::to_string(greatest);
        return "'" + text + "' is not a number " + range;
      },
      ""};
}

heddle::native::Form form(const std::string& text) {
  if (text == "stress") return heddle::native::Form::Stress;
  if (text == "whole") return heddle::native::Form::Whole;
  throw CLI::ValidationError("--form", "'" + text + "' is not one of stress, whole");
}

struct Parser {
  CLI::App app{
      "Heddle explores the interleavings of small concurrent programs.\n"
      "It shows the shortest one that fails, or proves that there is none."};
  Arguments arguments;

  CLI::App* command(Command command, const std::string& name, const std::string& help) {
    CLI::App* sub = app.add_subcommand(name, help);
    sub->callback([this, command] { arguments.command = command; });
    return sub;
  }

  void output_options(CLI::App* sub, bool json) {
    if (json) sub->add_flag("--json", arguments.json, "One JSON object per line instead of text");
    sub->add_option("--color", arguments.color, "Colour: auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
  }

  void parameter_option(CLI::App* sub) {
    sub->add_option("--set", arguments.settings, "Set a parameter: name=value; repeatable")
        ->allow_extra_args(false);
  }

  void models(const std::string& text, bool several) {
    arguments.models.clear();
    if (text == "all" && several) {
      arguments.models = {MemoryModel::Sc, MemoryModel::Tso, MemoryModel::Rc11};
      return;
    }
    const auto model = parse_memory_model(text);
    if (!model)
      throw CLI::ValidationError("--model",
                                 "'" + text + "' is not one of sc, tso, rc11" + (several ? ", all" : ""));
    arguments.models = {*model};
    arguments.options.model = *model;
  }

  void exploration_options(CLI::App* sub, bool several_models) {
    Options& options = arguments.options;
    parameter_option(sub);
    sub->add_option_function<std::string>(
        "--model", [this, several_models](const std::string& text) { models(text, several_models); },
        several_models ? "Memory model: sc (the default), tso, rc11 or all"
                       : "Memory model: sc (the default), tso, rc11");
    sub->add_option_function<std::string>(
           "--runtime", [](const std::string&) {}, "Runtime")
        ->check(CLI::IsMember({"threads"}));
    CLI::Option* kind = sub->add_option_function<std::string>(
        "--strategy", [&options](const std::string& text) { options.strategy = strategy(text); },
        "optimal, all, random, pct, preemptions or graphs");
    sub->add_option("--preemptions", options.preemptions, "At most so many; implies that strategy")
        ->check(number_within(0, 1'000))
        ->excludes(kind)
        ->each([&options](const std::string&) { options.strategy = StrategyKind::Preemptions; });
    sub->add_option("--seed", options.seed, "Seed of random and pct (default 1)");
    sub->add_option("--executions", options.executions, "End after so many executions")
        ->check(number_within(1, std::numeric_limits<std::int64_t>::max()));
    sub->add_option_function<std::string>(
        "--time", [&options](const std::string& text) { options.time = duration("--time", text); },
        "End after this time: 500ms, 5s, 2m");
    sub->add_option("--steps", options.steps, "Steps of one execution (default 10000)")
        ->check(number_within(1, 60'000));
    sub->add_option("--timeouts", options.timeouts, "Timed waits of a thread that time out (default 3)")
        ->check(number_within(0, 100));
    sub->add_option("--spurious", options.spurious, "Spurious wake-ups or failures of a thread (default 0)")
        ->check(number_within(0, 100));
    sub->add_option_function<std::string>(
        "--unresponsive",
        [&options](const std::string& text) { options.unresponsive = duration("--unresponsive", text); },
        "What counts as an endless loop (default 5s)");
    sub->add_flag("--quiet", arguments.quiet, "One line per scenario, no progress");
  }

  void native_options(CLI::App* sub) {
    heddle::native::Options& options = arguments.native;
    parameter_option(sub);
    CLI::Option* runs = sub->add_option("--runs", options.runs, "End after so many runs")
                            ->check(number_within(1, std::numeric_limits<std::int64_t>::max()))
                            ->each([&options](const std::string&) { options.time = Milliseconds(0); });
    sub->add_option_function<std::string>(
           "--time", [&options](const std::string& text) { options.time = duration("--time", text); },
           "End after this time: 500ms, 5s (default 1s)")
        ->excludes(runs);
    sub->add_flag("--threads-pinned", options.pinned, "Keep each thread on one processor");
    sub->add_option_function<std::string>(
        "--form", [&options](const std::string& text) { options.form = form(text); },
        "stress or whole; by default what suits");
    sub->add_option("--seed", options.seed, "Seed of choose() and of the order (default 1)");
    sub->add_option_function<std::string>(
        "--unresponsive",
        [&options](const std::string& text) { options.unresponsive = duration("--unresponsive", text); },
        "Without a finished run it hangs (default 5s)");
    sub->add_flag("--explain", arguments.explain, "Show what went wrong as the model tells it");
    sub->add_flag("--scaling", arguments.scaling, "Measure the same work on more threads");
  }

  Parser() {
    app.name("heddle");
    app.get_formatter()->column_width(26);
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("heddle ") + HEDDLE_VERSION, "Print the version");
    app.footer(
        "Exit status: 0 verified, 1 defect, 2 inconclusive, 3 control lost,\n64 usage, 70 internal error.");

    CLI::App* list = command(Command::List, "list", "What scenarios there are");
    list->add_option("--tag", arguments.tag, "Only scenarios with this tag");
    output_options(list, true);

    CLI::App* show = command(Command::Show, "show", "Story, source and parameters of a scenario");
    show->add_option("name", arguments.names, "The scenario")->required()->expected(1);
    output_options(show, false);

    CLI::App* check = command(Command::Check, "check", "Explore scenarios and report defects");
    check->add_option("names", arguments.names, "The scenarios");
    check->add_option("--tag", arguments.tag, "All scenarios with this tag");
    check->add_flag("--all", arguments.all, "All scenarios");
    exploration_options(check, true);
    check->add_flag("--keep-going", arguments.options.keep_going,
                    "Explore everything, one witness per defect");
    check->add_flag("--expected", arguments.expected, "Judge by the declared verdict");
    check->add_option("--save", arguments.save, "Write each witness to this directory");
    output_options(check, true);

    CLI::App* outcomes = command(Command::Outcomes, "outcomes", "Every reachable outcome, with a witness");
    outcomes->add_option("name", arguments.names, "The scenario")->required()->expected(1);
    exploration_options(outcomes, false);
    output_options(outcomes, true);

    for (const auto& [kind, name, help] :
         {std::tuple{Command::Replay, "replay", "Run exactly one execution again"},
          std::tuple{Command::Explain, "explain", "Tell one execution step by step"}}) {
      CLI::App* sub = command(kind, name, help);
      sub->add_option("schedule", arguments.schedule, "A token, or a file by check --save")->required();
      sub->add_option("name", arguments.names, "The scenario, if not the token's")->expected(0, 1);
      parameter_option(sub);
      output_options(sub, true);
    }

    CLI::App* graph = command(Command::Graph, "graph", "Draw an execution graph: po, rf, co, sw");
    graph->add_option("what", arguments.schedule, "A token, a file by check --save, or a scenario")
        ->required();
    graph->add_option("-o,--output", arguments.output, "A file: .dot, or .svg by way of Graphviz");
    exploration_options(graph, false);

    CLI::App* native = command(Command::Native, "native", "Run on real threads, next to the model");
    native->add_option("names", arguments.names, "The scenario; several with --scaling")->required();
    native_options(native);
    output_options(native, true);
  }

  // CLI11 says of a mistyped command only that one is required.
  void refuse_unknown_command(const std::string& word) const {
    if (word.empty() || word.front() == '-') return;
    std::string nearest;
    for (const CLI::App* sub : app.get_subcommands(nullptr)) {
      if (sub->get_name() == word) return;
      if (nearest.empty() || distance(word, sub->get_name()) < distance(word, nearest))
        nearest = sub->get_name();
    }
    throw UsageError("there is no command '" + word + "'; did you mean " + nearest +
                     "? 'heddle --help' tells what there is");
  }
};

}  // namespace

Arguments parse_arguments(int argc, const char* const* argv) {
  Parser parser;
  if (argc > 1) parser.refuse_unknown_command(argv[1]);
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    std::ostringstream out;
    parser.app.exit(success, out, out);
    throw Printed{out.str()};
  } catch (const CLI::ParseError& error) {
    throw UsageError(std::string(error.what()) +
                     ". 'heddle --help' and 'heddle COMMAND --help' tell what there is");
  }
  return std::move(parser.arguments);
}

}  // namespace heddle::checker
