#include "tests/oracle/handles_judge.hpp"

#include <array>
#include <utility>

namespace heddle::handles {

std::string final_text(const std::vector<std::string>& seen, int counter, int gone) {
  std::string text;
  for (const std::string& each : seen) text += each + "|";
  return text + std::to_string(counter) + " " + std::to_string(gone);
}

namespace {

constexpr int none = -1;
constexpr int an_end = -2;  // of an object, among what is still to be dropped

enum class Ready : std::uint8_t { No, Value, Error, Broken };
enum class Call : std::uint8_t { None, Begun, Added, Done, Deferred };

struct Object {
  int maker = 0;
  int owners = 0;
};

struct Thread {
  std::size_t position = 0;
  int phase = 0;
  int owner = none;
  int observer = none;
  bool is_private = false;  // nobody else can have the owner's object
  std::vector<int> drops;   // before it goes on, the last first
  bool has_promise = true;
  Ready promise = Ready::No;
  Ready task = Ready::No;
  int of_task = 0;
  Call call = Call::None;
  int of_call = 0;
  std::string seen;
};

struct State {
  std::array<Thread, threads_max> threads;
  std::vector<Object> objects;
  int slot = none;
  int counter = 0;
  int gone = 0;
  std::vector<int> drops_of_main;
};

// Who takes steps: the threads, then main, then the calls of each thread.
class Interpreter {
 public:
  explicit Interpreter(const Program& program) : program_(program) {}

  unsigned steppers() const { return 2 * count() + 1; }

  State start() const {
    State state;
    state.objects.push_back({.maker = 0, .owners = 1});
    state.drops_of_main.push_back(0);
    for (unsigned t = 0; t < count(); ++t) {
      if (program_.observes) state.threads[t].observer = 0;
      if (program_.shares) state.threads[t].owner = own(state, 0);
    }
    return state;
  }

  bool ended(const State& state, unsigned stepper) const {
    if (stepper == count()) return state.drops_of_main.empty();
    if (stepper > count()) {
      const Call call = state.threads[stepper - count() - 1].call;
      return call != Call::Begun && call != Call::Added;
    }
    const Thread& mine = state.threads[stepper];
    return mine.position == program_.threads[stepper].size() && mine.phase == ended_phase &&
           mine.drops.empty();
  }

  bool step(State& state, unsigned stepper) const {
    if (stepper == count()) return drop(state, state.drops_of_main);
    if (stepper > count()) return proceed(state, state.threads[stepper - count() - 1]);
    Thread& mine = state.threads[stepper];
    if (!mine.drops.empty()) return drop(state, mine.drops);
    if (mine.position == program_.threads[stepper].size()) return leave(mine);
    const Instruction& next = program_.threads[stepper][mine.position];
    if (!(next.op < Op::SetValue ? perform(state, stepper, next) : result(state, stepper, next)))
      return false;
    if (mine.phase == 0) ++mine.position;
    return true;
  }

  static std::string key(const State& state) {
    std::string key;
    const auto add = [&](auto value) { key += static_cast<char>(value); };
    for (const Thread& thread : state.threads) {
      for (const int value :
           {static_cast<int>(thread.position), thread.phase, thread.owner, thread.observer,
            static_cast<int>(thread.is_private), static_cast<int>(thread.has_promise),
            static_cast<int>(thread.promise), static_cast<int>(thread.task), thread.of_task,
            static_cast<int>(thread.call), thread.of_call, static_cast<int>(thread.drops.size())})
        add(value);
      for (const int object : thread.drops) add(object);
      key += thread.seen + "|";
    }
    for (const Object& object : state.objects) {
      add(object.maker);
      add(object.owners);
    }
    for (const int value :
         {state.slot, state.counter, state.gone, static_cast<int>(state.drops_of_main.size())})
      add(value);
    for (const int object : state.drops_of_main) add(object);
    return key;
  }

  // Main empties the slot in the end.
  std::string outcome(State state) const {
    std::vector<int> drops{std::exchange(state.slot, none)};
    while (!drops.empty()) drop(state, drops);
    std::vector<std::string> seen;
    for (unsigned t = 0; t < count(); ++t) seen.push_back(state.threads[t].seen);
    return final_text(seen, state.counter, state.gone);
  }

 private:
  static constexpr int ended_phase = 4;

  unsigned count() const { return static_cast<unsigned>(program_.threads.size()); }

  static int own(State& state, int object) {
    if (object != none) ++state.objects[static_cast<std::size_t>(object)].owners;
    return object;
  }
  static int make(State& state, unsigned thread) {
    state.objects.push_back({.maker = 1 + static_cast<int>(thread), .owners = 1});
    return static_cast<int>(state.objects.size()) - 1;
  }
  static bool drop(State& state, std::vector<int>& drops) {
    const int object = drops.back();
    drops.pop_back();
    if (object == an_end) ++state.gone;
    else if (object != none && --state.objects[static_cast<std::size_t>(object)].owners == 0)
      drops.push_back(an_end);
    return true;
  }

