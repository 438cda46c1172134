#include "checker/explore/random.hpp"

#include <algorithm>

namespace heddle::checker {

namespace {

// A step that is local is taken at once; a choose() is drawn uniformly.
Decision local_step(const View& view, ThreadIndex thread, Generator& generator) {
  const Operation& op = view.machine.pending(thread);
  return {thread, static_cast<unsigned>(generator.below(op.alternatives))};
}

}  // namespace

Decision Random::next(ThreadSet enabled) {
  if (const ThreadSet local = view_.machine.local(enabled); !local.empty())
    return local_step(view_, local.least(), generator_);
  return {enabled.nth(static_cast<unsigned>(generator_.below(enabled.size())))};
}

Pct::Pct(View view, std::uint64_t seed, int depth)
    : view_(view), generator_(seed), drops_(static_cast<unsigned>(depth) - 1) {
  begin();
}

void Pct::begin() {
  // Initial priorities lie above all lowered ones.
  for (std::uint64_t& priority : priority_) priority = drops_ + 1 + (generator_.next() >> 8);
  drop_at_.clear();
  for (unsigned d = 0; d < drops_; ++d)
    drop_at_.push_back(static_cast<EventIndex>(generator_.below(longest_)));
}

Decision Pct::next(ThreadSet enabled) {
  if (const ThreadSet local = view_.machine.local(enabled); !local.empty())
    return local_step(view_, local.least(), generator_);
  const auto highest = [&] {
    ThreadIndex best = enabled.least();
    for (const ThreadIndex thread : enabled)
      if (priority_[thread] > priority_[best]) best = thread;
    return best;
  };
  for (unsigned d = 0; d < drops_; ++d)
    if (drop_at_[d] == view_.trace.size()) priority_[highest()] = drops_ - d;
  return {highest()};
}

bool Pct::end_of_execution() {
  longest_ = std::max(longest_, view_.trace.size());
  begin();
  return true;
}

}  // namespace heddle::checker
