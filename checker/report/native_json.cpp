#include "checker/core/format.hpp"
#include "checker/report/json_parts.hpp"
#include "checker/report/native_report.hpp"

namespace heddle::checker {

namespace {

using heddle::native::Fault;
using native::ComparedOutcome;
using native::Reachable;

Json reachable_json(Reachable reachable) {
  return reachable == Reachable::Unknown ? Json(nullptr) : Json(reachable == Reachable::Yes);
}

Json outcome_json(const ComparedOutcome& outcome, bool graded) {
  Json json = {{"values", values_json(outcome.values)},
               {"runs", outcome.runs},
               {"failed", outcome.failed},
               {"share", outcome.share},
               {"seen", to_string(outcome.seen)},
               {"reachable", reachable_json(outcome.reachable)}};
  if (!outcome.token.empty()) json["token"] = outcome.token;
  if (!graded) return json;
  const DeclaredOutcome declared{{}, outcome.grade.value_or(Grade::Expected), outcome.because};
  add_grade(json, outcome.grade ? &declared : nullptr);
  return json;
}

const char* kind_text(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::Hang: return "hang";
    case Fault::Kind::Crash: return "crash";
    case Fault::Kind::Exit: return "exit";
  }
  return "?";
}

Json fault_json(const Fault& fault) {
  Json threads = Json::array();
  for (const heddle::native::Waiting& each : fault.threads)
    threads.push_back(
        {{"thread", each.thread}, {"what", each.what}, {"file", each.file}, {"line", each.line}});
  return {{"kind", kind_text(fault.kind)},
          {"message", fault.message},
          {"run", fault.run},
          {"deadlock", fault.deadlock},
          {"threads", std::move(threads)}};
}

}  // namespace

std::string native_json(const NativeReport& report) {
  const heddle::native::Result& seen = report.seen;
  Json outcomes = Json::array();
  for (const ComparedOutcome& outcome : report.comparison.outcomes)
    outcomes.push_back(outcome_json(outcome, report.comparison.graded));
  Json failures = Json::array();
  for (const heddle::native::Failure& failure : seen.failures)
    failures.push_back({{"message", failure.message}, {"runs", failure.runs}, {"first_run", failure.first}});
  Json missed = Json::array();
  for (const native::Missed& each : report.comparison.missed)
    missed.push_back({{"message", each.message}, {"token", each.token}});
  return line({{"schema", "heddle.native/1"},
               {"scenario", report.scenario.name},
               {"parameters", parameters_json(report.parameters)},
               {"form", seen.form == heddle::native::Form::Stress ? "stress" : "whole"},
               {"form_reason", seen.form_reason},
               {"runs", seen.runs},
               {"discarded", seen.discarded},
               {"failed", seen.failed},
               {"interrupted", seen.interrupted},
               {"seconds", std::chrono::duration<double>(seen.elapsed).count()},
               {"model",
                {{"name", "sc"},
                 {"verdict", to_string(report.model.verdict)},
                 {"exhaustive", report.model.exhaustive},
                 {"reason", report.model.reason},
                 {"executions", report.model.complete}}},
               {"outcomes", std::move(outcomes)},
               {"missed", std::move(missed)},
               {"unreachable", report.comparison.unreachable},
               {"weaker_model_may_allow", report.comparison.weak},
               {"failures", std::move(failures)},
               {"witness", native::witness_of(seen, report.model, report.comparison)},
               {"fault", seen.fault ? fault_json(*seen.fault) : Json(nullptr)},
               {"output", seen.output}});
}

std::string scaling_json(const std::vector<Scaling>& all) {
  std::string lines;
  for (const Scaling& scaling : all) {
    Json rows = Json::array();
    for (const Scaling::Row& row : scaling.rows)
      rows.push_back({{"threads", row.threads},
                      {"seconds", std::chrono::duration<double>(row.run).count()},
                      {"speed_up", std::chrono::duration<double>(scaling.rows.front().run) /
                                       std::chrono::duration<double>(row.run)}});
    lines += line({{"schema", "heddle.scaling/1"},
                   {"scenario", scaling.scenario.name},
                   {"increments", scaling.work},
                   {"rows", std::move(rows)}}) +
             "\n";
  }
  return lines;
}

}  // namespace heddle::checker
