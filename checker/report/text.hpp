// checker/report/text.hpp - the reports that people read.
#pragma once

#include "checker/report/report_data.hpp"
#include "checker/report/source_text.hpp"
#include "checker/report/style.hpp"

#include <string>

namespace heddle::checker {

// What `check` prints: the defects with their lanes and reasons, the commands to type next, the verdict.
std::string check_text(const ReportData& data, SourceText& source, const Style& style);

// One defect: what it is, its lanes and the reasons.
std::string defect_text(const Defect& defect, SourceText& source, const Style& style);

// The verdict alone: what was found and what was covered, in one sentence.
std::string verdict_text(const ReportData& data, const Style& style);

// One row of the table of `check --model all`: what the model makes of the scenario.
std::string model_row(const ReportData& data, const Style& style);
// The line above the rows of a scenario.
std::string models_title(const ReportData& data, const Style& style);

// One line: the scenario, its verdict, the kinds of its defects.
std::string quiet_text(const ReportData& data, const Style& style);

// "forbidden: an increment is lost"; "not declared" for null.
std::string grade_text(const DeclaredOutcome* declared);

// What `outcomes` prints: every reachable outcome with its count and one witness.
std::string outcomes_text(const ReportData& data, const Style& style);

// What `replay` prints, and with `explained` what `explain` prints.
std::string replay_text(const ReportData& data, bool explained, SourceText& source, const Style& style);

}  // namespace heddle::checker
