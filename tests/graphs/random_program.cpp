#include "tests/graphs/program.hpp"
#include "tests/oracle/fuzz.hpp"

#include <algorithm>

namespace heddle::graphs {

namespace {

// Shared accesses of one thread, such that the oracle takes a few milliseconds.
constexpr unsigned accesses_max[threads_max + 1] = {0, 0, 6, 4, 3};

class Generator {
 public:
  Generator(std::uint64_t seed, Profile profile)
      : dice_(seed * 8 + static_cast<std::uint64_t>(profile)), profile_(profile) {}

  Program program() {
    const unsigned threads = 2 + (loops() ? dice_.weighted({45, 55}) : dice_.weighted({35, 45, 20}));
    program_.variables = loops() ? 2 + dice_.weighted({65, 35}) : 1 + dice_.weighted({10, 65, 25});
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
      case Profile::Awaits:
      case Profile::Spins:
      case Profile::Loops: return 10;
      default: return 0;
    }
  }
  bool spins() const { return profile_ == Profile::Spins; }
  bool loops() const { return profile_ == Profile::Loops; }
  bool jumps() const { return profile_ == Profile::Rmw || profile_ == Profile::Awaits || spins() || loops(); }

  // Braces, because only they draw in an order that is the same for every compiler.
  Instruction access() {
    if (profile_ == Profile::Locks && dice_.percent(55)) return waiting();
    if (spins() || loops()) {
      if (!held_.empty() && dice_.percent(40)) return unlock_one();
      if (dice_.percent(spins() ? 30 : 6)) return spin();
      if (loops() && dice_.percent(28)) return loop();
      if (dice_.percent(8))
        return {.op = Op::Store,
                .object = variable(),
                .reg = reg(),
                .value = 1,
                .order = store_order(),
                .plus_reg = true};
    }
    if (profile_ == Profile::Awaits && dice_.percent(22)) return await();
    if ((spins() || loops()) && dice_.percent(6)) return await();
    if (dice_.percent(rmw_percent())) return update();
    if (dice_.percent(50)) return {.op = Op::Load, .object = variable(), .reg = reg(), .order = load_order()};
    return {.op = Op::Store, .object = variable(), .value = value(), .order = store_order()};
  }
  unsigned rmw_percent() const {
    switch (profile_) {
      case Profile::Rmw: return 40;
      case Profile::SeqCst:
      case Profile::Awaits: return 12;
      case Profile::Spins:
      case Profile::Loops: return 8;
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

  Instruction await() {
    return {.op = Op::Await,
            .object = variable(),
            .value = static_cast<int>(dice_.weighted({10, 80, 10})),
            .order = load_order(),
            .yields = dice_.percent(40)};
  }

  // Takes a variable that 0 sets free, mostly the same.
  Instruction spin() {
    const unsigned lock = dice_.percent(50) ? 0 : variable();
    if (std::find(held_.begin(), held_.end(), lock) == held_.end()) held_.push_back(lock);
    if (dice_.percent(55))
      return {.op = Op::AwaitExchange,
              .object = lock,
              .reg = reg(),
              .value = static_cast<int>(dice_.weighted({4, 86, 10})),
              .order = rmw_order(),
              .yields = dice_.percent(20)};
    return {.op = Op::AwaitCompareExchange,
            .object = lock,
            .value = static_cast<int>(dice_.weighted({4, 86, 10})),
            .expected = static_cast<int>(dice_.weighted({80, 15, 5})),
            .order = rmw_order(),
            .failure = load_order(),
            .yields = dice_.percent(20)};
  }

  Instruction loop() {
    const unsigned first = variable();
    return {.op = dice_.percent(60) ? Op::AwaitBoth : Op::AwaitEither,
            .object = first,
            .reg = reg(),
            .value = static_cast<int>(dice_.weighted({35, 55, 10})),
            .order = load_order(),
            .yields = dice_.percent(20),
            .other = (first + 1 + dice_.below(program_.variables - 1)) % program_.variables,
            .other_value = static_cast<int>(dice_.weighted({35, 55, 10})),
            .other_order = load_order()};
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
    const Instruction result = profile_ == Profile::Locks ? unlock(*place) : store(*place, 0, store_order());
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
  int value() { return dice_.percent(profile_ == Profile::Awaits || loops() ? 15 : 50) ? 2 : 1; }

  oracle::Dice dice_;
  Profile profile_;
  Program program_;
  bool fences_ = false;
  std::vector<unsigned> held_;  // by the thread being made, jumps and failures left aside
};

}  // namespace

Program random_program(std::uint64_t seed, Profile profile) { return Generator(seed, profile).program(); }

}  // namespace heddle::graphs
