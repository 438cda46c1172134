// checker/verify/witness.hpp - runs one schedule again and tells what happens, step by step.
#pragma once

#include "checker/verify/path.hpp"
#include "checker/verify/runner.hpp"

#include <heddle/result.hpp>

#include <memory>
#include <vector>

namespace heddle::checker {

// An execution that has been replayed from a schedule.
class Telling {
 public:
  // Runs it. Throws ControlLost when the schedule does not fit the body.
  Telling(const Subject& subject, const Schedule& schedule);

  Ending ending() const { return ending_; }
  const std::vector<Finding>& findings() const { return findings_; }
  const Runner& runner() const { return *runner_; }

  // The finding of this identity, or null.
  const Finding* find(Hash wanted) const;
  // The events up to and including this one; all of them for no_event.
  EventIndex events_until(EventIndex event) const;

  // The first `events` events as steps, with the token of `name`.
  Witness witness(EventIndex events, const std::string& name) const;
  Schedule schedule(EventIndex events, const std::string& name) const;

  // The sentence for a finding and the sentences that explain it.
  std::string message(const Finding& finding) const;
  std::vector<std::string> because(const Finding& finding) const;
  std::string object_name(const Finding& finding) const;

 private:
  struct Waiting {
    EventIndex after;  // no_event: from the start
    ThreadIndex thread;
    std::string because;
  };

  void note_waits();
  Step step(EventIndex position, std::uint32_t index) const;
  // A value of this object.
  std::string text_of(Word value, ObjectIndex object) const;
  std::string value_of(const Event& event) const;
  std::string place(EventIndex event) const;
  std::uint32_t number(EventIndex event) const;
  std::string held_after(EventIndex event) const;
  void relate(EventIndex position, Step& step) const;
  // Of a step that reads or is something old: the write right after it in coherence order.
  EventIndex overlooked(EventIndex event) const;
  std::string order_of(const Event& event) const;
  std::string read_value(EventIndex event) const;
  std::string written_value(EventIndex event) const;
  std::vector<std::string> stale_read_reasons(EventIndex read) const;
  std::string what_would_order(EventIndex write, EventIndex read) const;
  EventIndex unsynchronised_read(EventIndex write, EventIndex read) const;
  EventIndex last_shown(const Finding& finding) const;
  std::string last_operation(const Finding& finding) const;
  std::vector<std::string> use_after_free_reasons(const Finding& finding) const;
  const std::string& thread(ThreadIndex index) const { return runner_->machine().lineage().name(index); }

  std::unique_ptr<Runner> runner_;
  const Options& options_;
  Ending ending_;
  std::vector<Finding> findings_;
  std::vector<WaitFor> deadlock_;
  std::vector<Waiting> waits_;
  ThreadSet waiting_;
};

}  // namespace heddle::checker
