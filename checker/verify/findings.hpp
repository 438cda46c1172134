// checker/verify/findings.hpp - from what the detectors noticed to what is a defect of the execution.
#pragma once

#include "checker/core/execution.hpp"
#include "checker/core/hash.hpp"

#include <vector>

namespace heddle::checker {

// The defects of an execution, each identity once. A lost update explains a failed expectation about its
// object, and a stale read one of whatever it led to: the two become one finding, established where the
// expectation failed. A lost update that is neither compound nor explains anything is dropped.
void settle(const Execution& execution, std::vector<Finding>& settled);

// A lost update that explains a failed expectation, but whose read had missed the lost write that was there
// already, is a stale read. To be asked of the order in which the execution is told.
Finding as_told(Finding finding, const Trace& told);

// Findings with equal identity are one defect, found in several executions.
Hash identity(const Finding& finding);

// Whether it is a failed expectation, or a lost update that explains one.
bool failed_expectation(const Finding& finding);

// Whether the same expectation fails without the lost update that was said to explain it: then what was
// written may not have been based on what was read, and that is not the cause.
bool fails_without(const Finding& failure, const Finding& lost_update);

// Whether a search may stop at this. A data race is worth knowing, but what it does is worth more: the search
// goes on for the consequence. What is advisory decides nothing.
bool conclusive(const Finding& finding);

// Whether nothing is known of what a program does after this defect.
bool leaves_undefined(DefectKind kind);

}  // namespace heddle::checker
