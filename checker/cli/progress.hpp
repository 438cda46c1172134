// checker/cli/progress.hpp - how far an exploration or native runs have got, on standard error.
//
// On a terminal one line that is redrawn; otherwise a plain line every 15 seconds.
#pragma once

#include <heddle/options.hpp>

#include <chrono>
#include <string>

namespace heddle::checker {

class ProgressLine {
 public:
  // `done`: what the number counts.
  ProgressLine(std::string scenario, bool terminal, std::string done = "explored");
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress);

 private:
  std::string scenario_;
  bool terminal_;
  std::string done_;
  std::size_t columns_ = 80;
  bool drawn_ = false;
  std::chrono::nanoseconds next_plain_ = std::chrono::seconds(15);
};

// "12870 explored, 4.29k/s, of about 18k +- 2k, 3 s"
std::string progress_text(const Progress& progress, const std::string& done = "explored");

}  // namespace heddle::checker
