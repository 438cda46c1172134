#include "checker/report/text.hpp"

#include "checker/core/format.hpp"
#include "checker/report/lanes.hpp"

#include <algorithm>

namespace heddle::checker {

namespace {

std::string title(const ReportData& data, const Style& style) {
  std::string line = style.paint(Tone::Title, data.scenario.name);
  if (const std::string parameters = parameters_text(data.parameters); !parameters.empty())
    line += "  " + parameters;
  return line + "\n";
}

std::string preemptions_text(const Witness& witness) {
  if (witness.preemptions == 0) return "without any preemption";
  std::string text = "with " + counted(witness.preemptions, "preemption");
  if (witness.fewest) text += "; no execution with fewer shows it";
  return text;
}

std::string reasons(const Defect& defect, const Style& style) {
  std::string out;
  for (const std::string& reason : defect.because) out += wrapped(reason, style.width, 2);
  return out;
}

// A defect after the first, in two lines.
std::string also_text(const Defect& defect, const Style& style) {
  std::string out =
      style.paint(Tone::Bad, "also") + "    " + wrapped(defect.message, style.width, 8).substr(8);
  if (!defect.witness.token.empty())
    return out + "  " + style.program + " explain " + for_shell(defect.witness.token) + "\n";
  return out + reasons(defect, style);
}

// The parameters that differ from their defaults, as options.
std::string settings_text(const Parameters& parameters) {
  std::string text;
  for (const Parameters::Entry& entry : parameters.entries())
    if (entry.value != entry.declared.standard)
      text += " --set " + entry.declared.name + "=" + heddle::to_string(entry.value);
  return text;
}

std::string model_option(MemoryModel model) {
  return model == MemoryModel::Sc ? std::string() : " --model " + std::string(heddle::to_string(model));
}

std::string next_text(const ReportData& data, const Style& style) {
  const std::string token = for_shell(data.result.defects.front().witness.token);
  std::string out = "next\n";
  out += "  " + style.program + " replay " + token + "\n";
  out += "  " + style.program + " explain " + token + "\n";
  if (!data.scenario.pair.empty() && expected(data.scenario, data.result.model))
    out += "  " + style.program + " check " + data.scenario.pair + settings_text(data.parameters) +
           model_option(data.result.model) + "\n";
  return out;
}

// "All 2 executions explored, one per equivalence class of interleavings (exhaustive)", or how far it got.
std::string coverage_text(const ReportData& data) {
  const Result& result = data.result;
  const StrategyKind strategy = data.options.strategy;
  std::string text;
  if (result.exhaustive) {
    text = (result.complete == 1 ? "" : "All ") + counted(result.complete, "execution");
    text += " explored";
    if (explores_graphs(data.options)) text += ", one per execution graph";
    else if (strategy == StrategyKind::Optimal) text += ", one per equivalence class of interleavings";
    if (strategy == StrategyKind::All) text += ", every interleaving";
    text += " (exhaustive)";
  } else {
    text = counted(result.complete, "execution") + " explored (" +
           std::string(to_string(explores_graphs(data.options) ? StrategyKind::Graphs : strategy));
    if (strategy == StrategyKind::Random || strategy == StrategyKind::Pct)
      text += ", seed " + std::to_string(data.options.seed);
    text += "), NOT exhaustive";
    if (!result.reason.empty()) text += ": " + result.reason;
  }
  if (result.blocked > 0) text += "; " + std::to_string(result.blocked) + " abandoned before their end";
  return text + ".";
}

// What a proof speaks of: "It watched 2 mutexes and 1 variable; plain variables are not seen."
std::string watched_text(const Result& result) {
  std::string text = "It watched ";
  for (std::size_t i = 0; i < result.watched.size(); ++i) {
    auto [kind, count] = result.watched[i];
    std::replace(kind.begin(), kind.end(), '_', ' ');
    if (count == 1) kind.resize(kind.size() - (kind.ends_with("xes") || kind.ends_with("hes") ? 2 : 1));
    if (count == 1 && kind == "historie") kind = "history";
    text += (i == 0                           ? ""
             : i + 1 == result.watched.size() ? " and "
                                              : ", ") +
            std::to_string(count) + " " + kind;
  }
  return text + "; plain variables are not seen.";
}

// Step by step in words: what each step saw and where that came from.
std::string narration(const Witness& witness, const Style& style) {
  std::string out = "step by step\n";
  std::string last;
  for (const Step& step : witness.steps) {
    std::string text = std::to_string(step.index + 1) + ". " + step.thread + ": " + step_text(step);
    if (!step.order.empty()) text += " (" + step.order + ")";
    if (step.reads_from == Step::initially) text += ", the initial value";
    if (step.reads_from >= 0) {
      const Step& writer = witness.steps[static_cast<std::size_t>(step.reads_from)];
      text += ", which " + (writer.thread == step.thread ? "it" : writer.thread) + " wrote at step " +
              std::to_string(writer.index + 1);
    }
    if (step.stale) {
      const Step& newer = witness.steps[static_cast<std::size_t>(step.overlooked)];
      text += (step.reads_from == Step::none ? ", in coherence order before the write of " : ", not what ") +
              newer.thread + (step.reads_from == Step::none ? "" : " wrote") + " at step " +
              std::to_string(newer.index + 1);
    }
    if (step.preempted) text += ", preempting " + last;
    last = step.thread;
    out += wrapped(text + ".", style.width, 2);
    for (const Wait& wait : step.waits)
      out += wrapped(wait.thread + " now waits: " + wait.because + ".", style.width, 5);
  }
  return out;
}

}  // namespace

std::string grade_text(const DeclaredOutcome* declared) {
  if (declared == nullptr) return "not declared";
  std::string text(heddle::to_string(declared->grade));
  if (!declared->because.empty()) text += ": " + declared->because;
  return text;
}

std::string defect_text(const Defect& defect, SourceText& source, const Style& style) {
  std::string out =
      style.paint(Tone::Bad, "defect") + "  " + wrapped(defect.message, style.width, 8).substr(8) + "\n";
  out += lanes(defect.witness, source, style);
  out += "\nwhy (" + preemptions_text(defect.witness) + ")\n";
  return out + reasons(defect, style);
}

namespace {

std::string advisory_line(const Defect& advisory, const Style& style) {
  return style.paint(Tone::Doubtful, "advisory") + "  " +
         wrapped(advisory.message, style.width, 10).substr(10);
}

// With the token of an execution that shows it, if there is one.
std::string advisory_text(const Defect& advisory, const Style& style) {
  std::string out = advisory_line(advisory, style) + reasons(advisory, style);
  if (!advisory.witness.token.empty())
    out += "  " + style.program + " explain " + for_shell(advisory.witness.token) + "\n";
  return out;
}

}  // namespace

std::string verdict_text(const ReportData& data, const Style& style) {
  const Result& result = data.result;
  std::string sentence;
  Tone tone = Tone::Doubtful;
  switch (result.verdict) {
    case Verdict::Verified:
      tone = Tone::Good;
      sentence =
          "no defect under " + std::string(heddle::to_string(data.result.model)) + ". " + coverage_text(data);
      if (!result.watched.empty()) sentence += " " + watched_text(result);
      if (!result.visible)
        sentence +=
            " Nothing was explored, though: the scenario performs no operation that the checker can see.";
      break;
    case Verdict::Defect:
      tone = Tone::Bad;
      sentence = counted(result.defects.size(), "defect") + ". " + coverage_text(data);
      break;
    case Verdict::Inconclusive: sentence = "no defect so far. " + coverage_text(data); break;
    case Verdict::ControlLost: sentence = result.reason; break;
  }
  const std::string word(to_string(result.verdict));
  const std::string text = wrapped(word + ": " + sentence, style.width, 0);
  return style.paint(tone, word) + text.substr(word.size());
}

std::string quiet_text(const ReportData& data, const Style& style) {
  const Result& result = data.result;
  const Tone tone = result.verdict == Verdict::Verified ? Tone::Good
                    : result.verdict == Verdict::Defect ? Tone::Bad
                                                        : Tone::Doubtful;
  const std::string model = data.result.model == MemoryModel::Sc
                                ? ""
                                : " under " + std::string(heddle::to_string(data.result.model));
  std::string text = data.scenario.name + model + ": " + style.paint(tone, to_string(result.verdict)) + ", " +
                     counted(result.complete, "execution");
  for (std::size_t i = 0; i < result.defects.size(); ++i) {
    const DefectKind kind = result.defects[i].kind;  // in this order: once each
    if (i == 0 || result.defects[i - 1].kind != kind) text += ", " + std::string(to_string(kind));
  }
  return text + "\n";
}

std::string models_title(const ReportData& data, const Style& style) { return title(data, style); }

std::string model_row(const ReportData& data, const Style& style) {
  const Result& result = data.result;
  const bool good = result.verdict == Verdict::Verified;
  std::string verdict(to_string(result.verdict));
  if (!result.defects.empty()) verdict = to_string(result.defects.front().kind);
  std::string model(heddle::to_string(data.result.model));
  model.resize(6, ' ');
  const std::string cell = verdict + std::string(verdict.size() < 14 ? 14 - verdict.size() : 1, ' ');
  std::string row = "  " + model;
  row += style.paint(good                                ? Tone::Good
                     : result.verdict == Verdict::Defect ? Tone::Bad
                                                         : Tone::Doubtful,
                     cell);
  row += counted(result.complete, "execution");
  if (result.blocked > 0) row += ", " + std::to_string(result.blocked) + " abandoned";
  row += "\n";
  if (!good && result.defects.empty()) return row + wrapped(result.reason, style.width, 8);
  for (const Defect& defect : result.defects) {
    row += wrapped(defect.message, style.width, 8);
    if (!defect.witness.token.empty())
      row += "        " + style.program + " explain " + for_shell(defect.witness.token) + "\n";
  }
  return row;
}

std::string check_text(const ReportData& data, SourceText& source, const Style& style) {
  const Result& result = data.result;
  std::string out = title(data, style);
  if (result.verdict == Verdict::Defect) {
    out += defect_text(result.defects.front(), source, style) + "\n";
    for (std::size_t i = 1; i < result.defects.size(); ++i) out += also_text(result.defects[i], style);
    if (result.defects.size() > 1) out += "\n";
    out += next_text(data, style) + "\n";
  }
  for (const Defect& advisory : result.advisories) out += advisory_text(advisory, style) + "\n";
  return out + verdict_text(data, style);
}

std::string outcomes_text(const ReportData& data, const Style& style) {
  const Result& result = data.result;
  std::string out = title(data, style);
  if (result.outcomes.empty()) out += "  no execution recorded an outcome\n";
  const std::vector<DeclaredOutcome> declared = declared_outcomes(data.scenario, data.parameters);
  std::vector<std::string> shown;
  std::size_t width = 0;
  for (const Outcome& outcome : result.outcomes) {
    std::string values;
    for (const auto& [name, value] : outcome.values)
      values += (values.empty() ? "" : "  ") + name + "=" + value;
    width = std::max(width, values.size());
    shown.push_back(std::move(values));
  }
  for (std::size_t i = 0; i < shown.size(); ++i) {
    shown[i].resize(width, ' ');
    out += "  " + shown[i] + "  " + counted(result.outcomes[i].executions, "execution");
    if (!declared.empty())
      out += "; " + grade_text(find_declared(declared, values_text(result.outcomes[i].values)));
    out += "\n";
    out += "  " + std::string(width, ' ') + "  " + style.program + " explain " +
           for_shell(result.outcomes[i].witness.token) + "\n";
  }
  for (const Defect& defect : result.defects)
    out += style.paint(Tone::Bad, "defect") + "  " + wrapped(defect.message, style.width, 8).substr(8) +
           "  " + style.program + " explain " + for_shell(defect.witness.token) + "\n";
  return out + "\n" + verdict_text(data, style);
}

std::string replay_text(const ReportData& data, bool explained, SourceText& source, const Style& style) {
  const Result& result = data.result;
  std::string out = title(data, style);
  if (result.verdict == Verdict::ControlLost) return out + verdict_text(data, style);
  const Outcome& outcome = result.outcomes.front();
  out += lanes(outcome.witness, source, style) + "\n";
  for (const Defect& defect : result.defects) {
    out += style.paint(Tone::Bad, "defect") + "  " + wrapped(defect.message, style.width, 8).substr(8);
    if (explained) out += reasons(defect, style);
  }
  for (const Defect& advisory : result.advisories) out += advisory_line(advisory, style);
  if (explained)
    out += (result.defects.empty() && result.advisories.empty() ? "" : "\n") +
           narration(outcome.witness, style) + "\n";
  std::string end;
  for (const auto& [name, value] : outcome.values) end += (end.empty() ? "" : ", ") + name + "=" + value;
  for (const Defect& defect : result.defects) {
    end += (end.empty() ? "" : "; ") + std::string(to_string(defect.kind));
    if (!defect.object.empty()) end += " on " + defect.object;
  }
  const std::string text = wrapped("replayed: " + (end.empty() ? std::string("no outcome") : end) +
                                       (result.defects.empty() ? ", no defect" : "") + ".",
                                   style.width, 0);
  return out + style.paint(result.defects.empty() ? Tone::Title : Tone::Bad, "replayed") + text.substr(8);
}

}  // namespace heddle::checker
