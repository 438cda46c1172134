#include "checker/verify/findings.hpp"

#include <algorithm>

namespace heddle::checker {

namespace {

// How far before a failed expectation its thread is searched for reads of the values it compared.
constexpr unsigned reads_max = 4;

// Of these there is one defect per object. (Of memory that is given back too early the order of the events
// tells which access comes too late.)
constexpr bool is_of_object(DefectKind kind) {
  return kind == DefectKind::LostUpdate || kind == DefectKind::DataRace || kind == DefectKind::LostWakeup ||
         kind == DefectKind::UseAfterFree;
}

bool same_defect(const Finding& a, const Finding& b) {
  return a.kind == b.kind && a.object == b.object && (is_of_object(a.kind) || identity(a) == identity(b));
}

bool concerns(const Trace& trace, const Finding& assertion, ObjectIndex object) {
  EventIndex event = assertion.event;
  for (unsigned n = 0; n < reads_max && event != no_event && trace[event].thread == assertion.thread; ++n) {
    if (trace[event].kind == OperationKind::Load && trace[event].object == object) return true;
    event = trace[event].po_previous;
  }
  return false;
}

// The newest read of an old value before it, if there is one.
void explain_by_stale_read(const Trace& trace, Finding& assertion) {
  for (EventIndex event = assertion.event == no_event ? 0 : assertion.event + 1; event-- > 0;) {
    const bool reads = trace[event].access_count > 0 && trace[event].kind != OperationKind::Store;
    if (!reads || trace[event].age == 0) continue;
    assertion.kind = DefectKind::StaleRead;
    assertion.object = trace[event].object;
    assertion.related[0] = event;
    return;
  }
}

}  // namespace

void settle(const Execution& execution, std::vector<Finding>& settled) {
  settled.clear();
  for (const Finding& finding : execution.findings) {
    if (finding.kind != DefectKind::Assertion) continue;
    const auto cause =
        std::find_if(execution.findings.begin(), execution.findings.end(), [&](const Finding& f) {
          return f.kind == DefectKind::LostUpdate && f.event <= finding.event &&
                 concerns(execution.trace, finding, f.object);
        });
    Finding defect = cause == execution.findings.end() ? finding : *cause;
    if (cause == execution.findings.end()) explain_by_stale_read(execution.trace, defect);
    if (cause != execution.findings.end()) {
      defect.event = finding.event;
      defect.text = finding.text;
      defect.where = finding.where;
      defect.thread = finding.thread;
    }
    // An assertion after which its thread goes on may fail once more, and two may have the same cause.
    const bool known = std::any_of(settled.begin(), settled.end(),
                                   [&](const Finding& f) { return identity(f) == identity(defect); });
    if (!known) settled.push_back(std::move(defect));
  }
  for (const Finding& finding : execution.findings) {
    if (finding.kind == DefectKind::Assertion ||
        (finding.kind == DefectKind::LostUpdate && !finding.compound))
      continue;
    const bool known = std::any_of(settled.begin(), settled.end(),
                                   [&](const Finding& f) { return same_defect(f, finding); });
    if (!known) settled.push_back(finding);
  }
}

Finding as_told(Finding finding, const Trace& told) {
  if (finding.kind == DefectKind::LostUpdate && !finding.text.empty() && told[finding.related[0]].age > 0)
    finding.kind = DefectKind::StaleRead;
  return finding;
}

Hash identity(const Finding& finding) {
  // Whether a read is stale is a matter of the order in which the events are told: it stays the same defect.
  const DefectKind kind = finding.kind == DefectKind::StaleRead ? DefectKind::Assertion : finding.kind;
  const Hash hash = mixed(static_cast<Hash>(kind) + 1);
  if (is_of_object(finding.kind)) return mixed(hash + finding.object);
  if (kind == DefectKind::Assertion || finding.advisory)
    return mixed(with_text(hash, finding.where.known() ? finding.where.file : "") +
                 static_cast<Hash>(finding.where.line));
  return with_text(hash, finding.text);
}

bool failed_expectation(const Finding& finding) {
  return finding.kind == DefectKind::Assertion || finding.kind == DefectKind::StaleRead ||
         (finding.kind == DefectKind::LostUpdate && !finding.text.empty());
}

bool fails_without(const Finding& failure, const Finding& lost_update) {
  return failure.kind == DefectKind::Assertion && lost_update.kind == DefectKind::LostUpdate &&
         failed_expectation(lost_update) && !lost_update.compound && failure.where == lost_update.where;
}

bool leaves_undefined(DefectKind kind) {
  return kind == DefectKind::DataRace || kind == DefectKind::UseAfterFree;
}

bool conclusive(const Finding& finding) { return finding.kind != DefectKind::DataRace && !finding.advisory; }

}  // namespace heddle::checker
