// heddle/native.hpp - run a scenario natively: on std::thread and real memory, many times.
//
//     heddle::native::Options options;
//     options.time = std::chrono::seconds(2);
//     const heddle::native::Result seen = heddle::native::run(body, options);
//     for (const auto& outcome : seen.outcomes) ...        // how often each of them came up
//
// The body is the one that heddle::check() explores. Here heddle::thread is a std::thread, heddle::mutex a
// std::mutex, heddle::atomic a std::atomic with the orders given, and a heddle::var a variable whose accesses
// are single loads and stores (see <heddle/var.hpp>). What comes up depends on the hardware, the system and
// luck: an outcome that was never seen is not impossible, and only check() can say so.
//
// Two forms. *Whole*: each run calls the body, which starts its threads. *Stress*, for small scenarios, after
// litmus7 (Alglave et al., TOPLAS'14) and jcstress: the main threads of many instances run up to their first
// join(); then threads that stay for the whole time, one per thread of the scenario and each kept on a
// processor, run the threads of all these instances side by side; then the main threads go on. That starts no
// thread per run, and the threads of an instance meet. It suits a body whose main thread does nothing visible
// between starting its first thread and joining the last, and whose threads start no others. run() finds that
// out from one execution in the model and from what happens, and says in Result::form_reason why it ran
// whole.
//
// Runs happen in a child process: a crash, a deadlock or an endless loop ends that and is described in
// Result::fault, with the counts so far. The body must not rely on threads of the calling process.
//
// A failed requirement, or an exception, ends its thread and makes the run a failed one; the other threads go
// on. choose() draws at random, from Options::seed. A run in which assume() was false counts as discarded
// only.
//
// GoogleTest's assertions in the body say what failed in Result::output only; use heddle::require().
//
// Thread-safety: call it while the process has one thread, as it forks.
#pragma once

#include <heddle/options.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace heddle::native {

enum class Form : std::uint8_t {
  Automatic,  // Stress where it suits, else Whole
  Whole,
  Stress,
};

struct Options {
  Form form = Form::Automatic;
  // Runs after which to end; 0: no limit.
  std::uint64_t runs = 0;
  // Time after which to end, looked at between runs or batches of them; 0: no limit. Without either limit
  // only `interrupted` ends it.
  std::chrono::milliseconds time{1'000};
  // Keep each thread on one processor in the whole form, too.
  bool pinned = false;
  // Seed of choose(), and of the order in which the stress form takes instances.
  std::uint64_t seed = 1;
  // Time without a finished run after which the process is taken to hang.
  std::chrono::milliseconds unresponsive{5'000};
  // Called about twenty times a second, with the runs so far as `executions`. May be empty.
  std::function<void(const Progress&)> on_progress;
  // Asked about twenty times a second; true ends it with what there is. May be empty.
  std::function<bool()> interrupted;
};

using Values = std::vector<std::pair<std::string, std::string>>;

// What runs recorded with outcome(). Runs that were discarded, or recorded nothing, are in none.
struct Outcome {
  Values values;  // name, value; sorted by name, as in heddle::Outcome
  std::uint64_t runs = 0;
  std::uint64_t failed = 0;  // of these
};

// A failed requirement or an exception.
struct Failure {
  std::string message;
  std::uint64_t runs = 0;
  std::uint64_t first = 0;  // number of the first run that failed so, from 1
};

// What a thread did when the process hung.
struct Waiting {
  std::string thread;  // "main", "T1", "T1.2"
  std::string what;    // "waits to lock b", "was running or asleep"
  std::string file;    // as compiled; empty when unknown
  int line = 0;
};

// What ended the process before its time.
struct Fault {
  enum class Kind : std::uint8_t {
    Hang,   // no run ended for Options::unresponsive
    Crash,  // by a signal
    Exit,   // the scenario called exit()
  };
  Kind kind = Kind::Hang;
  std::uint64_t run = 0;         // number of the run, from 1; 0: before the first one
  std::string message;           // one sentence
  bool deadlock = false;         // a hang in which every thread waits
  std::vector<Waiting> threads;  // of a hang: those of that run that had not ended
};

struct Result {
  Form form = Form::Whole;  // that was used
  std::string form_reason;  // why it was not Stress; empty otherwise
  std::uint64_t runs = 0;   // that ended, discarded ones included
  std::uint64_t discarded = 0;
  std::uint64_t failed = 0;
  // An operation on an atomic object, or a fence, had an order weaker than seq_cst in the execution that was
  // looked at.
  bool weak_orders = false;
  std::vector<Outcome> outcomes;  // sorted by values
  std::vector<Failure> failures;  // most frequent first
  std::optional<Fault> fault;
  bool interrupted = false;
  std::string output;  // what the process wrote to its standard output and error, at most 64 KiB
  std::chrono::nanoseconds elapsed{};
  std::chrono::nanoseconds running{};  // of that in runs, in the whole form
};

// Runs `body` as often as the options say. Throws std::invalid_argument when Form::Stress is asked for and
// does not suit, with the reason; std::system_error when the system gives no process or memory.
Result run(const std::function<void()>& body, const Options& options = {});

}  // namespace heddle::native
