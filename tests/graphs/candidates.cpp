#include "tests/graphs/candidates.hpp"

#include <algorithm>
#include <optional>

namespace heddle::graphs {

namespace {

constexpr int free_mutex = 0;
constexpr int held_mutex = 1;

// The event that an instruction became.
constexpr unsigned none = ~0u;

struct Place {
  unsigned thread = nowhere;
  unsigned position = 0;
  bool operator==(const Place&) const = default;
};

struct Thread {
  unsigned position = 0;
  Registers registers{};
  unsigned holds = 0;    // mutexes, a bit each
  bool waiting = false;  // for good, before the instruction at `position`
  bool second = false;   // it has performed the first of the two reads of the instruction
  std::array<unsigned, length_max> event_of;
};

// A thread whose read at its position waits for the thread of `source` to get there.
struct Demand {
  unsigned thread = 0;
  Place source;
};

struct State {
  Events events;
  std::array<Thread, threads_max> threads;
  std::vector<Demand> demands;  // each by the thread that the one before it waits for
};

bool may_write(Op op) {
  switch (op) {
    case Op::Load:
    case Op::Await:
    case Op::AwaitBoth:
    case Op::AwaitEither:
    case Op::Fence:
    case Op::JumpIfEqual:
    case Op::JumpIfDifferent: return false;
    default: return true;
  }
}

bool can_wait(Op op) {
  switch (op) {
    case Op::Lock:
    case Op::Acquire:
    case Op::Await:
    case Op::AwaitExchange:
    case Op::AwaitCompareExchange:
    case Op::AwaitBoth:
    case Op::AwaitEither: return true;
    default: return false;
  }
}

bool sets_register(Op op) {
  switch (op) {
    case Op::Lock:
    case Op::Acquire:
    case Op::Release:
    case Op::Await:
    case Op::AwaitCompareExchange: return false;
    default: return true;
  }
}

// `second`: of two.
unsigned location_of(const Program& program, const Instruction& i, bool second = false) {
  switch (i.op) {
    case Op::Lock:
    case Op::Unlock:
    case Op::TryLock: return program.variables + i.object;
    case Op::Acquire:
    case Op::Release: return program.variables + program.mutexes + i.object;
    case Op::Fence:
    case Op::JumpIfEqual:
    case Op::JumpIfDifferent: return nowhere;
    default: return second ? i.other : i.object;
  }
}

class Lister {
 public:
  Lister(const Program& program, std::size_t steps_max, const std::function<void(const Candidate&)>& visit)
      : program_(program), steps_left_(steps_max), visit_(visit), sources_(locations(program)) {
    for (unsigned t = 0; t < threads(); ++t)
      for (unsigned i = 0; i < code(t).size(); ++i)
        if (may_write(code(t)[i].op)) sources_[location_of(program, code(t)[i])].push_back({t, i});
  }

  bool list() {
    State start;
    for (unsigned location = 0; location < locations(program_); ++location) {
      const unsigned semaphores = program_.variables + program_.mutexes;
      start.events.push_back(
          {.kind = Kind::Write,
           .initial = true,
           .location = location,
           .written = location < semaphores ? 0 : static_cast<int>(location - semaphores)});
    }
    for (Thread& thread : start.threads) thread.event_of.fill(none);
    run(std::move(start));
    return !gave_up_;
  }

 private:
  unsigned threads() const { return static_cast<unsigned>(program_.threads.size()); }
  const Code& code(unsigned thread) const { return program_.threads[thread]; }
  bool ended(const State& state, unsigned thread) const {
    return state.threads[thread].position >= code(thread).size();
  }

  // The thread whose turn it is, if there is one left.
  std::optional<unsigned> next_thread(const State& state) const {
    if (!state.demands.empty()) return state.demands.back().source.thread;
    for (unsigned t = 0; t < threads(); ++t)
      if (!ended(state, t) && !state.threads[t].waiting) return t;
    return std::nullopt;
  }

