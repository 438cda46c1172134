#include "checker/verify/exploration.hpp"

#include "checker/core/format.hpp"
#include "checker/core/internal_error.hpp"
#include "checker/core/natural_order.hpp"
#include "checker/explore/enumerate.hpp"
#include "checker/explore/graph_search.hpp"
#include "checker/explore/optimal.hpp"
#include "checker/explore/random.hpp"
#include "checker/verify/linearize.hpp"
#include "checker/verify/witness.hpp"

#include <algorithm>
#include <stdexcept>

namespace heddle::checker {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t random_executions = 10'000;
constexpr std::uint32_t steps_max = 60'000;
// A search for fewer preemptions also ends after this many steps: long executions are not worth more.
constexpr std::uint64_t minimize_steps = 4'000'000;
// Longer traces are shown as they were found.
constexpr EventIndex linearize_events = 400;
constexpr std::uint64_t clock_interval = 16;  // executions between two looks at the clock
constexpr std::size_t estimates_kept = 10;
// More outcomes than this get a token, but no steps: those would take more memory than they are worth.
constexpr std::size_t outcomes_told_max = 64;
// A data race alone does not end the search, but it does not let it run for ever either.
constexpr std::uint64_t executions_after_race = 10'000;
// Nor does a search that cannot become exhaustive any more, because executions go on without end.
constexpr std::uint64_t executions_after_circle = 2'000;

bool is_random(StrategyKind kind) { return kind == StrategyKind::Random || kind == StrategyKind::Pct; }

Options checked(Options options) {
  if (options.steps == 0 || options.steps > steps_max)
    throw std::invalid_argument("the limit of steps must be from 1 to 60000");
  if (options.time.count() < 0 || options.unresponsive.count() < 0)
    throw std::invalid_argument("a time must not be negative");
  if (options.pct_depth < 1) throw std::invalid_argument("the depth of pct must be at least 1");
  if (options.stack_bytes < 16 * 1024) throw std::invalid_argument("a stack must have at least 16 KiB");
  if (options.model != MemoryModel::Sc && options.strategy != StrategyKind::Optimal &&
      options.strategy != StrategyKind::Graphs)
    throw std::invalid_argument("that strategy explores interleavings, which only sc has: use optimal");
  if (options.name.find_first_of(": \t\n") != std::string::npos)
    throw std::invalid_argument("the name of an exploration must not contain colons or spaces");
  if (is_random(options.strategy) && options.executions == 0 && options.time.count() == 0)
    options.executions = random_executions;
  return options;
}

}  // namespace

std::unique_ptr<Strategy> make_strategy(const Options& options, View view) {
  if (options.model != MemoryModel::Sc) return std::make_unique<GraphSearch>(view, options.model);
  switch (options.strategy) {
    case StrategyKind::Graphs: return std::make_unique<GraphSearch>(view, options.model);
    case StrategyKind::Optimal: return std::make_unique<Optimal>(view);
    case StrategyKind::All: return std::make_unique<Enumerate>(view);
    case StrategyKind::Random: return std::make_unique<Random>(view, options.seed);
    case StrategyKind::Pct: return std::make_unique<Pct>(view, options.seed, options.pct_depth);
    case StrategyKind::Preemptions:
      return std::make_unique<Enumerate>(
          view, 0,
          options.preemptions < 0 ? Enumerate::unbounded - 1 : static_cast<unsigned>(options.preemptions));
  }
  throw InternalError("unknown strategy");
}

bool anything_visible(const Trace& trace) {
  for (EventIndex event = 0; event < trace.size(); ++event)
    if (trace[event].object != no_object || trace[event].kind == OperationKind::Choose) return true;
  return false;
}

Exploration::Exploration(const std::function<void()>& body, Options options)
    : options_(checked(std::move(options))),
      guard_(options_.unresponsive),
      ground_(options_),
      subject_{body, options_, guard_, ground_} {
  result_.model = options_.model;
}

