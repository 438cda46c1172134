#include "checker/cli/arguments.hpp"

#include <CLI/CLI.hpp>

namespace heddle::checker {

namespace {

using Milliseconds = std::chrono::milliseconds;

// "500ms", "5s", "2m", "1h"; a bare number is in seconds.
Milliseconds duration(const std::string& text) {
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
    throw CLI::ValidationError("'" + text + "' is not a time; write for example 500ms, 5s or 2m");
  return Milliseconds(static_cast<Milliseconds::rep>(value * factor));
}

struct Parser {
  CLI::App app{"Heddle explores the interleavings of small concurrent programs.\n"
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

  void exploration_options(CLI::App* sub) {
    Options& options = arguments.options;
    sub->add_option("--set", arguments.settings, "Set a parameter of the scenario, as name=value; repeatable")
        ->allow_extra_args(false);
    sub->add_option_function<std::string>("--model", [](const std::string&) {}, "Memory model: sc")
        ->check(CLI::IsMember({"sc"}));
    sub->add_option_function<std::string>("--runtime", [](const std::string&) {}, "Runtime: threads")
        ->check(CLI::IsMember({"threads"}));
    CLI::Option* strategy = sub->add_option("--strategy", options.strategy,
                    "How to explore: optimal (each equivalence class once), all (every interleaving), random, pct, "
                    "preemptions (0, then 1, then 2, ...)")
        ->transform(CLI::Transformer(std::map<std::string, StrategyKind>{{"optimal", StrategyKind::Optimal},
                                                                         {"all", StrategyKind::All},
                                                                         {"random", StrategyKind::Random},
                                                                         {"pct", StrategyKind::Pct},
                                                                         {"preemptions", StrategyKind::Preemptions}}))
        ->option_text("optimal|all|random|pct|preemptions");
    sub->add_option("--preemptions", options.preemptions, "Largest number of preemptions; implies --strategy preemptions")
        ->check(CLI::Range(0, 1'000))
        ->excludes(strategy)
        ->each([&options](const std::string&) { options.strategy = StrategyKind::Preemptions; });
    sub->add_option("--seed", options.seed, "Seed of random and pct (default 1)");
    sub->add_option("--executions", options.executions, "End after this many executions")->check(CLI::PositiveNumber);
    sub->add_option_function<std::string>("--time", [&options](const std::string& text) { options.time = duration(text); },
                                          "End after this time: 500ms, 5s, 2m");
    sub->add_option("--steps", options.steps, "Steps one execution may take (default 10000)")->check(CLI::Range(1, 60'000));
    sub->add_option_function<std::string>("--unresponsive",
                                          [&options](const std::string& text) { options.unresponsive = duration(text); },
                                          "Time without a visible operation that counts as an endless loop (default 5s)");
    sub->add_flag("--quiet", arguments.quiet, "Only the verdict, and no progress");
  }

  Parser() {
    app.name("heddle");
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("heddle ") + HEDDLE_VERSION);
    app.footer("Exit status: 0 verified, 1 defect, 2 inconclusive, 3 control lost, 64 usage, 70 internal error.");

    CLI::App* list = command(Command::List, "list", "What scenarios there are");
    list->add_option("--tag", arguments.tag, "Only scenarios with this tag");
    output_options(list, true);

    CLI::App* show = command(Command::Show, "show", "The story, the source and the parameters of a scenario");
    show->add_option("name", arguments.names, "The scenario")->required()->expected(1);
    output_options(show, false);

    CLI::App* check = command(Command::Check, "check", "Explore scenarios and report defects");
    CLI::Option* names = check->add_option("names", arguments.names, "The scenarios");
    check->add_option("--tag", arguments.tag, "All scenarios with this tag");
    check->add_flag("--all", arguments.all, "All scenarios")->excludes(names);
    exploration_options(check);
    check->add_flag("--keep-going", arguments.options.keep_going, "Explore everything and report one witness per defect");
    check->add_flag("--expected", arguments.expected, "Judge by the verdict that the scenario declares");
    check->add_option("--save", arguments.save, "Write each witness to a file in this directory");
    output_options(check, true);

    CLI::App* outcomes = command(Command::Outcomes, "outcomes", "Every reachable outcome of a scenario, with a witness");
    outcomes->add_option("name", arguments.names, "The scenario")->required()->expected(1);
    exploration_options(outcomes);
    output_options(outcomes, true);

    for (const auto& [kind, name, help] : {std::tuple{Command::Replay, "replay", "Run exactly one execution again"},
                                           std::tuple{Command::Explain, "explain", "Tell one execution step by step, with the reason"}}) {
      CLI::App* sub = command(kind, name, help);
      sub->add_option("schedule", arguments.schedule, "A replay token, or a file written by check --save")->required();
      sub->add_option("name", arguments.names, "The scenario, if not the one in the token")->expected(0, 1);
      sub->add_option("--set", arguments.settings, "Set a parameter of the scenario, as name=value; repeatable")
          ->allow_extra_args(false);
      output_options(sub, true);
    }
  }
};

}  // namespace

Arguments parse_arguments(int argc, const char* const* argv) {
  Parser parser;
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    std::ostringstream out;
    parser.app.exit(success, out, out);
    throw Printed{out.str()};
  } catch (const CLI::ParseError& error) {
    throw UsageError(std::string(error.what()) + ". 'heddle --help' and 'heddle COMMAND --help' tell what there is");
  }
  return std::move(parser.arguments);
}

}  // namespace heddle::checker
