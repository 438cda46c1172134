#include "tests/graphs/known_programs.hpp"

#include <utility>

namespace heddle::graphs {

namespace {

constexpr Order rlx = Order::relaxed;
constexpr Order acq = Order::acquire;
constexpr Order rel = Order::release;
constexpr Order sc = Order::seq_cst;
constexpr unsigned x = 0, y = 1, z = 2, w = 3;
constexpr unsigned r0 = 0, r1 = 1;

Program threads(std::vector<Code> code) { return {.variables = variables_max, .threads = std::move(code)}; }

std::array<Numbers, models.size()> always(Numbers numbers) { return {numbers, numbers, numbers}; }

// ---- locks ------------------------------------------------------------------------------------------

// A relaxed load and a store of what it has found, plus one.
Code increment(unsigned counter) { return {load(counter, rlx, r1), plus_reg(store(counter, 1, rlx), r1)}; }

Code guarded(Code before, unsigned counter, const Code& after) {
  const Code increments = increment(counter);
  before.insert(before.end(), increments.begin(), increments.end());
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

Program spin_lock(unsigned count) {
  return threads({count, guarded({await_exchange(x, 1, acq)}, y, {store(x, 0, rel)})});
}
Program yielding_spin_lock(unsigned count) {
  return threads({count, guarded({yielding(await_exchange(x, 1, acq))}, y, {store(x, 0, rel)})});
}
Program spin_lock_by_compare_exchange(unsigned count) {
  return threads({count, guarded({await_compare_exchange(x, 0, 1, acq, rlx)}, y, {store(x, 0, rel)})});
}

// x is the next ticket, y the one whose turn it is.
Program ticket_lock(unsigned count) {
  return threads({count, guarded({fetch_add(x, 1, rlx, r0), plus_reg(await(y, 0, acq), r0)}, z,
                                 {plus_reg(store(y, 1, rel), r0)})});
}

// x and y say who wants to enter, z whose turn it is to wait.
Program peterson() {
  const auto thread = [](unsigned own, unsigned other, int number) {
    return guarded({store(own, 1, sc), store(z, number, sc), await_both(other, 1, sc, z, number, sc)}, w,
                   {store(own, 0, sc)});
  };
  return threads({thread(x, y, 0), thread(y, x, 1)});
}

}  // namespace

std::vector<Known> known_programs() {
  return {
      {"spin lock, 2 threads", spin_lock(2), always({2, 0})},
      {"spin lock, 3 threads", spin_lock(3), always({6, 0})},
      {"yielding spin lock, 3 threads", yielding_spin_lock(3), always({6, 0})},
      {"spin lock by compare-exchange, 2 threads", spin_lock_by_compare_exchange(2), always({2, 0})},
      {"spin lock by compare-exchange, 3 threads", spin_lock_by_compare_exchange(3), always({6, 0})},
      {"ticket lock, 3 threads", ticket_lock(3), always({6, 0})},
      {"Peterson", peterson(), always({4, 0})},

      // What finds in vain what it has written already must leave nothing behind of having been tried.
      {"an exchange in vain beside a load", threads({{load(x, rlx)}, {await_exchange(x, 0, rlx)}}),
       always({1, 1})},
      {"an exchange in vain once the store is there",
       threads({{store(x, 1, rlx), load(x, rlx)}, {await_exchange(x, 1, rlx)}}), always({2, 1})},
      {"an exchange in vain that a third thread could have read",
       threads({{store(x, 1, rlx)}, {load(x, rlx)}, {await_exchange(x, 1, rlx)}}), always({5, 2})},
      {"an exchange in vain after another",
       threads({{compare_exchange(x, 0, 1, rlx, rlx)}, {exchange(x, 1, rlx), await_exchange(x, 1, rlx)}}),
       always({2, 2})},
      {"an exchange in vain that another loop could have read",
       threads({{await(x, 1, rlx)}, {store(x, 1, rlx), await_exchange(x, 1, rlx)}}), always({1, 1})},
      // Nor is it a deadlock of its own that an update has read from one in vain.
      {"an exchange in vain before an exchange",
       threads({{store(x, 1, rlx), exchange(x, 1, rlx)}, {await_exchange(x, 1, rlx)}}), always({2, 1})},
      {"an exchange in vain before an exchange by a third thread",
       threads({{store(x, 1, rlx)}, {exchange(x, 1, rlx)}, {await_exchange(x, 1, rlx)}}), always({4, 2})},
      {"an exchange in vain before a compare-exchange",
       threads({{compare_exchange(x, 0, 1, rlx, rlx), store(x, 0, rlx)}, {await_exchange(x, 0, rlx)}}),
       always({2, 1})},
      {"an exchange in vain before a compare-exchange by a third thread",
       threads({{store(x, 1, rlx)},
                {compare_exchange(x, 1, 2, rlx, rlx), store(x, 1, rlx)},
                {await_exchange(x, 1, rlx)}}),
       always({9, 3})},
      {"an exchange that is in vain only after a revisit",
       threads({{store(x, 2, rlx), load(x, rlx)}, {exchange(x, 1, rlx)}, {await_exchange(x, 2, rlx)}}),
       always({8, 1})},
      {"an exchange that is in vain only after a revisit, before another",
       threads({{store(x, 1, rlx), exchange(x, 2, rlx)}, {await_exchange(x, 1, rlx)}, {store(x, 1, rlx)}}),
       always({7, 1})},
      {"an exchange that is in vain only after a revisit, before a compare-exchange",
       threads({{compare_exchange(x, 1, 0, rlx, rlx)},
                {await_exchange(x, 1, rlx)},
                {store(x, 1, rlx), store(x, 1, rlx)}}),
       always({8, 2})},
      {"a loop of exchanges after a compare-exchange that may fail",
       threads({{store(x, 2, rlx), load(x, rlx)},
                {exchange(x, 2, rlx)},
                {compare_exchange(x, 2, 1, rlx, rlx), await_exchange(x, 1, rlx)}}),
       always({23, 5})},
      {"an exchange in vain after one that was not",
       threads({{exchange(x, 2, rlx), store(x, 1, rlx)},
                {await(x, 1, rlx), await_exchange(x, 1, rlx)},
                {store(x, 1, rlx)}}),
       always({7, 6})},

      // A thread that has read both in vain may still be given another value of one of them.
      {"the second of two variables comes too late to be the first",
       threads({{store(y, 1, rlx)}, {await_either(y, 1, rlx, x, 1, rlx)}, {store(x, 1, rlx)}}),
       always({2, 0})},
      {"the same, and then something to tell by",
       threads(
           {{store(y, 1, rlx)}, {await_either(y, 1, rlx, x, 1, rlx), store(y, 0, rlx)}, {store(x, 1, rlx)}}),
       always({3, 0})},
      {"both of two variables by one thread",
       threads(
           {{await_either(x, 1, rlx, y, 1, rlx)}, {store(x, 1, rlx), store(y, 2, rlx), store(y, 1, rlx)}}),
       always({2, 0})},
      {"the first of two variables does not stay",
       threads(
           {{store(x, 1, rlx), store(x, 0, rlx)}, {await_both(x, 1, rlx, y, 0, rlx)}, {store(y, 1, rlx)}}),
       always({3, 0})},
      {"the second of two variables does not stay",
       threads({{await_both(x, 0, rlx, y, 1, rlx)}, {store(x, 1, rlx), store(y, 1, rlx), store(y, 0, rlx)}}),
       always({3, 0})},

      // Between a load in vain and the yield there is nothing that another thread could do.
      {"a yielding loop beside another loop",
       threads({{yielding(await(x, 1, rlx)), store(y, 1, rlx)},
                {await(x, 1, rlx), load(y, rlx)},
                {store(x, 2, rlx), store(x, 1, rlx)}}),
       always({2, 0})},
      {"a yielding loop in vain beside another loop",
       threads({{yielding(await(x, 2, rlx))}, {await(x, 1, rlx), store(x, 1, rlx)}, {store(x, 1, rlx)}}),
       always({1, 1})},
      {"a yielding loop in vain beside two stores of one value",
       threads({{yielding(await(x, 2, rlx))}, {await(x, 1, rlx)}, {store(x, 1, rlx), store(x, 1, rlx)}}),
       always({2, 2})},
      {"a yielding loop among updates and another loop",
       threads({{exchange(x, 1, rlx), store(x, 2, rlx)},
                {await(x, 1, rlx)},
                {yielding(await(x, 2, rlx))},
                {store(x, 1, rlx), store(x, 1, rlx)}}),
       always({30, 12})},
      {"a yielding loop among loops that wait for one another",
       threads({{store(x, 2, rlx), await(y, 0, rlx)},
                {await(x, 0, rlx), store(x, 0, rlx)},
                {yielding(await(x, 2, rlx))},
                {store(y, 1, rlx), store(x, 0, rlx)}}),
       {Numbers{24, 20}, Numbers{32, 23}, Numbers{32, 23}}},
  };
}

}  // namespace heddle::graphs