  // Up to the next read, and there in every possible way.
  void run(State state) {
    if (gave_up_ || steps_left_-- == 0) {
      gave_up_ = true;
      return;
    }
    while (const std::optional<unsigned> t = next_thread(state)) {
      Thread& thread = state.threads[*t];
      if (ended(state, *t)) return;  // without having written what is demanded of it
      const Instruction& i = code(*t)[thread.position];
      if (does_nothing(i, thread)) {
        if (!move_on(state, *t, 1)) return;
        continue;
      }
      switch (i.op) {
        case Op::JumpIfEqual:
        case Op::JumpIfDifferent: {
          const bool jumps = (thread.registers[i.reg] == i.value) == (i.op == Op::JumpIfEqual);
          if (!move_on(state, *t, jumps ? 1 + i.skip : 1)) return;
          break;
        }
        case Op::Fence:
        case Op::Store:
        case Op::Unlock:
          if (!add(state, *t, without_read(i, *t, thread))) return;
          break;
        default: return read(state, *t, i);
      }
    }
    visit(state);
  }

  static bool does_nothing(const Instruction& i, const Thread& thread) {
    const bool holds = (thread.holds & (1u << i.object)) != 0;
    if (i.op == Op::Lock || i.op == Op::TryLock) return holds;
    return i.op == Op::Unlock && !holds;
  }

  void read(const State& state, unsigned t, const Instruction& i) {
    const unsigned location = location_of(program_, i, state.threads[t].second);
    {
      State next = state;
      if (read_from(next, t, location))
        run(std::move(next));  // the initial value: event and location are one
    }
    for (const Place& source : sources_[location]) {
      const Thread& other = state.threads[source.thread];
      const unsigned event = other.event_of[source.position];
      State next = state;
      if (event != none) {
        if (state.events[event].writes() && read_from(next, t, event)) run(std::move(next));
      } else if (source.thread != t && !other.waiting && other.position <= source.position &&
                 !demands(state, source.thread)) {
        next.demands.push_back({t, source});
        run(std::move(next));
      }
    }
    if (can_wait(i.op) && !state.threads[t].second && state.demands.empty()) {
      State next = state;
      next.threads[t].waiting = true;
      run(std::move(next));
    }
  }

  static bool demands(const State& state, unsigned thread) {
    return std::any_of(state.demands.begin(), state.demands.end(),
                       [&](const Demand& demand) { return demand.thread == thread; });
  }

  // The next four return whether this can still become a candidate.

  bool read_from(State& state, unsigned t, unsigned write) {
    Thread& thread = state.threads[t];
    const Instruction& i = code(t)[thread.position];
    const std::optional<Event> event = with_read(i, t, thread, write, state.events[write].written);
    if (!event) return false;
    if (event->kind == Kind::ReadModifyWrite)
      for (const Event& other : state.events)
        if (other.kind == Kind::ReadModifyWrite && other.reads_from == write) return false;  // not atomic
    int& reg = thread.registers[i.reg];
    if (i.op == Op::TryLock) reg = event->writes() ? 1 : 0;
    else if (sets_register(i.op)) reg = event->read;
    thread.second = waits_for_two(i.op) && !thread.second && !leaves(i, false, event->read);
    return add(state, t, *event);
  }

  bool add(State& state, unsigned t, const Event& event) {
    Thread& thread = state.threads[t];
    const Instruction& i = code(t)[thread.position];
    if (i.op == Op::Unlock) thread.holds &= ~(1u << i.object);
    else if ((i.op == Op::Lock || i.op == Op::TryLock) && event.writes()) thread.holds |= 1u << i.object;
    const unsigned number = static_cast<unsigned>(state.events.size());
    const Place place{t, thread.position};
    state.events.push_back(event);
    thread.event_of[place.position] = number;
    if (!state.demands.empty() && state.demands.back().source == place) {
      if (!event.writes()) return false;
      const unsigned reader = state.demands.back().thread;
      state.demands.pop_back();
      ++thread.position;
      return read_from(state, reader, number);
    }
    return move_on(state, t, thread.second ? 0 : 1);
  }

