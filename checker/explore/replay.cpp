#include "checker/explore/replay.hpp"

namespace heddle::checker {

Decision Replay::next(ThreadSet enabled) {
  const Machine& machine = view_.machine;
  if (const ThreadSet local = machine.local(enabled); !local.empty()) {
    const ThreadIndex thread = local.least();
    const Operation& op = machine.pending(thread);
    if (op.kind != OperationKind::Choose || answers_ >= schedule_.alternatives.size()) return {thread};
    const unsigned answer = schedule_.alternatives[answers_++];
    if (answer >= op.alternatives)
      throw ControlLost("the token no longer fits: it answers " + std::to_string(answer) + " to a choose(" +
                        std::to_string(op.alternatives) + "). Run the check again to get a new token.");
    return {thread, answer};
  }
  if (step_ == schedule_.threads.size()) {
    if (!enabled.contains(last_)) last_ = enabled.least();
    return {last_};
  }
  const std::uint32_t age = step_ < schedule_.ages.size() ? schedule_.ages[step_] : 0;
  const std::string& path = schedule_.threads[step_++];
  const ThreadIndex thread = machine.lineage().find_path(path);
  const auto lost = [&](const std::string& why) {
    return ControlLost("the token no longer fits: its step " + std::to_string(step_) + " is of thread " +
                       (path == "0" ? "main" : "T" + path) + ", which " + why +
                       ". Run the check again to get a new token.");
  };
  if (thread == no_thread || !machine.unfinished().contains(thread)) throw lost("does not run at that point");
  if (!enabled.contains(thread)) throw lost("cannot take a step at that point");
  last_ = thread;
  if (age == 0) return {thread};
  AccessIndex write = no_access;
  const ObjectIndex object = machine.pending(thread).object;
  if (object == no_object || !machine.coherence().find(object, age, write))
    throw lost("finds no write that " + std::to_string(age) + " are newer than");
  return {thread, 0, write == no_access ? no_event : view_.trace.access(write).event};
}

}  // namespace heddle::checker
