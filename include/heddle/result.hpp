// heddle/result.hpp - what an exploration found. Plain data, behind every format of report.
//
//     heddle::Result result = heddle::check(body);
//     if (result.verdict == heddle::Verdict::Defect) std::cout << result.defects.front().message;
#pragma once

#include <heddle/options.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle {

enum class Verdict : std::uint8_t {
  Verified,      // every execution within the model explored, no defect
  Defect,        // at least one defect
  Inconclusive,  // no defect so far, but a limit or a non-exhaustive strategy ended the search
  ControlLost,   // the scenario is not deterministic or used something the checker cannot see
};

// In the order in which several defects of one scenario are reported.
enum class DefectKind : std::uint8_t {
  Crash,
  Exception,
  Deadlock,
  LostWakeup,
  LostUpdate,
  StaleRead,  // an expectation failed, and a read had returned an old value that sc does not allow
  Assertion,
  MutexMisuse,  // of any synchronisation type: what the standard leaves undefined
  UseAfterFree,
  Leak,  // advisory where the memory is not tracked (heddle/memory.hpp)
  Livelock,
  StepLimit,
  Nondeterminism,
  DataRace,
  LockOrder,  // advisory: does not change the verdict
};

// "lost-update", "data-race", ...; as in JSON.
std::string_view to_string(DefectKind) noexcept;
std::string_view to_string(Verdict) noexcept;

// A thread that cannot go on.
struct Wait {
  std::string thread;
  std::string because;  // "a is held by T1 since step 3"
};

// One visible operation of an execution, ready to be shown.
struct Step {
  static constexpr std::int64_t none = -2;       // it reads nothing
  static constexpr std::int64_t initially = -1;  // it reads what the object was created with

  std::uint32_t index = 0;  // position in the execution, from 0
  std::string thread;       // "main", "T1", "T1.2"
  std::string operation;    // "read", "write", "lock", ...
  std::string object;       // name of the object; empty for operations without one
  std::string value;        // "0", "0 -> 1", "failed"; empty where there is none
  std::string file;         // as compiled; empty when unknown
  int line = 0;
  std::string order;               // "relaxed", "acquire", ... of an atomic access or a fence; else empty
  std::int64_t reads_from = none;  // index of the step whose write it read, initially, or none
  // A read of an older value than the newest that was there, or a write that comes before one that was
  // there already: not possible under sc. `overlooked` is the step of the write after the one that it read,
  // or after its own.
  bool stale = false;
  std::int64_t overlooked = none;
  // Of a write: the step of the write before it in coherence order, initially, or none.
  std::int64_t coherence_after = none;
  // Steps that synchronise with this one and are not its thread's ([intro.races]/9).
  std::vector<std::uint32_t> synchronised_by;
  bool preempted = false;   // the thread that ran before this step could have gone on
  std::vector<Wait> waits;  // threads that begin to wait after this step
};

// An execution that shows a defect or an outcome.
struct Witness {
  std::string token;  // give it to `heddle replay`; it has been replayed
  unsigned preemptions = 0;
  bool fewest = false;               // no execution with fewer preemptions shows it: searched exhaustively
  std::vector<std::string> threads;  // names in the order of the lanes
  std::vector<Step> steps;           // up to the step that establishes the defect
};

struct Defect {
  DefectKind kind = DefectKind::Assertion;
  std::string object;                // what it is about: variable, mutex, ...; may be empty
  std::string message;               // one sentence
  std::vector<std::string> because;  // the reason, sentence by sentence
  std::uint64_t executions = 0;      // explored executions that show it
  bool failed_expectation = false;   // an expectation failed: an Assertion, or what explains it
  Witness witness;
};

struct Outcome {
  std::vector<std::pair<std::string, std::string>> values;  // name, value; sorted by name
  std::uint64_t executions = 0;
  Witness witness;  // with Options::witness_outcomes
};

struct Result {
  MemoryModel model = MemoryModel::Sc;  // that was explored
  Verdict verdict = Verdict::Inconclusive;
  bool exhaustive = false;
  std::string reason;  // why not exhaustive or control lost; empty otherwise

  std::uint64_t complete = 0;      // maximal executions, defective ones included
  std::uint64_t blocked = 0;       // abandoned before the end, or stopped by assume()
  std::uint64_t redundant = 0;     // equivalent to an earlier one
  std::uint64_t steps = 0;         // visible operations of all executions
  std::uint64_t deadlocked = 0;    // of the complete ones
  bool redundant_sampled = false;  // too many to remember: `redundant` is then a lower bound
  unsigned threads = 0;            // most threads alive in one execution, main included
  // What the search speaks of: "mutexes", "variables", "atomics", ... and how many there were, of each kind
  // that there was. Plain variables, which are not of Heddle's types, are not watched.
  std::vector<std::pair<std::string, unsigned>> watched;
  bool visible = false;  // a shared object was used, or choose(): without, there was nothing to explore

  std::vector<Defect> defects;
  std::vector<Defect> advisories;  // worth knowing; the verdict is the same without
  std::vector<Outcome> outcomes;   // sorted

  std::chrono::nanoseconds elapsed{};
};

}  // namespace heddle