Result Exploration::run() {
  start_ = next_progress_ = Clock::now();
  auto runner = std::make_unique<Runner>(subject_);
  if (options_.time.count() != 0) runner->stop_at(start_ + options_.time);
  const std::unique_ptr<Strategy> strategy = make_strategy(options_, runner->view());
  try {
    try {
      explore(*runner, *strategy);
    } catch (const Nondeterminism& lost) {
      // Nothing else can be expected of a program whose behaviour is undefined.
      std::erase_if(candidates_, [](const Candidate& c) { return !leaves_undefined(c.finding.kind); });
      if (candidates_.empty()) candidates_ = std::move(rehearsed_);
      if (candidates_.empty()) throw;
      cut_ = true;
      result_.reason = lost.what();
    }
    left_out_ = runner->machine().left_out();
    decide(*strategy);
    if (result_.verdict == Verdict::Verified) cross_check(*runner, *strategy);
    result_.watched = runner->machine().watched();
    add_defects(*runner);
    add_outcomes(*runner);
    add_leaks(*runner);
    add_lock_orders(*runner);
  } catch (const Nondeterminism& lost) {
    lose_control(lost);
    result_.defects.push_back({.kind = DefectKind::Nondeterminism,
                               .object = {},
                               .message = lost.what(),
                               .because = {},
                               .executions = 1,
                               .witness = {}});
  } catch (const ControlLost& lost) {
    lose_control(lost);
  } catch (const InternalError& error) {
    const Trace& trace = runner->execution().trace;
    throw InternalError(
        std::string(error.what()) + "; schedule " +
        schedule_of(path_of(trace, trace.size()), runner->machine(), options_.name, 0).token());
  }
  result_.elapsed = Clock::now() - start_;
  return std::move(result_);
}

void Exploration::lose_control(const ControlLost& lost) {
  result_.defects.clear();
  result_.advisories.clear();
  result_.outcomes.clear();
  result_.verdict = Verdict::ControlLost;
  result_.exhaustive = false;
  result_.reason = lost.what();
}

void Exploration::explore(Runner& runner, Strategy& strategy) {
  if (!rehearse(runner)) {
    settle(runner.execution(), settled_);
    count(runner, strategy, Ending::Crashed);
    gather(runner, Ending::Crashed);
    return;
  }
  for (;;) {
    const Ending ending = run(runner, strategy);
    if (ending == Ending::OutOfTime) {
      cut_ = true;
      result_.reason = "the time limit was reached";
      return;
    }
    settle(runner.execution(), settled_);
    if (ending == Ending::Undone) settled_.clear();
    stop_ = !options_.keep_going && std::any_of(settled_.begin(), settled_.end(), conclusive);
    const bool last = stop_ || ending == Ending::Crashed;
    class_ = strategy.class_of_execution().value_or(runner.causality().class_hash());
    const bool more = !last && strategy.end_of_execution();
    if (last || !strategy.repeated()) {
      count(runner, strategy, ending);
      gather(runner, ending);
    }
    if (!more) return;
    if (++ended_ % clock_interval == 0) report_progress(strategy);
    if (out_of_budget(ended_ % clock_interval == 0)) {
      cut_ = true;
      return;
    }
  }
}

// Of an execution that goes on differently than an earlier one, what has made its behaviour undefined is
// kept.
Ending Exploration::run(Runner& runner, Strategy& strategy) {
  try {
    return runner.run(strategy);
  } catch (const Nondeterminism&) {
    keep_undefined(runner);
    throw;
  }
}

void Exploration::count(const Runner& runner, const Strategy& strategy, Ending ending) {
  if (ending == Ending::Endless && circle_seen_ == 0) circle_seen_ = result_.complete + result_.blocked + 1;
  result_.steps += runner.execution().trace.size();
  result_.threads = std::max<unsigned>(result_.threads, runner.machine().lineage().threads());
  if (!result_.visible) result_.visible = anything_visible(runner.execution().trace);
  if (ending == Ending::Assumed || ending == Ending::Stopped || ending == Ending::Undone ||
      ending == Ending::Overtaken || ending == Ending::Endless || strategy.wasted()) {
    ++result_.blocked;
    return;
  }
  ++result_.complete;
  if (ending == Ending::Deadlock) ++result_.deadlocked;
  if (ending == Ending::StepLimit || ending == Ending::Crashed) truncated_ = true;
  if (ending != Ending::Crashed && classes_.seen(class_)) ++result_.redundant;
}

void Exploration::gather(Runner& runner, Ending ending) {
  const Execution& execution = runner.execution();
  for (const Finding& finding : settled_) {
    remember(runner, finding);
    if (race_seen_ == 0 && finding.kind == DefectKind::DataRace)
      race_seen_ = result_.complete + result_.blocked;
  }
  if (execution.outcomes.empty() || ending != Ending::Complete) return;
  if (!stop_) refuse_contest(runner);
  Seen& seen = outcomes_[execution.outcomes.hash()];
  if (seen.executions++ == 0) {
    seen.values = execution.outcomes.values();
    if (options_.witness_outcomes) seen.path = whole_path(runner);
  }
}

