// checker/report/native_report.hpp - native runs beside the model, as text and as JSON.
#pragma once

#include "checker/native/comparison.hpp"
#include "checker/report/style.hpp"

#include <heddle/native.hpp>
#include <heddle/result.hpp>
#include <heddle/scenario.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace heddle::checker {

// What `native` reports of one scenario.
struct NativeReport {
  const Scenario& scenario;
  const Parameters& parameters;
  const heddle::native::Result& seen;
  const heddle::Result& model;  // explored with witnesses
  const native::Comparison& comparison;
};

std::string native_text(const NativeReport& report, const Style& style);
// Schema heddle.native/1, without a newline.
std::string native_json(const NativeReport& report);

// The same total work on more and more threads.
struct Scaling {
  const Scenario& scenario;
  std::int64_t work;  // increments of all threads together
  struct Row {
    std::int64_t threads;
    std::chrono::nanoseconds run;  // the mean of some
  };
  std::vector<Row> rows;  // the first on one thread
};

std::string scaling_text(const std::vector<Scaling>& all, const Style& style);
// Schema heddle.scaling/1, one line per scenario.
std::string scaling_json(const std::vector<Scaling>& all);

}  // namespace heddle::checker
