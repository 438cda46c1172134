// checker/explore/replay.hpp - runs exactly one execution: that of a schedule.
//
// Where the schedule ends before the execution does, the thread that ran last goes on, then the others
// in order. Throws ControlLost when the program offers no such step.
#pragma once

#include "checker/core/schedule.hpp"
#include "checker/explore/strategy.hpp"

namespace heddle::checker {

class Replay final : public Strategy {
 public:
  // `schedule` must outlive the strategy.
  Replay(View view, const Schedule& schedule) : view_(view), schedule_(schedule) {}

  Decision next(ThreadSet enabled) override;
  bool end_of_execution() override { return false; }
  bool exhaustive() const override { return false; }

 private:
  View view_;
  const Schedule& schedule_;
  std::size_t step_ = 0;
  std::size_t answers_ = 0;
  ThreadIndex last_ = no_thread;
};

}  // namespace heddle::checker
