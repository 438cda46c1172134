#include "checker/gtest/failure_text.hpp"

#include "checker/core/schedule.hpp"
#include "checker/gtest/scope.hpp"
#include "checker/report/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <limits>

namespace heddle::checker {

namespace {

constexpr std::size_t width = 100;
constexpr std::size_t others_max = 5;  // further defects that a message names

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string told(const Defect& defect, std::size_t steps) {
  if (defect.witness.token.empty()) return "defect  " + wrapped(defect.message, width, 8).substr(8);
  SourceText source(".");
  return defect_text(defect, source, {.width = width, .steps = steps});
}

std::string replay_text(const std::string& token) {
  if (token.empty()) return {};
  if (!Schedule::parse(token).name.empty())
    return "replay  heddle replay " + checker::for_shell(token) + "\n";
  return "replay  heddle::replay(body, \"" + token + "\")\n";
}

std::string whole_text(const Result& result) {
  std::string text = headline(result) + "\n";
  for (const Defect& defect : result.defects)
    text += "\n" + told(defect, std::numeric_limits<std::size_t>::max()) + replay_text(defect.witness.token);
  return text;
}

std::string test_name() {
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string("heddle-") + program_invocation_short_name;
  if (test != nullptr) name += std::string("-") + test->test_suite_name() + "." + test->name();
  std::replace(name.begin(), name.end(), '/', '_');  // of parameterised tests
  return name;
}

std::string file_name(const Result& result) {
  const char* outputs = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR");
  std::string directory = outputs != nullptr && *outputs != '\0' ? outputs : testing::TempDir();
  if (directory.back() != '/') directory += '/';
  return directory + test_name() + suffix_of(result.defects.front().witness.token) + ".txt";
}

std::string shown_where(const Result& result) {
  const std::string file = file_name(result);
  std::ofstream out(file);
  out << whole_text(result);
  return out.flush() ? "trace   " + file + "\n" : "trace   (cannot write " + file + ")\n";
}

// At most so many lines: the steps in the middle are left out first.
std::string fitting(const Result& result, std::size_t lines) {
  std::string text;
  for (const std::size_t steps : {60, 36, 24, 12}) {
    text = told(result.defects.front(), steps);
    if (lines_of(text) <= lines) return text;
  }
  std::size_t end = 0;
  for (std::size_t line = 1; line < lines; ++line) end = text.find('\n', end) + 1;
  return text.substr(0, end) + "... " + counted(lines_of(text.substr(end)), "line") + " not shown ...\n";
}

std::string others(const Result& result) {
  std::string text;
  const std::size_t shown = std::min(result.defects.size(), others_max + 1);
  for (std::size_t i = 1; i < shown; ++i)
    text += "also    " + wrapped(result.defects[i].message, width, 8).substr(8);
  if (shown < result.defects.size())
    text += "also    " + counted(result.defects.size() - shown, "more defect") + "\n";
  return text;
}

}  // namespace

std::string headline(const Result& result) {
  std::string text(to_string(result.verdict));
  std::string kinds;
  for (const Defect& defect : result.defects)
    kinds += (kinds.empty() ? "" : ", ") + std::string(to_string(defect.kind));
  if (!kinds.empty()) text += " (" + kinds + ")";
  return text + ", " + counted(result.complete, "execution");
}

std::string gap_in_coverage(const Result& result) {
  if (result.exhaustive) return {};
  return result.reason.empty() ? "the strategy does not explore everything" : result.reason;
}

std::string nothing_explored(const Result& result) {
  const std::string what =
      "nothing was explored: the body has no visible operation. Only what goes through Heddle's types is "
      "visible, heddle::var, heddle::atomic, heddle::mutex and their like";
  if (!result.visible) return what;
  if (result.threads > 1 || result.complete + result.blocked > 1) return {};
  return "nothing was explored: the body has one thread only. Start the others as heddle::thread";
}

std::string told_defects(const Result& result) {
  if (result.defects.empty()) return {};
  const std::string end =
      "\n" + others(result) + replay_text(result.defects.front().witness.token) + shown_where(result);
  const std::size_t room = message_lines_max - std::min(message_lines_max / 2, lines_of(end));
  return fitting(result, room) + end;
}

}  // namespace heddle::checker
