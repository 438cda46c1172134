#include "tests/graphs/program.hpp"

#include <algorithm>
#include <utility>

namespace heddle::graphs {

Instruction load(unsigned variable, Order order, unsigned reg) {
  return {.op = Op::Load, .object = variable, .reg = reg, .order = order};
}
Instruction store(unsigned variable, int value, Order order) {
  return {.op = Op::Store, .object = variable, .value = value, .order = order};
}
Instruction fetch_add(unsigned variable, int value, Order order, unsigned reg) {
  return {.op = Op::FetchAdd, .object = variable, .reg = reg, .value = value, .order = order};
}
Instruction exchange(unsigned variable, int value, Order order, unsigned reg) {
  return {.op = Op::Exchange, .object = variable, .reg = reg, .value = value, .order = order};
}
Instruction compare_exchange(unsigned variable, int expected, int value, Order success, Order failure,
                             unsigned reg) {
  return {.op = Op::CompareExchange,
          .object = variable,
          .reg = reg,
          .value = value,
          .expected = expected,
          .order = success,
          .failure = failure};
}
Instruction await(unsigned variable, int value, Order order) {
  return {.op = Op::Await, .object = variable, .value = value, .order = order};
}
Instruction fence(Order order) { return {.op = Op::Fence, .order = order}; }
Instruction jump_if_equal(unsigned reg, int value, unsigned skip) {
  return {.op = Op::JumpIfEqual, .reg = reg, .value = value, .skip = skip};
}
Instruction jump_if_different(unsigned reg, int value, unsigned skip) {
  return {.op = Op::JumpIfDifferent, .reg = reg, .value = value, .skip = skip};
}
Instruction lock(unsigned mutex) { return {.op = Op::Lock, .object = mutex}; }
Instruction unlock(unsigned mutex) { return {.op = Op::Unlock, .object = mutex}; }
Instruction try_lock(unsigned mutex, unsigned reg) {
  return {.op = Op::TryLock, .object = mutex, .reg = reg};
}
Instruction acquire(unsigned semaphore) { return {.op = Op::Acquire, .object = semaphore}; }
Instruction release(unsigned semaphore, int update) {
  return {.op = Op::Release, .object = semaphore, .value = update};
}

unsigned count(const Program& program, Op op) {
  unsigned found = 0;
  for (const Code& code : program.threads)
    for (const Instruction& i : code) found += i.op == op ? 1 : 0;
  return found;
}

std::string_view to_string(Profile profile) {
  switch (profile) {
    case Profile::Plain: return "plain";
    case Profile::Orders: return "orders";
    case Profile::Rmw: return "rmw";
    case Profile::SeqCst: return "seq_cst";
    case Profile::Locks: return "locks";
    case Profile::Awaits: return "awaits";
  }
  return "?";
}

// ---- generating -------------------------------------------------------------------------------------

namespace {

// splitmix64 (Steele, Lea, Flood; OOPSLA'14): the distributions of <random> differ between libraries.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  unsigned below(unsigned bound) {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return static_cast<unsigned>(((z ^ (z >> 31)) >> 33) % bound);
  }
  bool percent(unsigned chance) { return below(100) < chance; }
  // An index, with a chance in proportion to the weight there.
  template <std::size_t N>
  unsigned weighted(const unsigned (&weights)[N]) {
    unsigned total = 0;
    for (const unsigned weight : weights) total += weight;
    unsigned drawn = below(total);
    unsigned index = 0;
    while (drawn >= weights[index]) drawn -= weights[index++];
    return index;
  }

 private:
  std::uint64_t state_;
};

// Shared accesses of one thread, such that the oracle takes a few milliseconds.
constexpr unsigned accesses_max[threads_max + 1] = {0, 0, 6, 4, 3};

class Generator {
 public:
  Generator(std::uint64_t seed, Profile profile)
      : dice_(seed * 8 + static_cast<std::uint64_t>(profile)), profile_(profile) {}

  Program program() {
    const unsigned threads = 2 + dice_.weighted({35, 45, 20});
    program_.variables = 1 + dice_.weighted({10, 65, 25});
    if (profile_ == Profile::Locks) {
      program_.mutexes = dice_.weighted({15, 45, 40});
      program_.semaphores = program_.mutexes == 0 ? semaphores_max : dice_.below(2) * semaphores_max;
    }
    // Either accesses are seq_cst and fences are rare, or the other way round.
    fences_ = dice_.percent(50);
    for (unsigned t = 0; t < threads; ++t) program_.threads.push_back(code(accesses(threads)));
    return program_;
  }

 private:
  unsigned accesses(unsigned threads) {
    return dice_.percent(10) ? 1 : 2 + dice_.below(accesses_max[threads] - 1);
  }

