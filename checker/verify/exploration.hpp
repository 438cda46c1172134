// checker/verify/exploration.hpp - explores a scenario and gathers the Result.
#pragma once

#include "checker/verify/class_register.hpp"
#include "checker/verify/findings.hpp"
#include "checker/verify/path.hpp"
#include "checker/verify/runner.hpp"

#include <heddle/options.hpp>
#include <heddle/result.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace heddle::checker {

class Telling;

class Exploration {
 public:
  // `body` must outlive the exploration. Throws std::invalid_argument for options out of range.
  Exploration(const std::function<void()>& body, Options options);

  Result run();

 private:
  struct Candidate {  // a defect, with the first execution seen for it
    Finding finding;
    Hash identity;
    std::uint64_t executions = 0;
    Path path;    // in a better order
    Path as_run;  // which matters where the behaviour is undefined
  };
  struct Seen {  // an outcome
    std::vector<std::pair<std::string, std::string>> values;
    std::uint64_t executions = 0;
    Path path;
  };

  bool rehearse(Runner& runner);
  void explore(Runner& runner, Strategy& strategy);
  Ending run(Runner& runner, Strategy& strategy);
  void keep_undefined(Runner& runner);
  void cross_check(Runner& runner, const Strategy& strategy);
  void count(const Runner& runner, const Strategy& strategy, Ending ending);
  void gather(Runner& runner, Ending ending);
  static void refuse_contest(const Runner& runner);
  Path whole_path(const Runner& runner) const;
  void remember(Runner& runner, const Finding& finding);
  void lose_control(const ControlLost& lost);
  bool out_of_budget(bool look_at_clock);
  void report_progress(const Strategy& strategy);
  void minimize(Candidate& candidate, const Runner& explored, Defect& defect);
  bool search_with_fewer(Candidate& candidate, unsigned preemptions);
  void add_defects(const Runner& explored);
  std::unique_ptr<Telling> told_from_token(const Path& path, const Runner& explored) const;
  void add_outcomes(const Runner& explored);
  void add_leaks(const Runner& explored);
  void add_lock_orders(const Runner& explored);
  void decide(const Strategy& strategy);

  Options options_;
  FaultGuard guard_;
  Ground ground_;
  Subject subject_;
  Result result_;
  std::vector<Candidate> candidates_;
  std::vector<Candidate> rehearsed_;  // found before the search
  std::vector<Candidate> leaks_;      // advisory
  std::unordered_map<Hash, Seen> outcomes_;
  ClassRegister classes_;
  Hash class_ = 0;  // of the execution that has just ended
  std::vector<Finding> settled_;
  bool stop_ = false;       // at a defect
  bool cut_ = false;        // by a limit
  bool truncated_ = false;  // an execution, by the limit of steps or a crash
  std::string left_out_;    // what the machine went on without
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point next_progress_;
  std::uint64_t ended_ = 0;
  std::uint64_t race_seen_ = 0;    // in which execution; 0: not yet
  std::uint64_t circle_seen_ = 0;  // the same for one that goes on without end
  std::vector<double> estimates_;  // the latest few
};

// The strategy that the options ask for.
std::unique_ptr<Strategy> make_strategy(const Options& options, View view);

// Whether there is an operation on a shared object, or a choice.
bool anything_visible(const Trace& trace);

}  // namespace heddle::checker