  bool move_on(State& state, unsigned t, unsigned instructions) {
    Thread& thread = state.threads[t];
    thread.position += instructions;
    if (state.demands.empty()) return true;
    const Place& source = state.demands.back().source;
    return source.thread != t || thread.position <= source.position;
  }

  Event without_read(const Instruction& i, unsigned t, const Thread& thread) const {
    Event event{.kind = i.op == Op::Fence ? Kind::Fence : Kind::Write,
                .thread = t,
                .location = location_of(program_, i),
                .order = i.order};
    if (i.op == Op::Store) event.written = value_of(i, thread.registers);
    if (i.op == Op::Unlock) {
      event.order = Order::release;
      event.written = free_mutex;
    }
    return event;
  }

  // Nothing if this value would not let it go on.
  std::optional<Event> with_read(const Instruction& i, unsigned t, const Thread& thread, unsigned write,
                                 int value) const {
    Event event{.kind = Kind::ReadModifyWrite,
                .update = true,
                .thread = t,
                .location = location_of(program_, i, thread.second),
                .reads_from = write,
                .order = i.order,
                .read = value};
    const auto only_read = [&](Order order) {
      event.kind = Kind::Read;
      event.order = order;
    };
    switch (i.op) {
      case Op::FetchAdd: event.written = value + i.value; break;
      case Op::Exchange:
      case Op::AwaitExchange:
      case Op::AwaitCompareExchange: event.written = i.value; break;
      case Op::CompareExchange:
        event.written = i.value;
        if (value != i.expected) only_read(i.failure);
        break;
      case Op::TryLock:
        event.order = Order::acquire;
        event.written = held_mutex;
        if (value != free_mutex) only_read(Order::relaxed);
        break;
      case Op::Lock:
        event.order = Order::acquire;
        event.written = held_mutex;
        break;
      case Op::Acquire:
        event.order = Order::acquire;
        event.written = value - 1;
        break;
      case Op::Release:
        event.order = Order::release;
        event.written = value + i.value;
        break;
      default: event.update = false; only_read(thread.second ? i.other_order : i.order);
    }
    const bool goes_on = !can_wait(i.op) || satisfies(waiting(i, thread, thread.second), value);
    if (!goes_on && (!waits_for_two(i.op) || thread.second)) return std::nullopt;
    return event;
  }

  Waiting waiting(const Instruction& i, const Thread& thread, bool second) const {
    int value = value_of(i, thread.registers);
    if (i.op == Op::AwaitCompareExchange) value = i.expected;
    if (second) value = i.other_value;
    return {location_of(program_, i, second), i.op, value};
  }

  void visit(const State& state) {
    Candidate candidate{.events = state.events, .registers = {}, .waiting = {}};
    for (unsigned t = 0; t < threads(); ++t) {
      const Thread& thread = state.threads[t];
      candidate.registers.push_back(thread.registers);
      if (!thread.waiting) continue;
      const Instruction& i = code(t)[thread.position];
      candidate.waiting.push_back(waiting(i, thread, false));
      if (waits_for_two(i.op)) candidate.waiting.push_back(waiting(i, thread, true));
    }
    visit_(candidate);
  }

  const Program& program_;
  std::size_t steps_left_;
  const std::function<void(const Candidate&)>& visit_;
  std::vector<std::vector<Place>> sources_;  // of every location: instructions that may write to it
  bool gave_up_ = false;
};

}  // namespace

bool satisfies(const Waiting& waiting, int value) {
  switch (waiting.op) {
    case Op::Lock: return value == free_mutex;
    case Op::Acquire: return value > 0;
    case Op::AwaitExchange:
    case Op::AwaitBoth: return value != waiting.value;
    default: return value == waiting.value;
  }
}

unsigned locations(const Program& program) {
  return program.variables + program.mutexes + program.semaphores;
}

bool for_each_candidate(const Program& program, std::size_t steps_max,
                        const std::function<void(const Candidate&)>& visit) {
  return Lister(program, steps_max, visit).list();
}

}  // namespace heddle::graphs
