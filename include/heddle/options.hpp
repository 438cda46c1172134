// heddle/options.hpp - how to explore.
//
//     heddle::Options options;
//     options.strategy = heddle::StrategyKind::Random;
//     options.executions = 10'000;
//
// Every field has a default that suits a small scenario. Limits that end an exploration early turn a
// clean verdict into `inconclusive`; they never turn it into a proof.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace heddle {

enum class StrategyKind : std::uint8_t {
  Optimal,      // each equivalence class of interleavings once; exhaustive
  All,          // every interleaving; exhaustive, for teaching and as an oracle
  Random,       // at each step a uniformly random thread; never exhaustive
  Pct,          // random priorities with a few random drops (Burckhardt et al., ASPLOS'10); never exhaustive
  Preemptions,  // every interleaving with 0 preemptions, then 1, 2, ... (Musuvathi and Qadeer, PLDI'07)
  Graphs,       // each execution graph of the memory model once (TruSt, POPL'22); exhaustive
};

// Which values a read may return.
enum class MemoryModel : std::uint8_t {
  // Sequential consistency (Lamport 1979): the last value written in one order of all steps.
  Sc,
  // Total store order, x86 (Sewell et al., CACM'10): a store waits in its thread's buffer, so a later load of
  // the thread may come before it. A seq_cst store, a seq_cst fence and every read-modify-write empty it.
  Tso,
  // The C++ model as repaired by Lahav et al. (RC11, PLDI'17), with the release sequences of C++20: orders
  // mean what they say. Values out of thin air, and with them load buffering, are excluded.
  Rc11,
};
// "sc", "tso", "rc11"; as on the command line and in JSON.
std::string_view to_string(MemoryModel) noexcept;
// Nothing for any other text.
std::optional<MemoryModel> parse_memory_model(std::string_view) noexcept;

struct Progress {
  std::uint64_t executions = 0;  // ended so far
  std::chrono::nanoseconds elapsed{};
  // Expected total, from the share of the search tree that lies behind, and by how much that estimate
  // moved over the last reports; 0 while unknown. The tree grows while it is searched, so the estimate
  // starts low.
  double estimate = 0;
  double estimate_error = 0;
};

struct Options {
  // Under Tso and Rc11 StrategyKind::Optimal means Graphs; the strategies of interleavings know
  // sequential consistency alone and are refused.
  MemoryModel model = MemoryModel::Sc;
  StrategyKind strategy = StrategyKind::Optimal;

  // Bound of StrategyKind::Preemptions; negative: raise it until every interleaving is covered.
  int preemptions = -1;
  // Number of priority drops plus one for StrategyKind::Pct: finds any bug of that depth with a
  // probability of at least 1/(threads * steps^(depth-1)) in each execution.
  int pct_depth = 3;
  // Seed of the random strategies. Equal seeds give equal explorations.
  std::uint64_t seed = 1;

  // Executions after which exploration ends; 0: no limit, or 10,000 for the random strategies.
  std::uint64_t executions = 0;
  // Time after which exploration ends, checked between executions; 0: no limit.
  std::chrono::milliseconds time{0};
  // Steps one execution may take (at most 60,000). Exceeding it is a `step-limit` or `livelock` defect.
  std::uint32_t steps = 10'000;
  // How often the timed waits of one thread on condition variables may time out in one execution; after that
  // they wait as the others do, and an exploration in which that happened is not exhaustive.
  unsigned timeouts = 3;
  // How often an operation of one thread may fail, or a wait of it end, for no reason in one execution, as
  // the standard allows: condition variables, try_lock, try_acquire, compare_exchange_weak.
  unsigned spurious = 0;
  // Wall-clock time a thread may run without reaching a visible operation before it is reported as an
  // endless loop, or as sleeping in something the checker cannot see. 0: never; then such a scenario hangs.
  std::chrono::milliseconds unresponsive{5'000};
  // Stack of each thread, in bytes, rounded up to pages; a guard page is added.
  std::size_t stack_bytes = 128 * 1024;

  // Explore everything and report one shortest witness per kind of defect and object, instead of
  // stopping at the first defect. (A data race alone does not stop the search at once: what it does is worth
  // more, so up to 10,000 further executions look for that.)
  bool keep_going = false;
  // Give every outcome a witness, which is replayed before it is returned; its steps are left out when there
  // are more than 64 outcomes.
  bool witness_outcomes = false;
  // Executions spent on finding a witness with fewer preemptions, per defect.
  std::uint64_t minimize_executions = 20'000;

  // Called about ten times a second between executions. May be empty.
  std::function<void(const Progress&)> on_progress;
  // Asked between executions; true ends the exploration with the verdict so far. May be empty.
  std::function<bool()> interrupted;

  // Name under which replay tokens are written: scenario and its parameters, without spaces or colons.
  std::string name;
};

// Whether execution graphs are explored, and not interleavings.
inline bool explores_graphs(const Options& options) noexcept {
  return options.model != MemoryModel::Sc || options.strategy == StrategyKind::Graphs;
}

}  // namespace heddle
