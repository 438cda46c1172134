// checker/explore/enumerate.hpp - every interleaving, without reduction.
//
// Depth-first search over the threads enabled at each step. With a bound, only interleavings with at
// most that many preemptions: switches away from a thread that could have gone on (Musuvathi and Qadeer,
// "Iterative Context Bounding", PLDI'07). raise_bounds makes it start over with the next bound until no
// interleaving was left out.
//
// Steps that are local (is_local) are taken at once: they commute with everything.
#pragma once

#include "checker/explore/strategy.hpp"

#include <limits>
#include <vector>

namespace heddle::checker {

class Enumerate final : public Strategy {
 public:
  static constexpr unsigned unbounded = std::numeric_limits<unsigned>::max();

  // Explores with bounds first..last.
  explicit Enumerate(View view, unsigned first = unbounded, unsigned last = unbounded)
      : view_(view), bound_(first), first_(first), last_(last) {}

  EventIndex prefix() const override { return prefix_; }
  Decision next(ThreadSet enabled) override;
  bool executed() override;
  bool end_of_execution() override;
  bool exhaustive() const override { return !left_out_; }
  // Within a bound a thread that waits is not preempted, and one that comes later may be.
  bool lets_loops_go_on() const override { return bound_ != unbounded; }
  bool repeated() const override { return repeated_; }
  double explored_share() const override;

  unsigned bound() const { return bound_; }

 private:
  struct Slot {
    ThreadSet untried;
    unsigned branches = 1;
    unsigned preemptions = 0;      // of the path before this step
    ThreadIndex last = no_thread;  // ran before this step, local steps not counted
    bool local = false;
  };

  ThreadSet allowed(const Slot& slot, ThreadSet enabled);

  View view_;
  std::vector<Slot> slots_{1};
  EventIndex prefix_ = 0;
  unsigned bound_;
  unsigned first_;
  unsigned last_;
  ThreadIndex chosen_ = no_thread;  // for the first step after the prefix
  unsigned alternative_ = 0;
  bool left_out_ = false;  // the bound cut something in this round
  bool repeated_ = false;
};

}  // namespace heddle::checker
