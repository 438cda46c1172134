#include "checker/explore/enumerate.hpp"

#include <algorithm>
#include <utility>

namespace heddle::checker {

// The threads that the bound lets run; notes when it holds some back.
ThreadSet Enumerate::allowed(const Slot& slot, ThreadSet enabled) {
  if (slot.preemptions < bound_ || !enabled.contains(slot.last)) return enabled;
  if (enabled.size() > 1) left_out_ = true;
  return ThreadSet::of(slot.last);
}

Decision Enumerate::next(ThreadSet enabled) {
  const EventIndex position = view_.trace.size();
  Slot& slot = slots_[position];
  const ThreadIndex again = std::exchange(chosen_, no_thread);
  if (again != no_thread) return {again, std::exchange(alternative_, 0)};
  const ThreadSet local = view_.machine.local(enabled);
  slot.local = !local.empty();
  if (slot.local) {
    slot.untried = ThreadSet();
    return {local.least()};
  }
  const ThreadSet candidates = allowed(slot, enabled);
  const ThreadIndex thread = candidates.contains(slot.last) ? slot.last : candidates.least();
  slot.untried = candidates - ThreadSet::of(thread);
  slot.branches = candidates.size();
  return {thread};
}

bool Enumerate::executed() {
  const EventIndex position = view_.trace.size() - 1;
  if (slots_.size() < position + 2) slots_.resize((position + 2) * 2);
  const Slot& slot = slots_[position];
  const Event& event = view_.trace[position];
  Slot& following = slots_[position + 1];
  following = Slot();
  following.preemptions = slot.preemptions;
  following.last = slot.last;
  if (slot.local) return true;
  following.last = event.thread;
  if (slot.last != no_thread && slot.last != event.thread && event.enabled.contains(slot.last))
    ++following.preemptions;
  return true;
}

bool Enumerate::end_of_execution() {
  repeated_ = bound_ != unbounded && bound_ > first_ && slots_[view_.trace.size()].preemptions < bound_;
  for (EventIndex position = view_.trace.size(); position-- > 0;) {
    const Event& event = view_.trace[position];
    Slot& slot = slots_[position];
    if (event.alternative + 1u < event.alternatives) {
      chosen_ = event.thread;
      alternative_ = event.alternative + 1u;
      prefix_ = position;
      return true;
    }
    if (slot.untried.empty()) continue;
    chosen_ = slot.untried.least();
    slot.untried.erase(chosen_);
    prefix_ = position;
    return true;
  }
  if (!left_out_ || bound_ == last_) return false;
  ++bound_;
  left_out_ = false;
  slots_.front() = Slot();
  prefix_ = 0;
  return true;
}

double Enumerate::explored_share() const {
  if (bound_ != unbounded) return 0;  // how many rounds follow is not known
  double share = 0;
  double weight = 1;
  for (EventIndex position = 0; position < view_.trace.size(); ++position) {
    const Event& event = view_.trace[position];
    const Slot& slot = slots_[position];
    const double branches = event.alternatives > 1 ? event.alternatives : slot.branches;
    const double done =
        event.alternatives > 1 ? event.alternative : slot.branches - 1.0 - slot.untried.size();
    weight /= branches;
    share += done * weight;
  }
  return share;
}

}  // namespace heddle::checker
