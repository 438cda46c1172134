// checker/verify/check.cpp - the public functions of <heddle/check.hpp>.

#include <heddle/check.hpp>

#include "checker/verify/exploration.hpp"
#include "checker/verify/framework.hpp"
#include "checker/verify/witness.hpp"

#include <algorithm>

namespace heddle {

Result check(const std::function<void()>& body, const Options& options) {
  return checker::in_scope([&] { return checker::Exploration(body, options).run(); });
}

Result outcomes(const std::function<void()>& body, const Options& options) {
  Options all = options;
  all.keep_going = true;
  all.witness_outcomes = true;
  return check(body, all);
}

namespace checker {
namespace {

Result replay_as(const std::function<void()>& body, const Schedule& schedule, const Options& limited) {
  FaultGuard guard(limited.unresponsive);
  Ground ground(limited);
  const Subject subject{body, limited, guard, ground};
  Result result;
  result.model = schedule.model;
  result.reason = "a replay runs one execution";
  try {
    const Telling telling(subject, schedule);
    const Trace& trace = telling.runner().execution().trace;
    const std::uint32_t check = check_sum(telling.runner().machine(), trace, schedule.threads.size());
    if (check != schedule.check)
      throw ControlLost(
          "the token no longer fits: the same threads can run, but not with the operations that were recorded. "
          "The program has changed; run the check again to get a new token.");
    result.complete = telling.ending() == Ending::Assumed || telling.ending() == Ending::Overtaken ? 0 : 1;
    result.blocked = 1 - result.complete;
    result.deadlocked = telling.ending() == Ending::Deadlock ? 1 : 0;
    result.steps = trace.size();
    result.threads = telling.runner().machine().lineage().threads();
    result.visible = anything_visible(trace);
    for (const Finding& found : telling.findings()) {
      const Finding finding = as_told(found, trace);
      const EventIndex events =
          finding.kind == DefectKind::Deadlock ? trace.size() : telling.events_until(finding.event);
      std::vector<Defect>& told = finding.advisory ? result.advisories : result.defects;
      told.push_back({.kind = finding.kind,
                      .object = telling.object_name(finding),
                      .message = telling.message(finding),
                      .because = telling.because(finding),
                      .executions = 1,
                      .failed_expectation = failed_expectation(finding),
                      .witness = telling.witness(events, schedule.name)});
    }
    std::stable_sort(result.defects.begin(), result.defects.end(),
                     [](const Defect& a, const Defect& b) { return a.kind < b.kind; });
    result.outcomes.push_back({.values = telling.runner().execution().outcomes.values(),
                               .executions = 1,
                               .witness = telling.witness(trace.size(), schedule.name)});
    if (!result.defects.empty()) result.verdict = Verdict::Defect;
  } catch (const ControlLost& lost) {
    result.verdict = Verdict::ControlLost;
    result.reason = lost.what();
  }
  return result;
}

Result replay_once(const std::function<void()>& body, std::string_view token, const Options& options) {
  const Schedule schedule = Schedule::parse(token);
  Options limited = options;
  if (schedule.steps_limit != 0) limited.steps = schedule.steps_limit;
  limited.model = schedule.model;
  limited.spurious = schedule.spurious.value_or(Options().spurious);
  limited.timeouts = schedule.timeouts.value_or(Options().timeouts);
  limited.strategy = StrategyKind::Graphs;
  if (schedule.model != MemoryModel::Sc || !schedule.ages.empty()) return replay_as(body, schedule, limited);
  // A token of interleavings and one of a graph in which all reads are of the newest writes look alike.
  limited.strategy = StrategyKind::Optimal;
  Result result = replay_as(body, schedule, limited);
  if (result.verdict != Verdict::ControlLost) return result;
  limited.strategy = StrategyKind::Graphs;
  Result of_graph = replay_as(body, schedule, limited);
  return of_graph.verdict == Verdict::ControlLost ? result : of_graph;
}

}  // namespace
}  // namespace checker

Result replay(const std::function<void()>& body, std::string_view token, const Options& options) {
  return checker::in_scope([&] { return checker::replay_once(body, token, options); });
}

Result check(const Scenario& scenario, const Parameters& parameters, Options options) {
  options.name = token_name(scenario, parameters);
  return check([&] { scenario.body(parameters); }, options);
}

}  // namespace heddle
