#include "tests/oracle/lives_judge.hpp"

#include <algorithm>
#include <utility>

namespace heddle::lives {

namespace {

constexpr int none = -1;

using Events = std::uint64_t;  // a bit for each event of the interleaving

struct Event {
  Op op = Op::Read;
  unsigned thread = 0;
  Events before = 0;   // happens before it
  int node = none;     // that it makes, uses or ends
  int address = none;  // of the node
  // Of an operation on an atomic object:
  int object = none;
  bool reads = false;
  bool writes = false;
  bool acquires = false;
  bool releases = false;
  int from = none;  // the event that wrote what it reads
};

struct Node {
  int address = none;
  bool ended = false;
  int value = 0;
  int users = 0;
};

struct Thread {
  std::size_t position = 0;
  bool begun = false;
  bool ended = false;
  Events known = 0;  // what happens before its next event
  std::array<int, 2> registers{none, none};
  int own = none;  // its node on its stack
  bool last = false;
  std::vector<int> freed;  // addresses, the newest last
  std::string seen;
};

struct State {
  std::array<Thread, threads_max> threads;
  std::array<int, 2> slots{none, none};
  std::vector<Node> nodes;
  std::vector<Event> events;
  unsigned owner = threads_max;  // of the mutex: nobody
  int fresh = 0;                 // the next address that nobody has had
  Faults faults = 0;
  bool confused = false;
};

bool acquires(std::memory_order order) {
  return order == std::memory_order_acquire || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}
bool releases(std::memory_order order) {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

bool needs_node(Op op) {
  return op == Op::Read || op == Op::Write || op == Op::Look || op == Op::Mark || op == Op::Leave;
}

class Judge {
 public:
  Judge(const Program& program, std::uint64_t interleavings_max)
      : program_(program), interleavings_max_(interleavings_max) {}

  std::optional<Judgement> run() {
    State state;
    state.threads[0].begun = true;
    explore(state);
    if (judgement_.interleavings > interleavings_max_) return std::nullopt;
    return std::move(judgement_);
  }

 private:
  void explore(const State& state) {
    if (judgement_.interleavings > interleavings_max_) return;
    // What nobody else can notice needs no other order.
    for (unsigned t = 0; t < program_.threads.size(); ++t)
      if (can_step(state, t) && is_private(state, t)) return explore(after(state, t));
    bool over = true;
    for (unsigned t = 0; t < program_.threads.size(); ++t) {
      if (!can_step(state, t)) continue;
      over = false;
      explore(after(state, t));
    }
    if (over) end(state);
  }

  State after(const State& state, unsigned thread) {
    State next = state;
    Thread& mine = next.threads[thread];
    if (mine.position == program_.threads[thread].size()) leave(next, thread);
    else perform(next, thread, program_.threads[thread][mine.position++]);
    return next;
  }

  void end(State state) {
    ++judgement_.interleavings;
    if (program_.tracked)
      for (const Node& node : state.nodes)
        if (node.address >= 0 && !node.ended) state.faults |= Leak;
    judgement_.any |= state.faults;
    if (state.confused) judgement_.any |= Race | OutsideLife;
    judgement_.confused = judgement_.confused || state.confused;
    if (!state.confused) judgement_.interleavings_with.insert(state.faults);
    if (state.faults != 0) return;
    std::string outcome;
    for (const Thread& thread : state.threads) outcome += thread.seen + "|";
    judgement_.outcomes.insert(std::move(outcome));
  }

  // ---- what a step does -------------------------------------------------------------------------------

  bool can_step(const State& state, unsigned thread) const {
    const Thread& mine = state.threads[thread];
    if (!mine.begun || mine.ended) return false;
    if (mine.position == program_.threads[thread].size()) return true;
    const Instruction& next = program_.threads[thread][mine.position];
    if (next.op == Op::Lock) return state.owner == threads_max || state.owner == thread;
    if (next.op == Op::Join) {
      // It gives the mutex back before it waits.
      const bool there = next.object < program_.threads.size() && state.threads[next.object].begun;
      return !there || state.threads[next.object].ended || state.owner == thread;
    }
    return true;
  }

  bool is_private(const State& state, unsigned thread) const {
    const Thread& mine = state.threads[thread];
    if (mine.position == program_.threads[thread].size()) return state.owner != thread && mine.own == none;
    const Instruction& next = program_.threads[thread][mine.position];
    switch (next.op) {
      case Op::Make: return next.place == Place::Heap || mine.own == none;
      case Op::EndIfLast: return !mine.last;
      case Op::Fence:
      case Op::Start: return true;
      default: return needs_node(next.op) && mine.registers[static_cast<std::size_t>(next.place)] == none;
    }
  }

  void perform(State& state, unsigned thread, const Instruction& next) {
    Thread& mine = state.threads[thread];
    int& reg = mine.registers[static_cast<std::size_t>(next.place)];
    int& slot = state.slots[static_cast<std::size_t>(next.place)];
    const auto tell = [&](bool yes) { mine.seen += yes ? '+' : '-'; };
    const bool heap = next.place == Place::Heap;
    const int node = needs_node(next.op) ? pointed_to(state, reg) : none;
    const int object = node == none ? static_cast<int>(next.place) : 2 + node;  // the slot, or the counter
    const auto load = [&](std::memory_order order) {
      happen(state, {.op = next.op,
                     .thread = thread,
                     .node = node,
                     .object = object,
                     .reads = true,
                     .acquires = acquires(order)});
    };
    const auto store = [&] {
      happen(state, {.op = next.op,
                     .thread = thread,
                     .node = node,
                     .object = object,
                     .writes = true,
                     .releases = releases(next.order)});
    };
    const auto update = [&] {
      happen(state, {.op = next.op,
                     .thread = thread,
                     .node = node,
                     .object = object,
                     .reads = true,
                     .writes = true,
                     .acquires = acquires(next.order),
                     .releases = releases(next.order)});
    };
    if (needs_node(next.op) && node == none) return;
    switch (next.op) {
      case Op::Make: reg = make(state, thread, heap); break;
      case Op::EndIfLast:
        if (!mine.last) break;
        [[fallthrough]];
      case Op::End:
        finish(state, thread, heap ? pointed_to(state, reg) : std::exchange(mine.own, none));
        break;
      case Op::Publish:
        store();
        slot = reg;
        break;
      case Op::Clear:
        store();
        slot = none;
        break;
      case Op::Get:
        load(next.order);
        tell((reg = slot) != none);
        break;
      case Op::Take:
      case Op::Swap:
        update();
        reg = std::exchange(slot, next.op == Op::Swap ? reg : none);
        tell(reg != none);
        break;
      case Op::Insert:
      case Op::Remove: {
        const int expected = next.op == Op::Insert ? none : reg;
        const bool succeeds = address(state, slot) == address(state, expected);
        if (succeeds) {
          update();
          slot = next.op == Op::Insert ? reg : none;
        } else {
          load(order_of_failure(next.order));
          if (next.op == Op::Insert && heap) finish(state, thread, pointed_to(state, reg));
          reg = next.op == Op::Insert ? slot : none;
        }
        tell(succeeds);
        break;
      }
      case Op::Read:
        happen(state, {.op = next.op, .thread = thread, .node = node});
        mine.seen += std::to_string(state.nodes[static_cast<std::size_t>(node)].value);
        break;
      case Op::Write:
        happen(state, {.op = next.op, .thread = thread, .node = node});
        state.nodes[static_cast<std::size_t>(node)].value = 1 + static_cast<int>(thread);
        break;
      case Op::Look:
        load(next.order);
        mine.seen += std::to_string(state.nodes[static_cast<std::size_t>(node)].users);
        break;
      case Op::Mark:
        store();
        state.nodes[static_cast<std::size_t>(node)].users = program_.users;
        break;
      case Op::Leave:
        update();
        tell(mine.last = state.nodes[static_cast<std::size_t>(node)].users-- == 1);
        break;
      case Op::Fence:
        happen(state, {.op = next.op,
                       .thread = thread,
                       .acquires = acquires(next.order),
                       .releases = releases(next.order)});
        break;
      case Op::Lock:
        if (state.owner == thread) break;
        state.owner = thread;
        happen(state, {.op = next.op, .thread = thread});
        break;
      case Op::Unlock: unlock(state, thread); break;
      case Op::Start:
        if (next.object >= program_.threads.size() || state.threads[next.object].begun) break;
        happen(state, {.op = next.op, .thread = thread});
        state.threads[next.object].begun = true;
        state.threads[next.object].known = mine.known;
        break;
      case Op::Join:
        if (next.object >= program_.threads.size() || !state.threads[next.object].begun) break;
        unlock(state, thread);
        if (!state.threads[next.object].ended) --mine.position;  // now it waits
        else mine.known |= state.threads[next.object].known;
        break;
    }
  }

  void leave(State& state, unsigned thread) {
    Thread& mine = state.threads[thread];
    // Two steps, if there is something to do in both.
    if (state.owner == thread) return unlock(state, thread);
    finish(state, thread, std::exchange(mine.own, none));
    mine.ended = true;
  }

  void unlock(State& state, unsigned thread) {
    if (state.owner != thread) return;
    state.owner = threads_max;
    happen(state, {.op = Op::Unlock, .thread = thread});
  }

  int make(State& state, unsigned thread, bool heap) {
    Thread& mine = state.threads[thread];
    if (!heap) finish(state, thread, std::exchange(mine.own, none));
    Node node{.users = program_.users};
    if (!heap) {
      node.address = -2 - static_cast<int>(thread);
    } else if (mine.freed.empty()) {
      node.address = state.fresh++;
    } else {
      node.address = mine.freed.back();
      mine.freed.pop_back();
    }
    const int number = static_cast<int>(state.nodes.size());
    state.nodes.push_back(node);
    if (!heap) mine.own = number;
    happen(state, {.op = Op::Make, .thread = thread, .node = number});
    return number;
  }

  void finish(State& state, unsigned thread, int number) {
    if (number == none) return;
    happen(state, {.op = Op::End, .thread = thread, .node = number});
    Node& node = state.nodes[static_cast<std::size_t>(number)];
    // A block belongs to whoever gave it back, and is the next that he gets.
    if (!node.ended && node.address >= 0 && !program_.tracked)
      state.threads[thread].freed.push_back(node.address);
    node.ended = true;
  }

  // What the pointer points to now. On the stack that is a node that has replaced the one that was there
  // ([basic.life]/8); on the heap it is undefined, but whoever looks at addresses cannot tell.
  static int pointed_to(State& state, int node) {
    if (node == none) return none;
    const auto there = std::find_if(state.nodes.rbegin(), state.nodes.rend(),
                                    [&](const Node& each) { return each.address == address(state, node); });
    const int found = static_cast<int>(state.nodes.rend() - there) - 1;
    if (found != node && address(state, node) >= 0) state.confused = true;
    return found;
  }

  static int address(const State& state, int node) {
    return node == none ? none : state.nodes[static_cast<std::size_t>(node)].address;
  }

  // ---- what happens before what -------------------------------------------------------------------------

  void happen(State& state, Event event) {
    event.before = state.threads[event.thread].known;
    event.address = address(state, event.node);
    if (event.reads) {
      event.from = newest_write(state, event.object);
      if (event.acquires) event.before |= synchronising(state, event);
    }
    if (event.op == Op::Fence && event.acquires)  // [atomics.fences]/2, /3
      for (const Event& earlier : state.events)
        if (earlier.thread == event.thread && earlier.reads) event.before |= synchronising(state, earlier);
    if (event.op == Op::Lock)  // [thread.mutex.requirements.mutex]: the prior unlocks
      for (std::size_t e = 0; e < state.events.size(); ++e)
        if (state.events[e].op == Op::Unlock) event.before |= with(state, e);
    look_for_faults(state, event);
    state.events.push_back(event);
    state.threads[event.thread].known = with(state, state.events.size() - 1);
  }

  static Events with(const State& state, std::size_t event) {
    return state.events[event].before | Events{1} << event;
  }

  static int newest_write(const State& state, int object) {
    for (std::size_t e = state.events.size(); e-- > 0;)
      if (state.events[e].object == object && state.events[e].writes) return static_cast<int>(e);
    return none;
  }

  // What synchronises with a read if that acquires: the releases that head a sequence with what it has read
  // ([intro.races]/5, [atomics.order]/2), and the fences before what would head one ([atomics.fences]).
  static Events synchronising(const State& state, const Event& read) {
    Events all = 0;
    for (int at = read.from; at != none;) {
      const Event& head = state.events[static_cast<std::size_t>(at)];
      if (head.releases) all |= with(state, static_cast<std::size_t>(at));
      for (std::size_t e = 0; e < static_cast<std::size_t>(at); ++e) {
        const Event& fence = state.events[e];
        if (fence.op == Op::Fence && fence.thread == head.thread && fence.releases) all |= with(state, e);
      }
      at = head.reads ? head.from : none;
    }
    return all;
  }

  void look_for_faults(State& state, const Event& event) {
    if (event.node == none) return;
    const auto is_plain = [](Op op) { return op == Op::Read || op == Op::Write; };
    for (std::size_t e = 0; e < state.events.size(); ++e) {
      const Event& earlier = state.events[e];
      if (earlier.address != event.address) continue;
      const bool ordered = (event.before >> e & 1) != 0;
      if (earlier.node != event.node) {
        // Of another node in the same place: what nothing orders is of either.
        if (ordered) continue;
        if (earlier.op == Op::End) state.faults |= event.op == Op::End ? EndBeforeBeginning : OutsideLife;
        else if (event.op == Op::Make) state.faults |= Race;
      } else if (earlier.op == Op::End) {
        state.faults |= OutsideLife;
      } else if (ordered) {
        continue;
      } else if (event.op == Op::End) {
        state.faults |= earlier.op == Op::Make ? EndBeforeBeginning : OutsideLife;
      } else if (earlier.op == Op::Make) {
        state.faults |= Race;
      } else if (is_plain(earlier.op) && is_plain(event.op) &&
                 (earlier.op == Op::Write || event.op == Op::Write)) {
        state.faults |= Race;
      }
    }
  }

  const Program& program_;
  std::uint64_t interleavings_max_;
  Judgement judgement_;
};

}  // namespace

std::optional<Judgement> judge(const Program& program, std::uint64_t interleavings_max) {
  return Judge(program, interleavings_max).run();
}

}  // namespace heddle::lives