  bool perform(State& state, unsigned thread, const Instruction& next) const {
    Thread& mine = state.threads[thread];
    const auto take = [&](int object) { mine.drops.push_back(std::exchange(mine.owner, object)); };
    const bool was_private = std::exchange(mine.is_private, false);
    switch (next.op) {
      case Op::Make:
        take(make(state, thread));
        mine.is_private = true;
        break;
      case Op::Drop: take(none); break;
      case Op::Load: take(own(state, state.slot)); break;
      case Op::Store: mine.drops.push_back(std::exchange(state.slot, own(state, mine.owner))); break;
      case Op::Swap: std::swap(mine.owner, state.slot); break;
      case Op::Replace: {
        const int made = make(state, thread);
        const bool replaced = state.slot == mine.owner;
        mine.seen += replaced ? '+' : '-';
        if (replaced) {
          mine.drops.push_back(std::exchange(state.slot, made));
        } else {
          mine.drops.push_back(made);
          take(own(state, state.slot));
        }
        break;
      }
      case Op::Observe:
        mine.observer = mine.owner;
        mine.is_private = was_private;
        break;
      case Op::Lock: {
        const bool is_there =
            mine.observer != none && state.objects[static_cast<std::size_t>(mine.observer)].owners > 0;
        mine.seen += is_there ? '+' : '-';
        take(is_there ? own(state, mine.observer) : none);
        break;
      }
      case Op::Look:
        mine.seen += mine.owner == none
                         ? "-"
                         : std::to_string(state.objects[static_cast<std::size_t>(mine.owner)].maker);
        mine.is_private = was_private;
        break;
      case Op::Count:
        if (was_private)
          mine.seen += std::to_string(state.objects[static_cast<std::size_t>(mine.owner)].owners);
        mine.is_private = was_private;
        break;
      default:  // Gone
        mine.seen += std::to_string(state.gone);
        mine.is_private = was_private;
        break;
    }
    return true;
  }

  bool result(State& state, unsigned thread, const Instruction& next) const {
    Thread& mine = state.threads[thread];
    const bool is_there = next.other < count();
    switch (next.op) {
      case Op::SetValue:
      case Op::SetError:
        mine.seen += !mine.has_promise ? 'n' : mine.promise == Ready::No ? '+' : 'x';
        if (mine.has_promise && mine.promise == Ready::No)
          mine.promise = next.op == Op::SetValue ? Ready::Value : Ready::Error;
        break;
      case Op::Break:
        if (mine.promise == Ready::No) mine.promise = Ready::Broken;
        mine.has_promise = false;
        break;
      case Op::Call:
        if (mine.phase == 1) {
          mine.task = Ready::Value;
          mine.phase = 0;
          mine.seen += '+';
        } else if (mine.task == Ready::No) {
          mine.of_task = state.counter++;
          mine.phase = 1;
        } else {
          mine.seen += 'x';
        }
        break;
      case Op::Get: {
        if (!is_there) break;
        const Ready ready = state.threads[next.other].promise;
        if (ready == Ready::No) return false;
        mine.seen += ready == Ready::Value   ? std::to_string(1 + next.other)
                     : ready == Ready::Error ? "e"
                                             : "b";
        break;
      }
      case Op::IsReady:
        if (is_there) mine.seen += state.threads[next.other].promise != Ready::No ? '1' : '0';
        break;
      case Op::GetOfTask: {
        if (!is_there) break;
        const Thread& other = state.threads[next.other];
        if (other.task == Ready::No) return false;
        mine.seen += other.task == Ready::Value ? std::to_string(other.of_task) : "b";
        break;
      }
      case Op::Async:
      case Op::Defer:
        if (is_running(mine)) return false;
        mine.call = next.op == Op::Async ? Call::Begun : Call::Deferred;
        break;
      default:  // GetOfAsync
        if (is_running(mine)) return false;
        if (mine.call == Call::Deferred) mine.of_call = state.counter++;
        mine.seen += mine.call == Call::None ? "n" : std::to_string(mine.of_call);
        mine.call = Call::None;
        break;
    }
    return true;
  }

  static bool is_running(const Thread& thread) {
    return thread.call == Call::Begun || thread.call == Call::Added;
  }
  static bool proceed(State& state, Thread& thread) {
    if (thread.call == Call::Begun) thread.of_call = state.counter++;
    thread.call = thread.call == Call::Begun ? Call::Added : Call::Done;
    return true;
  }

  static bool leave(Thread& mine) {
    switch (mine.phase) {
      case 0:
        if (is_running(mine)) return false;
        break;
      case 1: mine.drops.push_back(std::exchange(mine.owner, none)); break;
      case 2:
        if (mine.task == Ready::No) mine.task = Ready::Broken;
        break;
      default:
        if (mine.promise == Ready::No) mine.promise = Ready::Broken;
        break;
    }
    ++mine.phase;
    return true;
  }

  const Program& program_;
};

}  // namespace

std::optional<oracle::Reached> judge(const Program& program, std::size_t states_max) {
  const Interpreter interpreter(program);
  return oracle::States(interpreter, interpreter.steppers()).reach_all(states_max);
}

}  // namespace heddle::handles