void Exploration::refuse_contest(const Runner& runner) {
  const auto contest = runner.execution().outcomes.contest(runner.causality());
  if (!contest) return;
  const Lineage& lineage = runner.machine().lineage();
  throw ControlLost(
      "outcome(\"" + contest->name + "\") is recorded by " + lineage.name(contest->first) + " and by " +
      lineage.name(contest->second) +
      ", and nothing that they do says which of them comes last. Give each thread a name of its "
      "own, or record after they have been joined.");
}

// Of a graph in the order in which the least seems old, where it is not too long for that.
Path Exploration::whole_path(const Runner& runner) const {
  const Trace& trace = runner.execution().trace;
  if (runner.coherence() == nullptr || trace.size() > linearize_events) return path_of(trace, trace.size());
  return fewest_preemptions(trace, runner.causality(), runner.coherence(),
                            std::vector<bool>(trace.size(), true));
}

void Exploration::remember(Runner& runner, const Finding& finding) {
  const Trace& trace = runner.execution().trace;
  const Hash wanted = identity(finding);
  std::vector<Candidate>& known = finding.advisory ? leaks_ : candidates_;
  auto candidate =
      std::find_if(known.begin(), known.end(), [&](const Candidate& c) { return c.identity == wanted; });
  const EventIndex events = finding.event == no_event ? 0 : finding.event + 1;
  if (candidate == known.end()) {
    known.push_back({finding, wanted, 0, {}, path_of(trace, finding.at_rest ? trace.size() : events)});
    candidate = known.end() - 1;
    std::vector<EventIndex> targets{finding.event};
    for (const EventIndex event : finding.related)
      if (event != no_event) targets.push_back(event);
    if (finding.at_rest || finding.event == no_event || trace.size() > linearize_events) {
      const std::vector<bool> all(trace.size(), true);
      candidate->path = trace.size() > linearize_events
                            ? path_of(trace, events)
                            : fewest_preemptions(trace, runner.causality(), runner.coherence(), all);
    } else {
      candidate->path = fewest_preemptions(trace, runner.causality(), runner.coherence(),
                                           causal_past(trace, runner.causality(), targets));
    }
    if (finding.kind == DefectKind::Crash) candidate->path = candidate->as_run;
  }
  ++candidate->executions;
}

bool Exploration::out_of_budget(bool look_at_clock) {
  if (options_.executions != 0 && result_.complete + result_.blocked >= options_.executions) {
    result_.reason = "the limit of " + std::to_string(options_.executions) +
                     (options_.executions == 1 ? " execution" : " executions") + " was reached";
    return true;
  }
  const std::uint64_t grace = race_seen_ + executions_after_race;
  if (!options_.keep_going && race_seen_ != 0 && result_.complete + result_.blocked >= grace) {
    result_.reason = "nothing worse was found in " + std::to_string(executions_after_race) +
                     " executions after the first data race";
    return true;
  }
  if (circle_seen_ != 0 && result_.complete + result_.blocked >= circle_seen_ + executions_after_circle) {
    return true;
  }
  if (!look_at_clock) return false;
  if (options_.time.count() != 0 && Clock::now() - start_ >= options_.time) {
    result_.reason = "the time limit was reached";
    return true;
  }
  if (options_.interrupted && options_.interrupted()) {
    result_.reason = "it was interrupted";
    return true;
  }
  return false;
}

void Exploration::report_progress(const Strategy& strategy) {
  if (!options_.on_progress) return;
  const auto now = Clock::now();
  if (now < next_progress_) return;
  next_progress_ = now + std::chrono::milliseconds(100);
  Progress progress{.executions = result_.complete + result_.blocked, .elapsed = now - start_};
  if (const double share = strategy.explored_share(); share > 0) {
    estimates_.push_back(static_cast<double>(progress.executions) / share);
    if (estimates_.size() > estimates_kept) estimates_.erase(estimates_.begin());
    progress.estimate = estimates_.back();
    const auto [least, greatest] = std::minmax_element(estimates_.begin(), estimates_.end());
    progress.estimate_error = *greatest - *least;
  }
  options_.on_progress(progress);
}

