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

Result replay_once(const std::function<void()>& body, std::string_view token, const Options& options) {
  const Schedule schedule = Schedule::parse(token);
  FaultGuard guard(options.unresponsive);
  Options limited = options;
  if (schedule.steps_limit != 0) limited.steps = schedule.steps_limit;
  limited.model = schedule.model;
  // Under sc a token of interleavings tells no ages.
  limited.strategy = schedule.ages.empty() ? StrategyKind::Optimal : StrategyKind::Graphs;
  limited.spurious = schedule.spurious.value_or(Options().spurious);
  limited.timeouts = schedule.timeouts.value_or(Options().timeouts);
  Lineage lineage;
  const Subject subject{body, limited, guard, lineage};
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
    result.complete = telling.ending() == Ending::Assumed ? 0 : 1;
    result.blocked = 1 - result.complete;
    result.deadlocked = telling.ending() == Ending::Deadlock ? 1 : 0;
    result.steps = trace.size();
    result.threads = telling.runner().machine().lineage().threads();
    result.visible = anything_visible(trace);
    for (const Finding& found : telling.findings()) {
      const Finding finding = as_told(found, trace);
      const EventIndex events =
          finding.kind == DefectKind::Deadlock ? trace.size() : telling.events_until(finding.event);
      result.defects.push_back({.kind = finding.kind,
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
