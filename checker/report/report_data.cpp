#include "checker/report/report_data.hpp"

namespace heddle::checker {

std::string_view to_string(StrategyKind kind) noexcept {
  switch (kind) {
    case StrategyKind::Optimal: return "optimal";
    case StrategyKind::All: return "all";
    case StrategyKind::Random: return "random";
    case StrategyKind::Pct: return "pct";
    case StrategyKind::Preemptions: return "preemptions";
    case StrategyKind::Graphs: return "graphs";
  }
  return "?";
}

std::string parameters_text(const Parameters& parameters) {
  std::string text;
  for (const Parameters::Entry& entry : parameters.entries())
    text += (text.empty() ? "" : " ") + entry.declared.name + "=" + heddle::to_string(entry.value);
  return text;
}

bool as_declared(const Scenario& scenario, const Result& result) {
  const std::optional<DefectKind> expects = expected(scenario, result.model);
  if (!expects) return result.verdict == Verdict::Verified;
  return !result.defects.empty() && result.defects.front().kind == *expects;
}

std::string declared_text(const Scenario& scenario) {
  const auto text_of = [](const std::optional<DefectKind>& kind) {
    return kind ? "defect " + std::string(heddle::to_string(*kind)) : std::string("verified");
  };
  std::string text = text_of(scenario.expects);
  for (const auto& [model, kind] : scenario.expects_under)
    text += "; under " + std::string(heddle::to_string(model)) + ": " + text_of(kind);
  return text;
}

}  // namespace heddle::checker