  Code code(unsigned accesses) {
    Code result;
    held_.clear();
    while (accesses > 0) {
      if (dice_.percent(fence_percent())) result.push_back(fence(fence_order()));
      if (jumps() && dice_.percent(12)) result.push_back(jump());
      result.push_back(access());
      --accesses;
    }
    while (!held_.empty()) {
      const Instruction release = unlock_one();
      if (!dice_.percent(12)) result.push_back(release);
    }
    return result;
  }

  unsigned fence_percent() const {
    switch (profile_) {
      case Profile::Orders: return 25;
      case Profile::Rmw: return 12;
      case Profile::SeqCst: return fences_ ? 45 : 8;
      case Profile::Awaits: return 10;
      default: return 0;
    }
  }
  bool jumps() const { return profile_ == Profile::Rmw || profile_ == Profile::Awaits; }

  // Braces, because only they draw in an order that is the same for every compiler.
  Instruction access() {
    if (profile_ == Profile::Locks && dice_.percent(55)) return waiting();
    if (profile_ == Profile::Awaits && dice_.percent(22))
      return {.op = Op::Await,
              .object = variable(),
              .value = static_cast<int>(dice_.weighted({10, 80, 10})),
              .order = load_order()};
    if (dice_.percent(rmw_percent())) return update();
    if (dice_.percent(50)) return {.op = Op::Load, .object = variable(), .reg = reg(), .order = load_order()};
    return {.op = Op::Store, .object = variable(), .value = value(), .order = store_order()};
  }
  unsigned rmw_percent() const {
    switch (profile_) {
      case Profile::Rmw: return 40;
      case Profile::SeqCst:
      case Profile::Awaits: return 12;
      default: return 0;
    }
  }

  Instruction update() {
    constexpr Op all[] = {Op::FetchAdd, Op::Exchange, Op::CompareExchange};
    return {.op = all[dice_.below(3)],
            .object = variable(),
            .reg = reg(),
            .value = value(),
            .expected = static_cast<int>(dice_.below(3)),
            .order = rmw_order(),
            .failure = load_order()};
  }

  Instruction jump() {
    return {.op = dice_.percent(50) ? Op::JumpIfEqual : Op::JumpIfDifferent,
            .reg = reg(),
            .value = static_cast<int>(dice_.below(3)),
            .skip = 1 + dice_.below(2)};
  }

  Instruction waiting() {
    const bool mutexes = program_.mutexes > 0;
    if (program_.semaphores > 0 && (!mutexes || dice_.percent(40)))
      return {.op = dice_.percent(50) ? Op::Acquire : Op::Release,
              .object = dice_.below(program_.semaphores),
              .value = static_cast<int>(1 + dice_.weighted({80, 20}))};
    if (!held_.empty() && dice_.percent(50)) return unlock_one();
    const unsigned mutex = dice_.below(program_.mutexes);
    if (std::find(held_.begin(), held_.end(), mutex) == held_.end()) held_.push_back(mutex);
    return {.op = dice_.percent(65) ? Op::Lock : Op::TryLock, .object = mutex, .reg = reg()};
  }

  Instruction unlock_one() {
    const auto place = held_.begin() + dice_.below(static_cast<unsigned>(held_.size()));
    const Instruction result = unlock(*place);
    held_.erase(place);
    return result;
  }

  // ---- orders ----

  bool relaxed_only() const { return profile_ == Profile::Plain || profile_ == Profile::Locks; }
  unsigned seq_cst_percent() const { return profile_ == Profile::SeqCst ? (fences_ ? 20 : 75) : 25; }

  Order load_order() { return order(Order::acquire); }
  Order store_order() { return order(Order::release); }
  Order order(Order middle) {
    if (relaxed_only()) return Order::relaxed;
    if (dice_.percent(seq_cst_percent())) return Order::seq_cst;
    return dice_.percent(50) ? Order::relaxed : middle;
  }
  Order rmw_order() {
    constexpr Order middle[] = {Order::acquire, Order::release, Order::acq_rel};
    return order(middle[dice_.below(3)]);
  }
  Order fence_order() {
    constexpr Order weak[] = {Order::acquire, Order::release, Order::acq_rel};
    const unsigned seq_cst = profile_ == Profile::SeqCst ? 85 : 40;
    return dice_.percent(seq_cst) ? Order::seq_cst : weak[dice_.below(3)];
  }

  unsigned variable() { return dice_.below(program_.variables); }
  unsigned reg() { return dice_.below(registers_max); }
  // Where threads wait for values, most are the same.
  int value() { return dice_.percent(profile_ == Profile::Awaits ? 15 : 50) ? 2 : 1; }

