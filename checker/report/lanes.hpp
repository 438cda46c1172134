// checker/report/lanes.hpp - an execution as a table: one column per thread, time runs downwards.
//
// Each row is a step, with its line of source on the right. In the row where another thread takes over
// although the last one could have gone on, the last one's column says "preempted"; a thread that begins
// to wait gets a row that says for what. When the columns do not fit the width, the steps are listed one
// under the other with the thread's name.
#pragma once

#include "checker/report/source_text.hpp"
#include "checker/report/style.hpp"

#include <heddle/result.hpp>

#include <string>

namespace heddle::checker {

std::string lanes(const Witness& witness, SourceText& source, const Style& style);

// "read count = 0": a step without its thread.
std::string step_text(const Step& step);

}  // namespace heddle::checker
