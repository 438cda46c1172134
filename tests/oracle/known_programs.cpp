#include "tests/oracle/known_programs.hpp"

namespace heddle::oracle {

namespace {

// ---- programs that have a count of their own --------------------------------------------------------

constexpr unsigned x = 0, y = 1, z = 2, m = 0, n = 1, o = 2;

Program threads(std::vector<Code> code) {
  return {.variables = variables_max, .mutexes = mutexes_max, .waits = true, .threads = std::move(code)};
}

Program readers(unsigned count) {
  std::vector<Code> all{{store(x, 1)}};
  all.resize(1 + count, {load(x)});
  return threads(std::move(all));
}

// lastzero (Abdulla et al., POPL'14): one thread looks for the last zero of an array, from its end, while the
// others each set an element to its left neighbour plus one.
Program lastzero(unsigned count) {
  Code search;
  for (unsigned i = count; i > 0; --i) {
    search.push_back(load(i));
    search.push_back(jump_if_equal(0, 0, 2 * count));
  }
  search.push_back(load(0));
  std::vector<Code> all{search};
  for (unsigned i = 1; i <= count; ++i) all.push_back({load(i - 1), store_register(i, 0, 1)});
  return threads(std::move(all));
}

Program load_store(unsigned times) {
  Code code;
  for (unsigned i = 0; i < times; ++i) code.insert(code.end(), {load(x), store(x, 1)});
  return threads({code, code});
}

Program critical_sections(unsigned count, unsigned times) {
  Code code;
  for (unsigned i = 0; i < times; ++i) code.insert(code.end(), {lock(m), unlock(m)});
  return threads(std::vector<Code>(count, code));
}

Program philosophers(unsigned count) {
  std::vector<Code> all;
  for (unsigned i = 0; i < count; ++i) {
    const unsigned right = (i + 1) % count;
    all.push_back({lock(i), lock(right), unlock(right), unlock(i)});
  }
  return threads(std::move(all));
}

}  // namespace

std::vector<Known> known_programs() {
  return {
      {"a thread alone", threads({{store(x, 1), load(x)}}), 1, 0},
      {"independent", threads({{store(x, 1)}, {store(y, 1)}}), 1, 0},
      {"1 reader", readers(1), 2, 0},
      {"2 readers", readers(2), 4, 0},
      {"3 readers", readers(3), 8, 0},
      {"5 readers", readers(5), 32, 0},
      {"lastzero 1", lastzero(1), 2, 0},
      {"lastzero 2", lastzero(2), 5, 0},
      {"lastzero 3", lastzero(3), 12, 0},
      {"lastzero 4", lastzero(4), 28, 0},
      {"lastzero 5", lastzero(5), 64, 0},
      {"store buffering", threads({{store(x, 1), load(y)}, {store(y, 1), load(x)}}), 3, 0},
      {"load; store 1 time", load_store(1), 4, 0},
      {"load; store 2 times", load_store(2), 34, 0},
      {"load; store 3 times", load_store(3), 328, 0},
      {"load; store 4 times", load_store(4), 3334, 0},
      {"2 critical sections", critical_sections(2, 1), 2, 0},
      {"3 critical sections", critical_sections(3, 1), 6, 0},
      {"4 critical sections", critical_sections(4, 1), 24, 0},
      {"2 times 2 critical sections", critical_sections(2, 2), 6, 0},
      {"2 times 3 critical sections", critical_sections(2, 3), 20, 0},
      {"2 philosophers", philosophers(2), 3, 1},
      {"3 philosophers", philosophers(3), 7, 1},
      {"4 philosophers", philosophers(4), 15, 1},
      {"a mutex that is kept", threads({{lock(m)}, {lock(m), store(x, 1)}}), 2, 2},
      {"compare-exchange that fails or not",
       threads({{compare_exchange(x, 0, 1)}, {compare_exchange(x, 1, 2)}, {load(x)}}), 5, 0},
      {"three try-locks", threads({{try_lock(m), unlock(m)}, {try_lock(m), unlock(m)}, {try_lock(m)}}), 13,
       0},
      {"try-lock against lock",
       threads({{lock(m), store(x, 1), unlock(m)}, {try_lock(m), load(x), unlock(m)}}), 4, 0},
      // Steps of several objects. Execution graphs with atomic blocks lose one of the six.
      {"three blocks",
       threads({{block({store(x, 1), load(y), load(x)})},
                {store(x, 2)},
                {block({store(y, 1), store(y, 2), load(x)})}}),
       6, 0},
      {"the same without blocks",
       threads({{store(x, 1), load(y), load(x)}, {store(x, 2)}, {store(y, 1), store(y, 2), load(x)}}), 19, 0},
      {"blocks of other objects after a reversal",
       threads({{store(x, 1)},
                {block({load(x), jump_if_equal(0, 1, 1), store(y, 1)})},
                {load(y)},
                {block({store(y, 2), load(x, 1)})}}),
       13, 0},
      // The step touches y only when it overtakes the store of x: a race that its old place does not show.
      {"a block that touches more when it is early",
       threads({{store(x, 1)}, {store(y, 1)}, {block({load(x), jump_if_equal(0, 1, 1), store(y, 2)})}}), 3,
       0},
      {"a block that touches less when it is early",
       threads({{store(x, 1)}, {store(y, 1)}, {block({load(x), jump_if_equal(0, 0, 1), store(y, 2)})}}), 3,
       0},
      {"a block that touches more only between two others",
       threads({{store(y, 1)},
                {store(x, 1)},
                {block({load(y), jump_if_equal(0, 0, 1), load(x)})},
                {store(y, 2), load(y)}}),
       15, 0},
      // What a lock has to wait for must not come from the lock that it overtakes.
      {"three locks and data",
       threads(
           {{lock(m), store(x, 1), unlock(m)}, {load(x), lock(m), unlock(m)}, {lock(m), load(x), unlock(m)}}),
       9, 0},
      {"locks of different orders",
       threads({{lock(m), lock(n), unlock(m), unlock(n)},
                {lock(n), lock(o), unlock(n), unlock(o)},
                {lock(o), lock(m), unlock(o), unlock(m)}}),
       7, 1},
      // A class that has been explored is gone on with for the sake of races with its grown head: with all of
      // its continuations, as the steps between may stand in another order.
      {"a block that grows where it has grown before",
       threads({{store(y, 1)},
                {block({load(y), jump_if_equal(0, 1, 1), store(z, 1)})},
                {load(y), store(x, 1)},
                {load(x), store(z, 2)}}),
       11, 0},
      {"a thread that begins to wait when it is early",
       threads({{store(y, 1)},
                {wait_for_change(y, 0)},
                {load(y), store(x, 1)},
                {load(x), on(Op::NotifyAllChange, y)}}),
       14, 6},
      {"a choice after a block that grows",
       threads({{block({on(Op::NotifyOne, 0)})}, {lock(m), on(Op::TimedWait, 0)}, {on(Op::NotifyOne, 0)}}),
       16, 0},
      // Without the growth the later step would only have read.
      {"a block that grows by what makes a compare-exchange succeed",
       threads({{store(y, 2)},
                {block({fetch_add(y, 2), jump_if_different(0, 0, 1), store(x, 2), load(x, 1)})},
                {compare_exchange(x, 2, 1)}}),
       3, 0},
      // A step that waits for one object and touches another may keep or drop what it does not wait for.
      {"waiting blocks",
       threads({{lock(m), store(x, 1), unlock(m)},
                {block({lock(m), load(x)}), unlock(m)},
                {block({lock(m), store(x, 2)}), unlock(m)}}),
       6, 0},
      // The lock leaves nothing awake: the displaced wake-up, which would wake the block, waits for the lock.
      {"a block that sleeps behind a lock",
       threads({{lock(m), on(Op::TimedWait, 0, 1)},
                {store(x, 2)},
                {block({on(Op::NotifyOne, 0), store(x, 0)})},
                {lock(m)}}),
       14, 14},
      {"a block that sleeps behind a lock and grows",
       threads({{lock(m), on(Op::TimedWait, 0, 1)},
                {store(x, 2)},
                {block({on(Op::NotifyOne, 0), load(x, 0)})},
                {lock(m), on(Op::Wait, 1)}}),
       24, 24},
      {"a block that sleeps behind a lock and between two steps",
       threads({{lock(m), on(Op::TimedWait, 1), unlock(m)},
                {store(y, 2), try_lock(m, 1), store(y, 1)},
                {block({on(Op::NotifyOne, 1), load(y)})},
                {lock(m)}}),
       57, 30},
      {"two choices", threads({{choose(2), store_register(x, 0, 0)}, {choose(3), store_register(x, 0, 0)}}),
       12, 0},
      {"a choice of what to do",
       threads({{choose(2), jump_if_equal(0, 0, 1), store(x, 1)}, {store(x, 2)}, {load(x)}}), 8, 0},
      // What the threads do that have nothing to do with the one that is not woken decides on whether it is.
      {"a notification before the waiters, and one after",
       threads({{lock(m), on(Op::Wait, 0)},
                {on(Op::NotifyAll, 0), lock(m), on(Op::TimedWait, 0), unlock(m)},
                {lock(n), on(Op::NotifyOne, 0), unlock(n)}}),
       39, 26},
      {"two notifications, and a wait that ends by itself and leaves one of them",
       threads({{on(Op::NotifyOne, 0), on(Op::NotifyOne, 0)},
                {lock(m), on(Op::TimedWait, 0), unlock(m)},
                {lock(m), on(Op::Wait, 0)},
                {lock(m), on(Op::Wait, 0), unlock(m)}}),
       990, 812},
      {"two loops that nobody ends, one of which holds a lock",
       threads({{await(x, 1)}, {on(Op::WriteLock, 0), await(x, 1)}, {store(x, 2)}, {on(Op::ReadLock, 0)}}), 2,
       2},
  };
}

}  // namespace heddle::oracle
