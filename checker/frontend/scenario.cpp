// checker/frontend/scenario.cpp - the registry of scenarios and their parameters.

#include <heddle/scenario.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace heddle {

namespace {

std::vector<Scenario>& registry() {
  static std::vector<Scenario> all;
  return all;
}

[[noreturn]] void refuse(const Scenario& scenario, const std::string& why) {
  std::fprintf(stderr, "%s:%d: scenario %s %s\n", scenario.where.file, scenario.where.line,
               scenario.name.c_str(), why.c_str());
  std::exit(70);
}

std::string admissible(const Parameter& parameter) {
  if (std::holds_alternative<std::int64_t>(parameter.standard))
    return "an integer from " + std::to_string(parameter.least) + " to " + std::to_string(parameter.greatest);
  if (std::holds_alternative<bool>(parameter.standard)) return "true or false";
  std::string words;
  for (const std::string& word : parameter.words) words += (words.empty() ? "" : ", ") + word;
  return "one of " + words;
}

ParameterValue parse(const Parameter& parameter, std::string_view text) {
  const auto wrong = [&] {
    return std::invalid_argument("parameter " + parameter.name + " cannot be '" + std::string(text) +
                                 "': it is " + admissible(parameter));
  };
  if (std::holds_alternative<std::int64_t>(parameter.standard)) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < parameter.least ||
        value > parameter.greatest)
      throw wrong();
    return value;
  }
  if (std::holds_alternative<bool>(parameter.standard)) {
    if (text != "true" && text != "false") throw wrong();
    return text == "true";
  }
  if (std::find(parameter.words.begin(), parameter.words.end(), text) == parameter.words.end()) throw wrong();
  return std::string(text);
}

template <class T>
const T& value_of(const std::vector<Parameters::Entry>& entries, std::string_view name) {
  for (const Parameters::Entry& entry : entries)
    if (entry.declared.name == name)
      if (const T* value = std::get_if<T>(&entry.value)) return *value;
  throw std::logic_error("the scenario reads a parameter '" + std::string(name) +
                         "' that it does not declare, or as another type");
}

}  // namespace

Parameter integer(std::string name, std::int64_t standard, std::int64_t least, std::int64_t greatest,
                  std::string help) {
  return {.name = std::move(name),
          .standard = standard,
          .least = least,
          .greatest = greatest,
          .words = {},
          .help = std::move(help)};
}

Parameter flag(std::string name, bool standard, std::string help) {
  return {.name = std::move(name), .standard = standard, .words = {}, .help = std::move(help)};
}

Parameter word(std::string name, std::string standard, std::vector<std::string> words, std::string help) {
  return {.name = std::move(name),
          .standard = std::move(standard),
          .words = std::move(words),
          .help = std::move(help)};
}

Parameters::Parameters(const std::vector<Parameter>& declared) {
  for (const Parameter& parameter : declared) entries_.push_back({parameter, parameter.standard});
}

void Parameters::set(std::string_view name, std::string_view text) {
  for (Entry& entry : entries_) {
    if (entry.declared.name != name) continue;
    entry.value = parse(entry.declared, text);
    return;
  }
  std::string known;
  for (const Entry& entry : entries_) known += (known.empty() ? "" : ", ") + entry.declared.name;
  throw std::invalid_argument("there is no parameter '" + std::string(name) + "'; " +
                              (known.empty() ? "this scenario has none" : "this scenario has " + known));
}

std::int64_t Parameters::integer(std::string_view name) const {
  return value_of<std::int64_t>(entries_, name);
}
bool Parameters::flag(std::string_view name) const { return value_of<bool>(entries_, name); }
const std::string& Parameters::word(std::string_view name) const {
  return value_of<std::string>(entries_, name);
}

std::string to_string(const ParameterValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  return std::get<std::string>(value);
}

Registered::Registered(Scenario scenario) {
  if (scenario.name.find_first_of(":, \t\n") != std::string::npos)
    refuse(scenario, "must not have colons, commas or spaces in its name");
  if (!scenario.body) refuse(scenario, "has no body");
  for (const Parameter& parameter : scenario.parameters) {
    try {
      parse(parameter, to_string(parameter.standard));
    } catch (const std::invalid_argument& error) {
      refuse(scenario, std::string("has a bad default: ") + error.what());
    }
  }
  auto& all = registry();
  const auto place =
      std::lower_bound(all.begin(), all.end(), scenario.name,
                       [](const Scenario& known, const std::string& name) { return known.name < name; });
  if (place != all.end() && place->name == scenario.name) refuse(scenario, "is registered twice");
  all.insert(place, std::move(scenario));
}

namespace {

std::string& registered_root() {
  static std::string root;
  return root;
}

}  // namespace

SourceRoot::SourceRoot(std::string directory) { registered_root() = std::move(directory); }

const std::string& source_root() { return registered_root(); }

const std::vector<Scenario>& scenarios() { return registry(); }

const Scenario* find_scenario(std::string_view name) {
  const auto& all = registry();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Scenario& s) { return s.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string_view to_string(Grade grade) noexcept {
  switch (grade) {
    case Grade::Expected: return "expected";
    case Grade::Interesting: return "interesting";
    case Grade::Forbidden: return "forbidden";
  }
  return "?";
}

std::vector<DeclaredOutcome> declared_outcomes(const Scenario& scenario, const Parameters& parameters) {
  return scenario.outcomes ? scenario.outcomes(parameters) : std::vector<DeclaredOutcome>();
}

const DeclaredOutcome* find_declared(const std::vector<DeclaredOutcome>& declared, std::string_view values) {
  const auto found = std::find_if(declared.begin(), declared.end(), [&](const DeclaredOutcome& each) {
    return each.values == values || each.values == "*";
  });
  return found == declared.end() ? nullptr : &*found;
}

std::optional<DefectKind> expected(const Scenario& scenario, MemoryModel model) {
  for (const auto& [under, kind] : scenario.expects_under)
    if (under == model) return kind;
  return scenario.expects;
}

std::string token_name(const Scenario& scenario, const Parameters& parameters) {
  std::string name = scenario.name;
  for (const Parameters::Entry& entry : parameters.entries())
    if (entry.value != entry.declared.standard)
      name += "," + entry.declared.name + "=" + to_string(entry.value);
  return name;
}

}  // namespace heddle
