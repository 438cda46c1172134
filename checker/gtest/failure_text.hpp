// checker/gtest/failure_text.hpp - a Result as the message of a test that failed.
#pragma once

#include <heddle/result.hpp>

#include <cstddef>
#include <string>

namespace heddle::checker {

// A message is not longer than this; what is left out is in a file.
constexpr std::size_t message_lines_max = 60;

// "defect (lost-update), 2 executions": in half a line.
std::string headline(const Result& result);

// Why the result is not a proof; "exhaustive" results give an empty string.
std::string gap_in_coverage(const Result& result);

// Why there was nothing to explore: no visible operation, or one thread that does not choose. Else empty.
std::string nothing_explored(const Result& result);

// The first defect with its lanes, reasons and token, the others in a line each, and where the file with all
// of it is, which this writes. Empty for a result without defects.
std::string told_defects(const Result& result);

}  // namespace heddle::checker
