// checker/report/json.hpp - results as JSON, one object per line. The schema is docs/formats.md.
#pragma once

#include "checker/report/report_data.hpp"

#include <string>
#include <vector>

namespace heddle::checker {

// Schema heddle.check/1, without a newline. `peak_rss_bytes` is the process's.
std::string check_json(const ReportData& data);
// Schema heddle.outcomes/1.
std::string outcomes_json(const ReportData& data);
// Schema heddle.replay/1.
std::string replay_json(const ReportData& data);
// Schema heddle.list/1, one line per scenario.
std::string list_json(const std::vector<const Scenario*>& scenarios);

// A witness in a file of its own, schema heddle.schedule/1.
std::string schedule_json(const std::string& scenario, const Parameters& parameters, const Defect& defect);

// What such a file says. `scenario` and `kind` are empty where it does not say it.
struct ScheduleFile {
  std::string scenario;
  std::string kind;
  std::string token;
};
// Throws std::invalid_argument. A file that holds nothing but a token will do.
ScheduleFile schedule_in(const std::string& text);

}  // namespace heddle::checker
