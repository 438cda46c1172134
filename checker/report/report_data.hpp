// checker/report/report_data.hpp - one scenario's result: what every format of report is made from.
#pragma once

#include <heddle/options.hpp>
#include <heddle/result.hpp>
#include <heddle/scenario.hpp>

#include <string>
#include <string_view>

namespace heddle::checker {

struct ReportData {
  const Scenario& scenario;
  const Parameters& parameters;
  const Options& options;
  const Result& result;
};

std::string_view to_string(StrategyKind) noexcept;

// "threads=2 increments=1"; empty without parameters.
std::string parameters_text(const Parameters&);

// Whether the result is what the scenario declares under the model: its kind of defect reported first, or
// verified.
bool as_declared(const Scenario&, const Result&);
// "verified", "defect lost-update", with what differs under other models: "verified; under rc11: defect
// stale-read".
std::string declared_text(const Scenario&);

}  // namespace heddle::checker
