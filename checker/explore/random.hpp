// checker/explore/random.hpp - random strategies: never exhaustive, always repeatable from the seed.
//
// Random picks uniformly among the enabled threads. Pct gives every thread a random priority, runs the
// highest, and lowers the running thread's priority at depth-1 random steps: a bug that needs `depth`
// ordering constraints is found with a probability of at least 1/(threads * steps^(depth-1)) per
// execution (Burckhardt, Kothari, Musuvathi, Nagarakatte; ASPLOS'10).
//
// The generator is splitmix64, because the distributions of <random> differ between libraries.
#pragma once

#include "checker/explore/strategy.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace heddle::checker {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() { return mixed(state_ += 0x9e3779b97f4a7c15u); }
  // Uniform in 0..n-1. REQUIRES: n > 0.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t fair = ~std::uint64_t{0} - ~std::uint64_t{0} % n;
    std::uint64_t drawn = next();
    while (drawn >= fair) drawn = next();
    return drawn % n;
  }

 private:
  std::uint64_t state_;
};

class Random final : public Strategy {
 public:
  // `loops_go_on`: whether threads that have looked in vain go on once there is something new.
  Random(View view, std::uint64_t seed, bool loops_go_on = true)
      : view_(view), generator_(seed), loops_go_on_(loops_go_on) {}

  Decision next(ThreadSet enabled) override;
  bool end_of_execution() override { return true; }
  bool lets_loops_go_on() const override { return loops_go_on_; }
  bool exhaustive() const override { return false; }

 private:
  View view_;
  Generator generator_;
  bool loops_go_on_;
};

class Pct final : public Strategy {
 public:
  // REQUIRES: depth >= 1.
  Pct(View view, std::uint64_t seed, int depth);

  Decision next(ThreadSet enabled) override;
  bool end_of_execution() override;
  bool exhaustive() const override { return false; }

 private:
  void begin();

  View view_;
  Generator generator_;
  unsigned drops_;
  EventIndex longest_ = 1;  // execution so far: where drops may fall
  std::array<std::uint64_t, threads_max> priority_{};
  std::vector<EventIndex> drop_at_;
};

}  // namespace heddle::checker