  Dice dice_;
  Profile profile_;
  Program program_;
  bool fences_ = false;
  std::vector<unsigned> held_;  // by the thread being made, jumps and failures left aside
};

}  // namespace

Program random_program(std::uint64_t seed, Profile profile) { return Generator(seed, profile).program(); }

// ---- printing ---------------------------------------------------------------------------------------

namespace {

std::string_view to_text(Order order) {
  switch (order) {
    case Order::relaxed: return "relaxed";
    case Order::consume: return "consume";
    case Order::acquire: return "acquire";
    case Order::release: return "release";
    case Order::acq_rel: return "acq_rel";
    case Order::seq_cst: return "seq_cst";
  }
  return "?";
}

std::string to_text(const Instruction& i) {
  const std::string variable(1, "xyzw"[i.object % variables_max]);
  const std::string mutex(1, "mn"[i.object % mutexes_max]);
  const std::string semaphore = "s" + std::to_string(i.object);
  const std::string reg = "r" + std::to_string(i.reg);
  const std::string value = std::to_string(i.value);
  const std::string order = " (" + std::string(to_text(i.order)) + ")";
  const std::string skip = " skip " + std::to_string(i.skip);
  switch (i.op) {
    case Op::Load: return reg + " = " + variable + order;
    case Op::Store: return variable + " = " + value + order;
    case Op::FetchAdd: return reg + " = fetch_add " + variable + ", " + value + order;
    case Op::Exchange: return reg + " = exchange " + variable + ", " + value + order;
    case Op::CompareExchange:
      return reg + " = compare_exchange " + variable + ", " + std::to_string(i.expected) + " -> " + value +
             order + " else (" + std::string(to_text(i.failure)) + ")";
    case Op::Await: return "await " + variable + " == " + value + order;
    case Op::Fence: return "fence" + order;
    case Op::JumpIfEqual: return "if " + reg + " == " + value + skip;
    case Op::JumpIfDifferent: return "if " + reg + " != " + value + skip;
    case Op::Lock: return "lock " + mutex;
    case Op::Unlock: return "unlock " + mutex;
    case Op::TryLock: return reg + " = try_lock " + mutex;
    case Op::Acquire: return "acquire " + semaphore;
    case Op::Release: return "release " + semaphore + ", " + value;
  }
  return "?";
}

}  // namespace

std::string to_string(const Program& program) {
  std::string text;
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    text += "T" + std::to_string(t + 1) + ":\n";
    for (const Instruction& i : program.threads[t]) text += "  " + to_text(i) + "\n";
  }
  return text;
}

std::string final_text(const std::vector<Registers>& registers, const std::vector<int>& memory) {
  std::string text;
  for (const Registers& of_thread : registers) {
    for (const int value : of_thread) (text += std::to_string(value)) += ' ';
    text += "| ";
  }
  for (const int value : memory) (text += std::to_string(value)) += ' ';
  return text;
}

// ---- shrinking --------------------------------------------------------------------------------------

namespace {

// The instruction with one part less.
std::vector<Instruction> smaller(const Instruction& i) {
  std::vector<Instruction> result;
  const auto with = [&](auto change) {
    result.push_back(i);
    change(result.back());
  };
  switch (i.op) {
    case Op::FetchAdd:
    case Op::Exchange:
    case Op::CompareExchange:
      result.push_back(load(i.object, Order::relaxed, i.reg));
      result.push_back(store(i.object, i.value, Order::relaxed));
      if (i.op == Op::CompareExchange && i.failure != Order::relaxed)
        with([](Instruction& less) { less.failure = Order::relaxed; });
      [[fallthrough]];
    case Op::Load:
    case Op::Store:
    case Op::Await:
      if (i.order != Order::relaxed) with([](Instruction& less) { less.order = Order::relaxed; });
      break;
    case Op::Release:
      if (i.value > 1) with([](Instruction& less) { less.value = 1; });
      break;
    case Op::TryLock: result.push_back(lock(i.object)); break;
    default: break;
  }
  return result;
}

}  // namespace

std::vector<Program> smaller(const Program& program) {
  std::vector<Program> result;
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    result.push_back(program);
    result.back().threads.erase(result.back().threads.begin() + static_cast<std::ptrdiff_t>(t));
  }
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    const Code& code = program.threads[t];
    for (std::size_t i = 0; i < code.size(); ++i) {
      result.push_back(program);
      result.back().threads[t].erase(result.back().threads[t].begin() + static_cast<std::ptrdiff_t>(i));
      for (const Instruction& less : smaller(code[i])) {
        result.push_back(program);
        result.back().threads[t][i] = less;
      }
    }
  }
  return result;
}

}  // namespace heddle::graphs
