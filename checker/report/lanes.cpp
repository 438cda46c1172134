#include "checker/report/lanes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace heddle::checker {

namespace {

constexpr std::size_t digits_least = 4;
constexpr std::size_t gap = 2;
constexpr std::size_t source_least = 14;  // columns worth filling with source text
constexpr std::size_t lane_least = 9;     // "preempted"

struct Row {
  std::string number;                        // of the step; empty for a row between steps
  std::map<std::string, std::string> cells;  // by thread
  std::string preempted;                     // the thread whose cell says so
  std::string thread;                        // whose step it is
  std::string text;
  const Step* step = nullptr;
};

std::vector<Row> rows_of(const Witness& witness, std::size_t steps_shown_max) {
  const std::size_t steps_at_end = steps_shown_max / 3;
  std::vector<Row> rows;
  std::string last;
  for (std::size_t i = 0; i < witness.steps.size(); ++i) {
    const Step& step = witness.steps[i];
    if (witness.steps.size() > steps_shown_max && i >= steps_shown_max - steps_at_end &&
        i < witness.steps.size() - steps_at_end) {
      if (i == steps_shown_max - steps_at_end)
        rows.push_back(
            {.number = {},
             .cells = {},
             .preempted = {},
             .thread = {},
             .text = "... " + counted(witness.steps.size() - steps_shown_max, "step") + " not shown ...",
             .step = nullptr});
      last = step.thread;
      continue;
    }
    Row row{.number = std::to_string(step.index + 1),
            .cells = {{step.thread, step_text(step)}},
            .preempted = {},
            .thread = step.thread,
            .text = step_text(step),
            .step = &step};
    if (step.preempted) {
      row.preempted = last;
      row.cells[last] = "preempted";
    }
    rows.push_back(std::move(row));
    for (const Wait& wait : step.waits) {
      const std::string text = "waits: " + wait.because;
      rows.push_back({.number = {},
                      .cells = {{wait.thread, text}},
                      .preempted = {},
                      .thread = wait.thread,
                      .text = text,
                      .step = nullptr});
    }
    last = step.thread;
  }
  return rows;
}

std::string shortened(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 3) + "...";
}

std::string base_name(const std::string& file) { return file.substr(file.rfind('/') + 1); }

// Without blanks at the end.
std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

class Table {
 public:
  Table(const Witness& witness, SourceText& source, const Style& style)
      : rows_(rows_of(witness, style.steps)), source_(source), style_(style) {
    for (const std::string& thread : witness.threads) {
      const bool used =
          std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row.cells.contains(thread); });
      if (used) threads_.push_back(thread);
    }
    for (const Row& row : rows_) {
      for (const auto& [thread, text] : row.cells)
        widths_[thread] =
            std::max({widths_[thread], text.size(), thread.size(), row.preempted.empty() ? 0 : lane_least});
      if (row.step != nullptr && !row.step->file.empty()) files_.insert(row.step->file);
    }
  }

  std::string text() {
    std::string out = heading();
    out += fits() ? as_lanes() : as_list();
    return out;
  }

 private:
  std::size_t number_width() const {
    std::size_t digits = digits_least;
    for (const Row& row : rows_) digits = std::max(digits, row.number.size());
    return digits + gap;
  }
  std::size_t lanes_width() const {
    std::size_t width = number_width();
    for (const std::string& thread : threads_) width += widths_.at(thread) + gap;
    return width;
  }
  std::size_t place_width() const {
    std::size_t width = 0;
    for (const Row& row : rows_)
      if (row.step != nullptr) width = std::max(width, place(*row.step).size());
    return width;
  }
  bool fits() const { return lanes_width() + place_width() + gap + source_least <= style_.width; }

  std::string heading() const {
    if (files_.size() != 1) return {};
    return style_.paint(Tone::Quiet, "  in " + *files_.begin()) + "\n";
  }
  // The line, with the file where there are several.
  std::string place(const Step& step) const {
    if (step.file.empty()) return {};
    return (files_.size() == 1 ? std::string() : base_name(step.file) + ":") + std::to_string(step.line);
  }
  std::string source_of(const Row& row, std::size_t used) {
    if (row.step == nullptr || row.step->file.empty()) return {};
    const std::string where = aligned(place(*row.step), place_width());
    const std::size_t room = style_.width - std::min(style_.width, used + where.size() + gap);
    return where + "  " +
           (room < source_least ? std::string()
                                : shortened(source_.line(row.step->file, row.step->line), room));
  }

  std::string as_lanes() {
    std::string line = aligned("step", number_width() - gap) + "  ";
    for (const std::string& thread : threads_) line += padded(thread, widths_.at(thread) + gap);
    std::string out = style_.paint(Tone::Title, trimmed(line)) + "\n";
    for (const Row& row : rows_) {
      if (row.cells.empty()) {
        out += std::string(number_width(), ' ') + row.text + "\n";
        continue;
      }
      line = aligned(row.number, number_width() - gap) + "  ";
      for (const std::string& thread : threads_) {
        const auto cell = row.cells.find(thread);
        line += padded(cell == row.cells.end() ? "" : cell->second, widths_.at(thread) + gap);
      }
      out += trimmed(line + source_of(row, lanes_width())) + "\n";
    }
    return out;
  }

  std::string as_list() {
    std::size_t thread_width = 6;
    std::size_t text_width = 9;
    for (const Row& row : rows_) {
      thread_width = std::max(thread_width, row.thread.size());
      if (row.step != nullptr) text_width = std::max(text_width, row.text.size());
    }
    const auto row_text = [&](const std::string& number, const std::string& thread, const std::string& text) {
      return aligned(number, number_width() - gap) + "  " + padded(thread, thread_width + gap) +
             padded(text, text_width + gap);
    };
    std::string out = style_.paint(Tone::Title, trimmed(row_text("step", "thread", "operation"))) + "\n";
    for (const Row& row : rows_) {
      if (!row.preempted.empty()) out += trimmed(row_text("", row.preempted, "preempted")) + "\n";
      const std::string line = row_text(row.number, row.thread, row.text);
      out += trimmed(line + source_of(row, line.size())) + "\n";
    }
    return out;
  }

  std::vector<Row> rows_;
  SourceText& source_;
  const Style& style_;
  std::vector<std::string> threads_;
  std::map<std::string, std::size_t> widths_;
  std::set<std::string> files_;
};

}  // namespace

std::string step_text(const Step& step) {
  std::string text = step.operation;
  if (!step.object.empty()) text += " " + step.object;
  if (!step.value.empty()) text += (step.operation == "read" ? " = " : " ") + step.value;
  return text;
}

std::string lanes(const Witness& witness, SourceText& source, const Style& style) {
  if (witness.steps.empty()) return "  no visible operation\n";
  return Table(witness, source, style).text();
}

}  // namespace heddle::checker