void Exploration::decide(const Strategy& strategy) {
  result_.redundant_sampled = classes_.sampled();
  result_.exhaustive = !stop_ && !cut_ && left_out_.empty() && result_.complete > 0 && strategy.exhaustive();
  // Where a crash was, there is more that was not seen, even if the search could go on.
  for (const Candidate& candidate : candidates_)
    truncated_ = truncated_ || candidate.finding.kind == DefectKind::Crash;
  if (truncated_) result_.exhaustive = false;
  if (!candidates_.empty()) result_.verdict = Verdict::Defect;
  else result_.verdict = result_.exhaustive ? Verdict::Verified : Verdict::Inconclusive;
  if (result_.exhaustive || !result_.reason.empty()) return;
  if (stop_) result_.reason = "it stopped at the first defect";
  else if (!left_out_.empty()) result_.reason = left_out_ + " were left out";
  else if (truncated_) result_.reason = "an execution did not run to its end";
  else if (result_.complete == 0)
    result_.reason =
        "no execution came to its end: a false heddle::assume(), or a loop that waits for what the "
        "checker does not see, held back each of them";
  else if (options_.strategy == StrategyKind::Preemptions)
    result_.reason =
        "executions with more than " + std::to_string(options_.preemptions) + " preemptions were left out";
}

// ---- witnesses --------------------------------------------------------------------------------------

void Exploration::add_defects(const Runner& explored) {
  std::unordered_map<Hash, std::size_t> told;
  for (Candidate& candidate : candidates_) {
    Defect defect{.kind = candidate.finding.kind,
                  .object = {},
                  .message = {},
                  .because = {},
                  .executions = candidate.executions,
                  .witness = {}};
    minimize(candidate, explored, defect);
    // A simpler cause of what fails may have been found before.
    const auto [known, first] = told.try_emplace(candidate.identity, result_.defects.size());
    if (first) result_.defects.push_back(std::move(defect));
    else result_.defects[known->second].executions += candidate.executions;
  }
  std::stable_sort(result_.defects.begin(), result_.defects.end(), [](const Defect& a, const Defect& b) {
    return std::tie(a.kind, a.witness.preemptions, a.object) <
           std::tie(b.kind, b.witness.preemptions, b.object);
  });
}

void Exploration::minimize(Candidate& candidate, const Runner& explored, Defect& defect) {
  const auto replayed = [&](const Schedule& schedule) {
    auto telling = std::make_unique<Telling>(subject_, schedule);
    if (telling->find(candidate.identity) == nullptr)
      throw Nondeterminism("a defect (" + std::string(to_string(candidate.finding.kind)) +
                           ") did not show again when its schedule was repeated");
    return telling;
  };
  const auto cut = [&](const Telling& telling) {
    const Finding& finding = *telling.find(candidate.identity);
    const bool whole = finding.at_rest;
    return whole ? telling.runner().execution().trace.size() : telling.events_until(finding.event);
  };
  const auto replayed_path = [&](const Path& path) {
    return replayed(schedule_of(path, explored.machine(), options_.name, 0));
  };
  std::unique_ptr<Telling> telling;
  try {
    telling = replayed_path(candidate.path);
  } catch (const Nondeterminism&) {
    candidate.path = candidate.as_run;
    telling = replayed_path(candidate.path);
  }
  bool fewest = preemptions(telling->runner().execution().trace, cut(*telling)) == 0;
  if (!fewest && !explores_graphs(options_) && candidate.finding.kind != DefectKind::Crash &&
      candidate.finding.kind != DefectKind::Livelock) {
    const unsigned known = preemptions(telling->runner().execution().trace, cut(*telling));
    telling.reset();
    fewest = search_with_fewer(candidate, known);
    telling = replayed_path(candidate.path);
  }
  // The token that is printed is the one that is replayed last, and told.
  const Schedule schedule = telling->schedule(cut(*telling), options_.name);
  telling.reset();
  telling = replayed(Schedule::parse(schedule.token()));
  const Finding finding = as_told(*telling->find(candidate.identity), telling->runner().execution().trace);
  defect.kind = finding.kind;
  defect.witness = telling->witness(cut(*telling), options_.name);
  defect.witness.fewest = fewest;
  defect.object = telling->object_name(finding);
  defect.message = telling->message(finding);
  defect.because = telling->because(finding);
  defect.failed_expectation = failed_expectation(finding);
}

