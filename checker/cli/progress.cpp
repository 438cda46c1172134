#include "checker/cli/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace heddle::checker {

namespace {

// Three digits are all that an estimate or a rate is worth.
std::string rounded(double value) {
  char text[32];
  if (value >= 1e12) std::snprintf(text, sizeof text, "%.3g", value);
  else if (value >= 1e9) std::snprintf(text, sizeof text, "%.3gG", value / 1e9);
  else if (value >= 1e6) std::snprintf(text, sizeof text, "%.3gM", value / 1e6);
  else if (value >= 1e3) std::snprintf(text, sizeof text, "%.3gk", value / 1e3);
  else std::snprintf(text, sizeof text, "%.0f", value);
  return text;
}

}  // namespace

std::string progress_text(const Progress& progress, const std::string& done) {
  const double seconds = std::chrono::duration<double>(progress.elapsed).count();
  std::string text = std::to_string(progress.executions) + " " + done;
  if (seconds > 0) text += ", " + rounded(static_cast<double>(progress.executions) / seconds) + "/s";
  if (progress.estimate >= static_cast<double>(progress.executions) && progress.estimate > 0) {
    text += ", of about " + rounded(progress.estimate);
    if (progress.estimate_error > 0) text += " +- " + rounded(progress.estimate_error);
  }
  return text + ", " + std::to_string(static_cast<long>(seconds)) + " s";
}

ProgressLine::ProgressLine(std::string scenario, bool terminal, std::string done)
    : scenario_(std::move(scenario)), terminal_(terminal), done_(std::move(done)) {
  winsize size{};
  if (terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1) columns_ = size.ws_col;
}

ProgressLine::~ProgressLine() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void ProgressLine::show(const Progress& progress) {
  if (terminal_) {
    // A line that wraps could not be redrawn.
    const std::string line = (scenario_ + ": " + progress_text(progress, done_)).substr(0, columns_ - 1);
    std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
    std::fflush(stderr);
    drawn_ = true;
  } else if (progress.elapsed >= next_plain_) {
    next_plain_ = progress.elapsed + std::chrono::seconds(15);
    std::fprintf(stderr, "%s: %s\n", scenario_.c_str(), progress_text(progress, done_).c_str());
  }
}

}  // namespace heddle::checker
