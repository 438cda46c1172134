#include "checker/core/format.hpp"
#include "checker/report/native_report.hpp"
#include "checker/report/report_data.hpp"
#include "checker/report/text.hpp"

#include <algorithm>
#include <cstdio>
#include <span>

namespace heddle::checker {

namespace {

using native::ComparedOutcome;
using native::Reachable;
using native::Seen;

// More outcomes than this are listed by their frequency, the most frequent ones.
constexpr std::size_t outcomes_shown = 40;
// The most frequent ones.
constexpr std::size_t failures_shown = 5;

// "268,288"
std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3;) text.insert(place -= 3, ",");
  return text;
}

std::string number(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string head(const NativeReport& report, const Style& style) {
  const heddle::native::Result& seen = report.seen;
  std::string out = style.paint(Tone::Title, report.scenario.name);
  if (const std::string parameters = parameters_text(report.parameters); !parameters.empty())
    out += "  " + parameters;
  const double seconds = std::chrono::duration<double>(seen.elapsed).count();
  std::string how = grouped(seen.runs) + (seen.runs == 1 ? " run" : " runs") + " on this machine in " +
                    number("%.1f s", seconds);
  if (seconds > 0)
    how += " (" + grouped(static_cast<std::uint64_t>(static_cast<double>(seen.runs) / seconds)) + "/s)";
  how += seen.form == heddle::native::Form::Stress ? ", the threads of many instances side by side (stress)"
                                                   : ", each with threads of its own (whole)";
  if (!seen.form_reason.empty()) how += ". Not the stress form: " + seen.form_reason;
  return out + "\n" + wrapped(how + ".", style.width, 0);
}

std::string reachable_text(Reachable reachable) {
  switch (reachable) {
    case Reachable::Yes: return "reachable";
    case Reachable::No: return "not reachable";
    case Reachable::Unknown: return "not reached so far";
  }
  return {};
}

std::string outcome_text(const NativeReport& report, const ComparedOutcome& outcome, std::size_t width,
                         const Style& style) {
  const std::string values = values_text(outcome.values);
  const bool alarm = outcome.runs > 0 && outcome.reachable == Reachable::No;
  const std::string margin(width + 4, ' ');
  std::string out = "  " + padded(values, width) + "  " + padded(std::string(to_string(outcome.seen)), 9) +
                    aligned(grouped(outcome.runs), 13) + aligned(number("%.3f", 100 * outcome.share), 9) +
                    " %  ";
  const std::string reachable = reachable_text(outcome.reachable);
  out += alarm ? style.paint(Tone::Bad, "NOT REACHABLE") : reachable;
  if (report.comparison.graded)
    out += ", " + (outcome.grade ? std::string(heddle::to_string(*outcome.grade)) : "not declared");
  out += "\n";
  if (!outcome.because.empty()) out += wrapped(outcome.because, style.width, margin.size());
  if (outcome.seen == Seen::Never && !outcome.token.empty())
    out += margin + style.program + " explain " + for_shell(outcome.token) + "\n";
  return out;
}

std::string outcomes_table(const NativeReport& report, const Style& style) {
  std::vector<ComparedOutcome> shown = report.comparison.outcomes;
  if (shown.empty()) return "  no run recorded an outcome\n";
  const std::size_t all = shown.size();
  if (all > outcomes_shown) {
    std::stable_sort(shown.begin(), shown.end(),
                     [](const auto& a, const auto& b) { return a.runs > b.runs; });
    shown.resize(outcomes_shown);
  }
  std::size_t width = std::string_view("outcome").size();
  for (const ComparedOutcome& outcome : shown) width = std::max(width, values_text(outcome.values).size());
  std::string out = "  " + padded("outcome", width) + "  " + padded("seen", 9) + aligned("runs", 13) +
                    aligned("share", 9) + "    in the model (sc)\n";
  for (const ComparedOutcome& outcome : shown) out += outcome_text(report, outcome, width, style);
  if (all > shown.size())
    out += "  and " + std::to_string(all - shown.size()) + " more; --json lists all of them\n";
  return out;
}

std::string failures_text(const NativeReport& report, const Style& style) {
  const std::vector<heddle::native::Failure>& all = report.seen.failures;
  std::string out;
  for (const heddle::native::Failure& failure : std::span(all).first(std::min(all.size(), failures_shown)))
    out += style.paint(Tone::Bad, "failed") + "  " +
           wrapped(failure.message + ", in " + grouped(failure.runs) +
                       (failure.runs == 1 ? " run" : " runs, the first of them") + ": run " +
                       grouped(failure.first),
                   style.width, 8)
               .substr(8);
  if (all.size() > failures_shown)
    out +=
        "        and " + std::to_string(all.size() - failures_shown) + " other messages; --json lists all\n";
  return out;
}

std::string fault_text(const heddle::native::Fault& fault, const Style& style) {
  const char* word = "crashed";
  if (fault.kind == heddle::native::Fault::Kind::Hang) word = fault.deadlock ? "deadlock" : "hangs";
  if (fault.kind == heddle::native::Fault::Kind::Exit) word = "ended";
  const std::string text =
      (fault.run == 0 ? std::string("before the first run: ") : "in run " + grouped(fault.run) + ": ") +
      fault.message;
  const std::size_t indent = std::string(word).size() + 2;
  std::string out = style.paint(Tone::Bad, word) + "  " + wrapped(text, style.width, indent).substr(indent);
  for (const heddle::native::Waiting& each : fault.threads) {
    const location where{each.file.empty() ? nullptr : each.file.c_str(), each.line};
    out += wrapped(each.thread + " " + each.what + place_text(where), style.width, 4);
  }
  return out;
}

std::string output_text(const std::string& output, const Style& style) {
  if (output.empty()) return {};
  return style.paint(Tone::Title, "what it printed") + "\n" + output + (output.back() == '\n' ? "" : "\n");
}

std::string missed_text(const NativeReport& report, const Style& style) {
  std::string out;
  for (const native::Missed& missed : report.comparison.missed)
    out += style.paint(Tone::Doubtful, "never seen") + "  " +
           wrapped("in the model: " + missed.message, style.width, 12).substr(12) + "            " +
           style.program + " explain " + for_shell(missed.token) + "\n";
  return out;
}

// What the numbers say and what they do not.
std::string conclusion(const NativeReport& report, const Style& style) {
  const native::Comparison& comparison = report.comparison;
  const heddle::Result& model = report.model;
  std::string out;
  if (!comparison.unreachable.empty()) {
    std::string text = "on this machine there was ";
    for (std::size_t i = 0; i < comparison.unreachable.size(); ++i)
      text += (i == 0 ? "" : ", and ") + comparison.unreachable[i];
    text += ". None of the " + counted(model.complete, "execution") + " of the model has that. ";
    text += comparison.weak ? "The scenario has memory orders weaker than seq_cst, or data races: not "
                              "reachable under sc; a weaker model may allow it."
                            : "The scenario has only locks and seq_cst, so this is a bug of the model, or of "
                              "the machine.";
    out += style.paint(Tone::Bad, "NOT REACHABLE") + "  " + wrapped(text, style.width, 15).substr(15) + "\n";
  }
  const auto never =
      static_cast<std::int64_t>(comparison.missed.size()) +
      std::count_if(comparison.outcomes.begin(), comparison.outcomes.end(),
                    [](const ComparedOutcome& outcome) {
                      return outcome.seen == Seen::Never && outcome.reachable == Reachable::Yes;
                    });
  std::string text;
  if (never > 0)
    text += std::string("Never seen is not impossible: the ") +
            (never == 1 ? "token above reaches it. " : "tokens above reach it. ");
  if (report.seen.discarded > 0) text += counted(report.seen.discarded, "run") + " left out, by assume(). ";
  if (report.seen.interrupted) text += "Interrupted: this is what there was so far. ";
  if (model.exhaustive)
    text += "The model was explored completely: " + counted(model.complete, "execution") + ".";
  else
    text += "The model was NOT explored completely (" + counted(model.complete, "execution") + ")" +
            (model.reason.empty() ? "" : ": " + model.reason) +
            ". Whether what it did not reach is reachable, nobody knows.";
  return out + wrapped(text, style.width, 0);
}

}  // namespace

