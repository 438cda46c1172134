#include "checker/native/comparison.hpp"

#include "checker/core/format.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace heddle::checker::native {

namespace {

using heddle::native::Fault;
using Kinds = std::initializer_list<DefectKind>;

const Defect* find_defect(const heddle::Result& model, Kinds kinds) {
  const auto found = std::find_if(model.defects.begin(), model.defects.end(), [&](const Defect& defect) {
    return std::find(kinds.begin(), kinds.end(), defect.kind) != kinds.end();
  });
  return found == model.defects.end() ? nullptr : &*found;
}

// The defect of the model that a failed run shows.
const Defect* find_failure(const heddle::Result& model) {
  const auto found = std::find_if(model.defects.begin(), model.defects.end(),
                                  [](const Defect& defect) { return defect.failed_expectation; });
  if (found != model.defects.end()) return &*found;
  return find_defect(model, {DefectKind::Assertion, DefectKind::Exception});
}

// The defect of the model that the end of the process shows. After one of the kinds that are listed last
// anything may happen.
const Defect* find_fault(const heddle::Result& model, Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::Hang:
      return find_defect(model, {DefectKind::Deadlock, DefectKind::LostWakeup, DefectKind::Livelock,
                                 DefectKind::StepLimit, DefectKind::MutexMisuse, DefectKind::UseAfterFree});
    case Fault::Kind::Crash:
    case Fault::Kind::Exit:
      return find_defect(model, {DefectKind::Crash, DefectKind::Exception, DefectKind::UseAfterFree,
                                 DefectKind::MutexMisuse});
  }
  return nullptr;
}

// "r1=0 r2=1" taken apart.
heddle::native::Values values_in(const std::string& text) {
  heddle::native::Values values;
  std::stringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    values.emplace_back(word.substr(0, equals), equals == std::string::npos ? "" : word.substr(equals + 1));
  }
  return values;
}

// What a defect does to a native run: makes it fail, or keeps it from ending. A race or a leak does not show.
bool shows(const Defect& defect, const heddle::native::Result& seen) {
  switch (defect.kind) {
    case DefectKind::Deadlock:
    case DefectKind::LostWakeup:
    case DefectKind::Livelock: return seen.fault && seen.fault->kind == Fault::Kind::Hang;
    case DefectKind::Crash: return seen.fault.has_value();
    case DefectKind::Assertion:
    case DefectKind::Exception: return seen.failed > 0;
    default: return !defect.failed_expectation || seen.failed > 0;
  }
}

Seen how_often(std::uint64_t runs, std::uint64_t all) {
  if (runs == 0) return Seen::Never;
  return runs == all ? Seen::Always : Seen::Sometimes;
}

}  // namespace

Comparison compare(const heddle::native::Result& seen, const heddle::Result& model,
                   const std::vector<DeclaredOutcome>& declared) {
  Comparison comparison{.graded = !declared.empty(),
                        .weak = seen.weak_orders || find_defect(model, {DefectKind::DataRace}) != nullptr};
  // After undefined behaviour anything may come. (What comes of a race a weaker model may tell.)
  const bool decides =
      model.exhaustive && find_defect(model, {DefectKind::UseAfterFree, DefectKind::MutexMisuse}) == nullptr;
  std::map<heddle::native::Values, ComparedOutcome> all;
  std::uint64_t recorded = 0;
  for (const heddle::native::Outcome& outcome : seen.outcomes) {
    all[outcome.values].runs = outcome.runs;
    all[outcome.values].failed = outcome.failed;
    recorded += outcome.runs;
  }
  for (const Outcome& outcome : model.outcomes) {
    all[outcome.values].reachable = Reachable::Yes;
    all[outcome.values].token = outcome.witness.token;
  }
  for (const DeclaredOutcome& each : declared)
    if (each.values != "*") all.try_emplace(values_in(each.values));
  for (auto& [values, outcome] : all) {
    outcome.values = values;
    outcome.seen = how_often(outcome.runs, recorded);
    if (recorded > 0) outcome.share = static_cast<double>(outcome.runs) / static_cast<double>(recorded);
    if (outcome.reachable != Reachable::Yes && decides) {
      outcome.reachable = Reachable::No;
      if (outcome.runs > 0) comparison.unreachable.push_back("the outcome " + values_text(values));
    }
    if (const DeclaredOutcome* known = find_declared(declared, values_text(values))) {
      outcome.grade = known->grade;
      outcome.because = known->because;
    }
    comparison.outcomes.push_back(std::move(outcome));
  }
  for (const Defect& defect : model.defects)
    if (!shows(defect, seen)) comparison.missed.push_back({defect.message, defect.witness.token});
  if (decides && seen.failed > 0 && find_failure(model) == nullptr)
    comparison.unreachable.emplace_back("a run that fails");
  if (decides && seen.fault && find_fault(model, seen.fault->kind) == nullptr)
    comparison.unreachable.emplace_back(
        seen.fault->kind == Fault::Kind::Hang ? "a run that does not end" : "a run that ends the process");
  return comparison;
}

bool alarming(const heddle::native::Result& seen, const Comparison& comparison) {
  return seen.failed > 0 || seen.fault.has_value() || !comparison.unreachable.empty() ||
         std::any_of(comparison.outcomes.begin(), comparison.outcomes.end(), [](const auto& outcome) {
           return outcome.runs > 0 && outcome.grade == Grade::Forbidden;
         });
}

std::string witness_of(const heddle::native::Result& seen, const heddle::Result& model,
                       const Comparison& comparison) {
  // An outcome that passing runs have as well says nothing about the failing ones.
  for (const ComparedOutcome& outcome : comparison.outcomes) {
    const bool wrong = outcome.failed == outcome.runs || outcome.grade == Grade::Forbidden;
    if (outcome.runs > 0 && wrong && !outcome.token.empty()) return outcome.token;
  }
  const Defect* defect = nullptr;
  if (seen.failed > 0) defect = find_failure(model);
  if (defect == nullptr && seen.fault) defect = find_fault(model, seen.fault->kind);
  return defect == nullptr ? std::string() : defect->witness.token;
}

std::string_view to_string(Seen seen) noexcept {
  switch (seen) {
    case Seen::Never: return "never";
    case Seen::Sometimes: return "sometimes";
    case Seen::Always: return "always";
  }
  return "?";
}

}  // namespace heddle::checker::native