// Looks for the same defect with fewer preemptions than `preemptions`, fewest first, and if there is one
// makes it the candidate. Returns whether no smaller number is possible.
bool Exploration::search_with_fewer(Candidate& candidate, unsigned preemptions) {
  Runner runner(subject_);
  Enumerate strategy(runner.view(), 0, preemptions - 1);
  std::vector<Finding> settled;
  std::uint64_t steps = 0;
  for (std::uint64_t executions = 0; executions < options_.minimize_executions && steps < minimize_steps;
       ++executions) {
    Ending ending;
    try {
      ending = runner.run(strategy);
    } catch (const Nondeterminism&) {
      return false;
    }
    const Trace& trace = runner.execution().trace;
    steps += trace.size();
    settle(runner.execution(), settled);
    for (const Finding& finding : settled) {
      if (identity(finding) != candidate.identity && !fails_without(finding, candidate.finding)) continue;
      candidate.finding = finding;
      candidate.identity = identity(finding);
      candidate.path = path_of(trace, trace.size());
      return true;  // smaller bounds have been searched
    }
    if (ending == Ending::Crashed) return false;
    if (!strategy.end_of_execution()) return true;
  }
  return false;
}

// A whole execution, by the token that is printed for it.
std::unique_ptr<Telling> Exploration::told_from_token(const Path& path, const Runner& explored) const {
  auto telling = std::make_unique<Telling>(subject_, schedule_of(path, explored.machine(), options_.name, 0));
  const EventIndex events = telling->runner().execution().trace.size();
  const std::string token = telling->schedule(events, options_.name).token();
  telling.reset();
  return std::make_unique<Telling>(subject_, Schedule::parse(token));
}

void Exploration::add_outcomes(const Runner& explored) {
  for (auto& [hash, seen] : outcomes_) {
    Outcome outcome{.values = std::move(seen.values), .executions = seen.executions, .witness = {}};
    if (options_.witness_outcomes && !(options_.interrupted && options_.interrupted())) {
      const std::unique_ptr<Telling> telling = told_from_token(seen.path, explored);
      const EventIndex events = telling->runner().execution().trace.size();
      if (telling->runner().execution().outcomes.values() != outcome.values)
        throw Nondeterminism("an outcome was another one when its schedule was repeated");
      outcome.witness = telling->witness(events, options_.name);
      if (outcomes_.size() > outcomes_told_max) outcome.witness.steps.clear();
    }
    result_.outcomes.push_back(std::move(outcome));
  }
  std::sort(result_.outcomes.begin(), result_.outcomes.end(),
            [](const Outcome& a, const Outcome& b) { return natural_less(a.values, b.values); });
}

// What goes wrong leaves memory behind as well. Where a pointer was looked for may be different by now: what
// is not told again is left out.
void Exploration::add_leaks(const Runner& explored) {
  if (!result_.defects.empty()) return;
  for (const Candidate& leak : leaks_) {
    const std::unique_ptr<Telling> telling = told_from_token(leak.as_run, explored);
    if (telling->find(leak.identity) == nullptr) continue;
    const EventIndex events = telling->runner().execution().trace.size();
    const Finding& finding = *telling->find(leak.identity);
    result_.advisories.push_back({.kind = DefectKind::Leak,
                                  .object = {},
                                  .message = telling->message(finding),
                                  .because = {},
                                  .executions = leak.executions,
                                  .witness = telling->witness(events, options_.name)});
  }
}

void Exploration::add_lock_orders(const Runner& explored) {
  if (result_.exhaustive) return;  // the search has decided
  const bool deadlock = std::any_of(result_.defects.begin(), result_.defects.end(),
                                    [](const Defect& d) { return d.kind == DefectKind::Deadlock; });
  if (deadlock) return;
  for (const std::vector<LockOrder::Edge>& cycle : explored.lock_order().cycles()) {
    Defect advisory{.kind = DefectKind::LockOrder,
                    .object = {},
                    .message = "locks are taken in opposite orders: a deadlock may be possible",
                    .because = {},
                    .executions = 0,
                    .witness = {}};
    for (const LockOrder::Edge& edge : cycle) {
      const Machine& machine = explored.machine();
      if (advisory.object.empty()) advisory.object = machine.object(edge.held).name;
      advisory.because.push_back(machine.lineage().name(edge.thread) + " takes " +
                                 machine.object(edge.taken).name + place_text(edge.taken_at) +
                                 " while it holds " + machine.object(edge.held).name +
                                 place_text(edge.held_at) + ".");
    }
    result_.advisories.push_back(std::move(advisory));
  }
}

}  // namespace heddle::checker
