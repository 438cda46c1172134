#include "tests/graphs/litmus.hpp"

#include <utility>

namespace heddle::graphs {

namespace {

constexpr Order rlx = Order::relaxed;
constexpr Order acq = Order::acquire;
constexpr Order rel = Order::release;
constexpr Order sc = Order::seq_cst;
constexpr unsigned x = 0, y = 1, z = 2;
constexpr unsigned r0 = 0, r1 = 1;
constexpr unsigned m = 0, n = 1;
constexpr unsigned s0 = 0, s1 = 1;  // semaphores, with these initial values

Program of_one(std::vector<Code> threads) { return {.variables = 1, .threads = std::move(threads)}; }
Program of_two(std::vector<Code> threads) { return {.variables = 2, .threads = std::move(threads)}; }
Program of_three(std::vector<Code> threads) { return {.variables = 3, .threads = std::move(threads)}; }

// The order, or a relaxed access beside a seq_cst fence.
struct Strength {
  Order store = rlx;
  Order load = rlx;
  bool fences = false;
};
constexpr Strength relaxed{};
constexpr Strength rel_acq{rel, acq};
constexpr Strength seq_cst{sc, sc};
constexpr Strength mfence{rlx, rlx, true};

Code both(Strength s, Instruction first, Instruction second) {
  Code code{first};
  if (s.fences) code.push_back(fence(sc));
  code.push_back(second);
  return code;
}

Program store_buffering(Strength s) {
  return of_two(
      {both(s, store(x, 1, s.store), load(y, s.load)), both(s, store(y, 1, s.store), load(x, s.load))});
}
Program message_passing(Strength s) {
  return of_two(
      {both(s, store(x, 1, rlx), store(y, 1, s.store)), both(s, load(y, s.load, r0), load(x, rlx, r1))});
}
Program load_buffering(Strength s) {
  return of_two(
      {both(s, load(x, s.load), store(y, 1, s.store)), both(s, load(y, s.load), store(x, 1, s.store))});
}
Program independent_reads(Strength s) {
  return of_two({{store(x, 1, s.store)},
                 both(s, load(x, s.load, r0), load(y, s.load, r1)),
                 both(s, load(y, s.load, r0), load(x, s.load, r1)),
                 {store(y, 1, s.store)}});
}
Program write_read_causality(Strength s) {
  return of_two({{store(x, 1, s.store)},
                 both(s, load(x, s.load), store(y, 1, s.store)),
                 both(s, load(y, s.load, r0), load(x, s.load, r1))});
}
Program read_write_causality(Strength s) {
  return of_two({{store(x, 1, s.store)},
                 both(s, load(x, s.load, r0), load(y, s.load, r1)),
                 both(s, store(y, 1, s.store), load(x, s.load))});
}
Program two_plus_two_writes(Strength s) {
  return of_two({both(s, store(x, 1, s.store), store(y, 2, s.store)),
                 both(s, store(y, 1, s.store), store(x, 2, s.store))});
}
Program shape_r(Strength s) {
  return of_two(
      {both(s, store(x, 1, s.store), store(y, 1, s.store)), both(s, store(y, 2, s.store), load(x, s.load))});
}
Program shape_s(Strength s) {
  return of_two(
      {both(s, store(x, 2, s.store), store(y, 1, s.store)), both(s, load(y, s.load), store(x, 1, s.store))});
}
Program isa2(Strength s) {
  return of_three({both(s, store(x, 1, rlx), store(y, 1, s.store)),
                   both(s, load(y, s.load), store(z, 1, s.store)),
                   both(s, load(z, s.load, r0), load(x, rlx, r1))});
}

void add_shapes(std::vector<Litmus>& all) {
  using enum Allowed;
  struct Shape {
    const char* name;
    Program (*program)(Strength);
    const char* outcome;
    Allowed relaxed, rel_acq, seq_cst, mfence;
  };
  const Shape shapes[] = {
      {"SB", store_buffering, "0 0 | 0 0 | 1 1 ", ByTsoAndRc11, ByTsoAndRc11, Never, Never},
      {"MP", message_passing, "0 0 | 1 0 | 1 1 ", OnlyByRc11, Never, Never, Never},
      {"LB", load_buffering, "1 0 | 1 0 | 1 1 ", Never, Never, Never, Never},
      {"IRIW", independent_reads, "0 0 | 1 0 | 1 0 | 0 0 | 1 1 ", OnlyByRc11, OnlyByRc11, Never, Never},
      {"WRC", write_read_causality, "0 0 | 1 0 | 1 0 | 1 1 ", OnlyByRc11, Never, Never, Never},
      {"RWC", read_write_causality, "0 0 | 1 0 | 0 0 | 1 1 ", ByTsoAndRc11, ByTsoAndRc11, Never, Never},
      {"2+2W", two_plus_two_writes, "0 0 | 0 0 | 1 1 ", OnlyByRc11, OnlyByRc11, Never, Never},
      {"R", shape_r, "0 0 | 0 0 | 1 2 ", ByTsoAndRc11, ByTsoAndRc11, Never, Never},
      {"S", shape_s, "0 0 | 1 0 | 2 1 ", OnlyByRc11, Never, Never, Never},
      {"ISA2", isa2, "0 0 | 1 0 | 1 0 | 1 1 1 ", OnlyByRc11, Never, Never, Never},
  };
  for (const Shape& shape : shapes) {
    const std::string name = shape.name;
    all.push_back({name + "+rlx", shape.program(relaxed), shape.outcome, shape.relaxed});
    all.push_back({name + "+rel+acq", shape.program(rel_acq), shape.outcome, shape.rel_acq});
    all.push_back({name + "+sc", shape.program(seq_cst), shape.outcome, shape.seq_cst});
    all.push_back({name + "+mfence", shape.program(mfence), shape.outcome, shape.mfence});
  }
}

void add_coherence(std::vector<Litmus>& all) {
  using enum Allowed;
  const auto add = [&](const char* name, std::vector<Code> threads, const char* outcome) {
    all.push_back({name, of_one(std::move(threads)), outcome, Never});
  };
  add("CoRR", {{store(x, 1, rlx)}, {load(x, rlx, r0), load(x, rlx, r1)}}, "0 0 | 1 0 | 1 ");
  add("CoWW", {{store(x, 1, rlx), store(x, 2, rlx)}}, "0 0 | 1 ");
  add("CoWR", {{store(x, 1, rlx), load(x, rlx)}, {store(x, 2, rlx)}}, "2 0 | 0 0 | 1 ");
  add("CoRW1", {{load(x, rlx), store(x, 1, rlx)}}, "1 0 | 1 ");
  add("CoRW2", {{load(x, rlx), store(x, 1, rlx)}, {store(x, 2, rlx)}}, "2 0 | 0 0 | 2 ");
  add("RMW+RMW", {{fetch_add(x, 1, rlx)}, {fetch_add(x, 1, rlx)}}, "0 0 | 0 0 | 1 ");
  add("CAS+CAS", {{compare_exchange(x, 0, 1, rlx, rlx)}, {compare_exchange(x, 0, 2, rlx, rlx)}},
      "0 0 | 0 0 | 2 ");
  // A write between the two halves of an update.
  add("RMW+W", {{exchange(x, 1, rlx)}, {store(x, 2, rlx)}, {load(x, rlx, r0), load(x, rlx, r1)}},
      "0 0 | 0 0 | 2 1 | 1 ");
}

void add_mixtures(std::vector<Litmus>& all) {
  using enum Allowed;
  const auto add = [&](const char* name, Program program, const char* outcome, Allowed allowed) {
    all.push_back({name, std::move(program), outcome, allowed});
  };
  const char* const sb = "0 0 | 0 0 | 1 1 ";
  const char* const mp = "0 0 | 1 0 | 1 1 ";
  // Under tso the seq_cst store is the barrier; in C++ all four accesses have to be seq_cst.
  add("SB+store-sc+load-rlx", of_two({{store(x, 1, sc), load(y, rlx)}, {store(y, 1, sc), load(x, rlx)}}), sb,
      OnlyByRc11);
  add("SB+store-rlx+load-sc", of_two({{store(x, 1, rlx), load(y, sc)}, {store(y, 1, rlx), load(x, sc)}}), sb,
      ByTsoAndRc11);
  add("SB+mfence+none",
      of_two({{store(x, 1, rlx), fence(sc), load(y, rlx)}, {store(y, 1, rlx), load(x, rlx)}}), sb,
      ByTsoAndRc11);
  add("SB+mfence+sc", of_two({{store(x, 1, rlx), fence(sc), load(y, rlx)}, {store(y, 1, sc), load(x, sc)}}),
      sb, Never);
  add("SB+acq_rel-fences",
      of_two({{store(x, 1, rlx), fence(Order::acq_rel), load(y, rlx)},
              {store(y, 1, rlx), fence(Order::acq_rel), load(x, rlx)}}),
      sb, ByTsoAndRc11);
  add("SB+rmws", of_two({{exchange(x, 1, rlx, r1), load(y, rlx)}, {exchange(y, 1, rlx, r1), load(x, rlx)}}),
      sb, OnlyByRc11);
  add("SB+failed-cas",
      of_two({{store(x, 1, rlx), compare_exchange(y, 5, 6, rlx, rlx)},
              {store(y, 1, rlx), compare_exchange(x, 5, 6, rlx, rlx)}}),
      sb, OnlyByRc11);

  add("MP+rel+rlx", of_two({{store(x, 1, rlx), store(y, 1, rel)}, {load(y, rlx, r0), load(x, rlx, r1)}}), mp,
      OnlyByRc11);
  add("MP+rel-fence+acq-fence",
      of_two({{store(x, 1, rlx), fence(rel), store(y, 1, rlx)},
              {load(y, rlx, r0), fence(acq), load(x, rlx, r1)}}),
      mp, Never);
  add("MP+acq-fence+rel-fence",
      of_two({{store(x, 1, rlx), fence(acq), store(y, 1, rlx)},
              {load(y, rlx, r0), fence(rel), load(x, rlx, r1)}}),
      mp, OnlyByRc11);
  add("MP+rel-fence+acq",
      of_two({{store(x, 1, rlx), fence(rel), store(y, 1, rlx)}, {load(y, acq, r0), load(x, rlx, r1)}}), mp,
      Never);
  add("MP+rel+failed-cas-acq",
      of_two({{store(x, 1, rlx), store(y, 1, rel)},
              {compare_exchange(y, 5, 6, rlx, acq, r0), load(x, rlx, r1)}}),
      mp, Never);
  // The update goes on with the release sequence. A later store of the same thread did so before C++20.
  add("MP+rel+rmw+acq",
      of_two({{store(x, 1, rlx), store(y, 1, rel)},
              {fetch_add(y, 1, rlx)},
              {load(y, acq, r0), load(x, rlx, r1)}}),
      "0 0 | 1 0 | 2 0 | 1 2 ", Never);
  add("MP+rel+store+acq",
      of_two({{store(x, 1, rlx), store(y, 1, rel), store(y, 2, rlx)}, {load(y, acq, r0), load(x, rlx, r1)}}),
      "0 0 | 2 0 | 1 2 ", OnlyByRc11);
}

// Of the paper on RC11 (PLDI'17): C++11 forbids them, and compilers to Power and ARM would have to pay for
// it.
Program ww_merge() {
  return of_two({{load(x, acq, r0), load(y, sc, r1)},
                 {store(x, 1, sc), store(x, 2, sc)},
                 {store(y, 1, sc), load(x, sc, r0)}});
}

void add_of_paper(std::vector<Litmus>& all) {
  all.push_back({"IRIW+acq+sc",
                 of_two({{store(x, 1, sc)},
                         {load(x, acq, r0), load(y, sc, r1)},
                         {load(y, acq, r0), load(x, sc, r1)},
                         {store(y, 1, sc)}}),
                 "0 0 | 1 0 | 1 0 | 0 0 | 1 1 ", Allowed::OnlyByRc11});
  all.push_back({"Z6.U",
                 of_two({{store(x, 1, sc), store(y, 1, rel)},
                         {fetch_add(y, 1, sc, r0), load(y, rlx, r1)},
                         {store(y, 3, sc), load(x, sc, r0)}}),
                 "0 0 | 1 3 | 0 0 | 1 3 ", Allowed::OnlyByRc11});
  // C++20 forbids what the paper allows, for compilers that merge the writes ([intro.races]/12.3).
  all.push_back({"WWmerge1", ww_merge(), "2 0 | 0 0 | 0 0 | 2 1 ", Allowed::Never});
}

void add_locks(std::vector<Litmus>& all) {
  using enum Allowed;
  all.push_back({"MP+locks",
                 {.variables = 2,
                  .mutexes = 1,
                  .threads = {{lock(m), store(x, 1, rlx), store(y, 1, rlx), unlock(m)},
                              {lock(m), load(y, rlx, r0), load(x, rlx, r1), unlock(m)}}},
                 "0 0 | 1 0 | 1 1 ",
                 Never});
  all.push_back({"MP+semaphore",
                 {.variables = 1,
                  .semaphores = 1,
                  .threads = {{store(x, 1, rlx), release(s0)}, {acquire(s0), load(x, rlx)}}},
                 "0 0 | 0 0 | 1 ",
                 Never});
  // To find a mutex locked orders nothing, and need not be news.
  all.push_back({"MP+lock+failed-trylock",
                 {.variables = 1,
                  .mutexes = 1,
                  .threads = {{store(x, 1, rlx), lock(m)}, {try_lock(m, r0), load(x, rlx, r1)}}},
                 "0 0 | 0 0 | 1 ",
                 OnlyByRc11});
  all.push_back({"MP+unlock+failed-trylock",
                 {.variables = 1,
                  .mutexes = 1,
                  .threads = {{lock(m), unlock(m), store(x, 1, rlx)}, {load(x, rlx, r0), try_lock(m, r1)}}},
                 "0 0 | 1 0 | 1 ",
                 OnlyByRc11});
}

}  // namespace

bool Litmus::allows(Model model) const {
  switch (model) {
    case Model::Sc: return false;
    case Model::Tso: return allowed == Allowed::ByTsoAndRc11;
    case Model::Rc11: return allowed != Allowed::Never;
  }
  return false;
}

std::vector<Litmus> litmus_tests() {
  std::vector<Litmus> all;
  add_shapes(all);
  add_coherence(all);
  add_mixtures(all);
  add_of_paper(all);
  add_locks(all);
  return all;
}

std::vector<Counted> counted_programs() {
  std::vector<Counted> all = {
      {"store buffering", store_buffering(relaxed), {3, 4, 4}},
      {"store buffering, seq_cst", store_buffering(seq_cst), {3, 3, 3}},
      {"store buffering, fences", store_buffering(mfence), {3, 3, 3}},
      {"message passing", message_passing(relaxed), {3, 3, 4}},
      {"message passing, release and acquire", message_passing(rel_acq), {3, 3, 3}},
      {"WWmerge1", ww_merge(), {15, 15, 17}},
      {"two updates", of_one({{fetch_add(x, 1, rlx)}, {fetch_add(x, 1, rlx)}}), {2, 2, 2}},
      {"three updates",
       of_one({{fetch_add(x, 1, rlx)}, {fetch_add(x, 1, rlx)}, {fetch_add(x, 1, rlx)}}),
       {6, 6, 6}},
      {"await", of_one({{await(x, 1, rlx)}, {store(x, 1, rlx)}}), {1, 1, 1}},
      {"await what may pass unseen",
       of_one({{await(x, 1, rlx)}, {store(x, 1, rlx), store(x, 2, rlx)}}),
       {2, 2, 2},
       1},
      {"await in vain", of_one({{await(x, 2, rlx)}, {store(x, 1, rlx)}}), {1, 1, 1}, 1},
      {"locks in two orders",
       {.mutexes = 2,
        .threads = {{lock(m), lock(n), unlock(n), unlock(m)}, {lock(n), lock(m), unlock(m), unlock(n)}}},
       {3, 3, 3},
       1},
      {"semaphores",
       {.semaphores = 2, .threads = {{acquire(s0), release(s1)}, {acquire(s1), release(s0)}}},
       {1, 1, 1}},
      {"one acquires too much", {.semaphores = 2, .threads = {{acquire(s1)}, {acquire(s1)}}}, {2, 2, 2}, 2},
  };
  for (unsigned readers = 1; readers < threads_max; ++readers) {
    Program program = of_one({{store(x, 1, rlx)}});
    program.threads.resize(1 + readers, {load(x, rlx)});
    const std::uint64_t either = std::uint64_t{1} << readers;
    all.push_back({std::to_string(readers) + " readers", program, {either, either, either}});
  }
  // On one location every model is coherence and no more.
  constexpr std::uint64_t of_increments[] = {1, 4, 34, 328};
  for (unsigned times = 1; times < std::size(of_increments); ++times) {
    Code code;
    for (unsigned i = 0; i < times; ++i) code.insert(code.end(), {load(x, rlx), store(x, 1, rlx)});
    const std::uint64_t graphs = of_increments[times];
    all.push_back(
        {std::to_string(times) + " loads and stores", of_one({code, code}), {graphs, graphs, graphs}});
  }
  for (unsigned threads = 2; threads <= threads_max; ++threads) {
    constexpr std::uint64_t factorial[] = {1, 1, 2, 6, 24};
    const std::uint64_t graphs = factorial[threads];
    all.push_back({std::to_string(threads) + " threads lock",
                   {.mutexes = 1, .threads = std::vector<Code>(threads, {lock(m), unlock(m)})},
                   {graphs, graphs, graphs}});
  }
  return all;
}

}  // namespace heddle::graphs
