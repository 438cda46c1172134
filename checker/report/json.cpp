#include "checker/report/json.hpp"

#include "checker/core/format.hpp"
#include "checker/report/json_parts.hpp"

#include <sys/resource.h>

#include <stdexcept>

namespace heddle::checker {

namespace {

std::int64_t peak_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

Json value_json(const ParameterValue& value) {
  return std::visit([](const auto& v) { return Json(v); }, value);
}

std::string_view declared_kind(const std::optional<DefectKind>& kind) {
  return kind ? to_string(*kind) : std::string_view("verified");
}

// A step by its index, "initial", or null.
Json place_json(std::int64_t step) {
  if (step >= 0) return step;
  return step == Step::initially ? Json("initial") : Json(nullptr);
}

Json steps_json(const Witness& witness) {
  Json steps = Json::array();
  for (const Step& step : witness.steps) {
    Json waits = Json::array();
    for (const Wait& wait : step.waits) waits.push_back({{"thread", wait.thread}, {"because", wait.because}});
    steps.push_back({{"index", step.index},
                     {"thread", step.thread},
                     {"operation", step.operation},
                     {"object", step.object},
                     {"value", step.value},
                     {"order", step.order},
                     {"stale", step.stale},
                     {"reads_from", place_json(step.reads_from)},
                     {"coherence_after", place_json(step.coherence_after)},
                     {"overlooked", place_json(step.overlooked)},
                     {"synchronised_by", step.synchronised_by},
                     {"preempts", step.preempted},
                     {"waits", std::move(waits)},
                     {"file", step.file},
                     {"line", step.line}});
  }
  return steps;
}

Json defect_json(const Defect& defect, bool advisory) {
  return {{"kind", to_string(defect.kind)},
          {"message", defect.message},
          {"object", defect.object},
          {"executions", defect.executions},
          {"because", defect.because},
          {"advisory", advisory},
          {"witness",
           {{"token", defect.witness.token},
            {"preemptions", defect.witness.preemptions},
            {"fewest", defect.witness.fewest},
            {"steps", steps_json(defect.witness)}}}};
}

Json outcome_json(const Outcome& outcome) {
  Json json = {{"values", values_json(outcome.values)}, {"executions", outcome.executions}};
  if (!outcome.witness.token.empty()) json["token"] = outcome.witness.token;
  return json;
}

Json result_json(const ReportData& data, const char* schema) {
  const Result& result = data.result;
  Json json = {{"schema", schema},
               {"scenario", data.scenario.name},
               {"parameters", parameters_json(data.parameters)},
               {"model", heddle::to_string(data.result.model)},
               {"runtime", "threads"},
               {"strategy", to_string(data.options.strategy)},
               {"verdict", to_string(result.verdict)},
               {"exhaustive", result.exhaustive},
               {"reason", result.reason},
               {"executions",
                {{"complete", result.complete},
                 {"blocked", result.blocked},
                 {"redundant", result.redundant},
                 {"deadlocked", result.deadlocked}}},
               {"steps", result.steps},
               {"watched", Json::object()},
               {"seconds", std::chrono::duration<double>(result.elapsed).count()},
               {"peak_rss_bytes", peak_rss_bytes()},
               {"defects", Json::array()},
               {"outcomes", Json::array()}};
  if (data.options.strategy == StrategyKind::Random || data.options.strategy == StrategyKind::Pct)
    json["seed"] = data.options.seed;
  for (const auto& [kind, count] : result.watched) json["watched"][kind] = count;
  for (const Defect& defect : result.defects) json["defects"].push_back(defect_json(defect, false));
  for (const Defect& advisory : result.advisories) json["defects"].push_back(defect_json(advisory, true));
  for (const Outcome& outcome : result.outcomes) json["outcomes"].push_back(outcome_json(outcome));
  return json;
}

}  // namespace

// Text that is not UTF-8, a value or a file name, must not cost the report.
std::string line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json parameters_json(const Parameters& parameters) {
  Json all = Json::object();
  for (const Parameters::Entry& entry : parameters.entries())
    all[entry.declared.name] = value_json(entry.value);
  return all;
}

Json values_json(const std::vector<std::pair<std::string, std::string>>& values) {
  Json all = Json::object();
  for (const auto& [name, value] : values) all[name] = value;
  return all;
}

void add_grade(Json& outcome, const DeclaredOutcome* declared) {
  outcome["grade"] = declared == nullptr ? std::string_view("undeclared") : to_string(declared->grade);
  if (declared != nullptr) outcome["why"] = declared->because;
}

std::string check_json(const ReportData& data) {
  Json json = result_json(data, "heddle.check/1");
  json["as_declared"] = as_declared(data.scenario, data.result);
  return line(json);
}

std::string outcomes_json(const ReportData& data) {
  Json json = result_json(data, "heddle.outcomes/1");
  const std::vector<DeclaredOutcome> declared = declared_outcomes(data.scenario, data.parameters);
  if (declared.empty()) return line(json);
  for (std::size_t i = 0; i < data.result.outcomes.size(); ++i)
    add_grade(json["outcomes"][i], find_declared(declared, values_text(data.result.outcomes[i].values)));
  return line(json);
}

std::string replay_json(const ReportData& data) {
  Json json = result_json(data, "heddle.replay/1");
  if (!data.result.outcomes.empty()) json["trace"] = steps_json(data.result.outcomes.front().witness);
  return line(json);
}

std::string list_json(const std::vector<const Scenario*>& scenarios) {
  std::string lines;
  for (const Scenario* scenario : scenarios) {
    Json parameters = Json::array();
    for (const Parameter& parameter : scenario->parameters) {
      Json json = {{"name", parameter.name}, {"default", value_json(parameter.standard)}};
      if (std::holds_alternative<std::int64_t>(parameter.standard)) {
        json["least"] = parameter.least;
        json["greatest"] = parameter.greatest;
      }
      if (!parameter.words.empty()) json["words"] = parameter.words;
      json["help"] = parameter.help;
      parameters.push_back(std::move(json));
    }
    Json under = Json::object();
    for (const auto& [model, kind] : scenario->expects_under)
      under[std::string(heddle::to_string(model))] = declared_kind(kind);
    const Json json = {{"schema", "heddle.list/1"},           {"scenario", scenario->name},
                       {"lesson", scenario->lesson},          {"tags", scenario->tags},
                       {"parameters", std::move(parameters)}, {"declared", declared_kind(scenario->expects)},
                       {"declared_under", std::move(under)},  {"pair", scenario->pair}};
    lines += line(json) + "\n";
  }
  return lines;
}

std::string schedule_json(const std::string& scenario, const Parameters& parameters, const Defect& defect) {
  const Json json = {{"schema", "heddle.schedule/1"},
                     {"scenario", scenario},
                     {"parameters", parameters_json(parameters)},
                     {"kind", to_string(defect.kind)},
                     {"message", defect.message},
                     {"token", defect.witness.token},
                     {"steps", steps_json(defect.witness)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

ScheduleFile schedule_in(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) throw std::invalid_argument("the file is empty");
  if (text[first] != '{')
    return {.scenario = {},
            .kind = {},
            .token = text.substr(first, text.find_first_of(" \t\r\n", first) - first)};
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw std::invalid_argument("the file is not valid JSON");
  const auto schema = json.find("schema");
  if (schema == json.end() || *schema != "heddle.schedule/1")
    throw std::invalid_argument("the file is not a schedule: its schema is not heddle.schedule/1");
  const auto text_of = [&](const char* key) {
    const auto value = json.find(key);
    return value == json.end() || !value->is_string() ? std::string() : value->get<std::string>();
  };
  ScheduleFile file{.scenario = text_of("scenario"), .kind = text_of("kind"), .token = text_of("token")};
  if (file.token.empty()) throw std::invalid_argument("the file has no token");
  return file;
}

}  // namespace heddle::checker