std::string native_text(const NativeReport& report, const Style& style) {
  std::string out = head(report, style) + "\n" + outcomes_table(report, style) + "\n";
  std::string wrong = failures_text(report, style);
  if (report.seen.fault)
    wrong += fault_text(*report.seen.fault, style) + output_text(report.seen.output, style);
  wrong += missed_text(report, style);
  if (!wrong.empty()) out += wrong + "\n";
  return out + conclusion(report, style);
}

std::string scaling_text(const std::vector<Scaling>& all, const Style& style) {
  std::string out;
  for (const Scaling& scaling : all) {
    out += style.paint(Tone::Title, scaling.scenario.name) + "  " +
           grouped(static_cast<std::uint64_t>(scaling.work)) + " increments in all\n";
    out += "  threads         ms   speed-up\n";
    for (const Scaling::Row& row : scaling.rows) {
      const std::chrono::duration<double, std::milli> took = row.run;
      out += aligned(std::to_string(row.threads), 9) + aligned(number("%.2f", took.count()), 11) +
             aligned(number("%.2f", scaling.rows.front().run / took), 11) + "\n";
    }
    out += "\n";
  }
  return out +
         wrapped(
             "A measurement of this machine as it was just now: the mean of several runs each, with every thread kept on a processor. Threads "
             "that work on one variable do not get faster with their number.",
             style.width, 0);
}

}  // namespace heddle::checker
