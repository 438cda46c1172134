// checker/cli/progress.hpp - how far an exploration has got, on standard error.
//
// On a terminal one line that is redrawn; otherwise a plain line every 15 seconds.
#pragma once

#include <heddle/options.hpp>

#include <chrono>
#include <string>

namespace heddle::checker {

class ProgressLine {
 public:
  explicit ProgressLine(std::string scenario, bool terminal) : scenario_(std::move(scenario)), terminal_(terminal) {}
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress);

 private:
  std::string scenario_;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::nanoseconds next_plain_ = std::chrono::seconds(15);
};

// "12,870 explored, 1.2M/s, about 70% (estimate 18,000 +- 2,000), 3 s"
std::string progress_text(const Progress& progress);

}  // namespace heddle::checker
