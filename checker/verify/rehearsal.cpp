// checker/verify/rehearsal.cpp - the executions beside those that count: whether a scenario is deterministic

#include "checker/core/format.hpp"
#include "checker/explore/random.hpp"
#include "checker/verify/exploration.hpp"

#include <algorithm>
#include <tuple>

namespace heddle::checker {

namespace {

// After a search that has found nothing: so many executions, or so many steps.
constexpr unsigned cross_check_executions = 32;
constexpr std::uint64_t cross_check_steps = 4'000;

// Whether somebody took one of several mutexes after the other: graphs leave out what comes of that.
bool has_partial_locks(const Trace& trace) {
  for (EventIndex event = 0; event < trace.size(); ++event)
    if (trace[event].continues) return true;
  return false;
}

// The operations of an execution in an order that does not depend on that of addresses.
std::vector<Event> operations(const Trace& trace) {
  std::vector<Event> all;
  for (EventIndex event = 0; event < trace.size(); ++event) all.push_back(trace[event]);
  std::stable_sort(all.begin(), all.end(), [](const Event& a, const Event& b) {
    return std::tie(a.thread, a.object, a.kind) < std::tie(b.thread, b.object, b.kind);
  });
  return all;
}

bool is_undefined(const Execution& execution) {
  return std::any_of(execution.findings.begin(), execution.findings.end(),
                     [](const Finding& finding) { return leaves_undefined(finding.kind); });
}

// Throws Nondeterminism when two executions with the same decisions have not performed the same operations.
void compare(const Machine& machine, const std::vector<Event>& before, const std::vector<Event>& now) {
  const auto same = [](const Event& a, const Event& b) {
    return std::tie(a.thread, a.object, a.kind, a.joined) == std::tie(b.thread, b.object, b.kind, b.joined);
  };
  const auto [earlier, later] = std::mismatch(before.begin(), before.end(), now.begin(), now.end(), same);
  if (earlier == before.end() && later == now.end()) return;
  const Event& event = earlier == before.end() ? *later : *earlier;
  throw Nondeterminism(std::string(earlier == before.end() ? "this" : "an earlier") +
                       " execution performed " + describe(machine, event.thread, event.kind, event.object) +
                       place_text(event.where) + " and " +
                       (earlier == before.end() ? "an earlier one" : "this one") + " did not");
}

}  // namespace

// Executions before those that count. What the program makes when it is first needed is there after the
// first, and whatever the others contradict shows at once, if the program's behaviour is defined. Returns
// false when one of them crashes.
bool Exploration::rehearse(Runner& runner) {
  const auto execute = [&](Machine::Memory memory) {
    Random strategy(runner.view(), options_.seed);
    runner.machine().rehearse(memory);
    const Ending ending = runner.run(strategy);
    runner.machine().end_rehearsal();
    return ending != Ending::Crashed;
  };
  const auto performed = [&] {
    std::vector<Event> all = operations(runner.execution().trace);
    runner.machine().clear_away();
    runner.machine().forget_left_out();
    return all;
  };
  if (!execute(Machine::Memory::OfTheSystem)) return false;
  bool undefined = is_undefined(runner.execution());
  const std::vector<Event> first = performed();
  if (!execute(Machine::Memory::OfTheThreads)) return false;
  if (is_undefined(runner.execution())) {
    // Those that count may be different, and then this is why.
    undefined = true;
    keep_undefined(runner);
    rehearsed_ = std::exchange(candidates_, {});
  }
  if (!undefined) compare(runner.machine(), first, performed());
  return true;
}

void Exploration::keep_undefined(Runner& runner) {
  settle(runner.execution(), settled_);
  for (const Finding& finding : settled_)
    if (leaves_undefined(finding.kind)) remember(runner, finding);
}

// Some random executions, which must be ones that the search has seen: it goes by what it sees of a program.
void Exploration::cross_check(Runner& runner, const Strategy& strategy) {
  Random random(runner.view(), options_.seed, strategy.lets_loops_go_on());
  const bool has_classes = !explores_graphs(options_) && options_.strategy != StrategyKind::Preemptions;
  const std::uint64_t end = runner.machine().steps() + cross_check_steps;
  for (unsigned n = 0; n < cross_check_executions && runner.machine().steps() < end; ++n) {
    const Ending ending = runner.run(random);
    settle(runner.execution(), settled_);
    if (ending == Ending::Undone || has_partial_locks(runner.execution().trace)) continue;
    const bool ended = ending == Ending::Complete;
    std::erase_if(settled_, [](const Finding& finding) { return finding.advisory; });
    const bool known = settled_.empty() &&
                       (!ended || !has_classes || classes_.may_have_seen(runner.causality().class_hash())) &&
                       (!ended || runner.execution().outcomes.empty() ||
                        outcomes_.contains(runner.execution().outcomes.hash()));
    if (!known)
      throw Nondeterminism("a random execution after the search did what none of the search had done",
                           Nondeterminism::Between::Interleavings);
  }
}

}  // namespace heddle::checker
