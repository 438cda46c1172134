// tests/bench/bench.cpp - speed of the default search with all detectors on.
//
// Counters: executions and visible operations per CPU second, nanoseconds per visible operation. The cost
// of a bare fiber switch is measured in the same run, because only ratios mean something on a machine that
// others use too.

#include "checker/machine/fiber.hpp"

#include <heddle/check.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using heddle::Options;
using heddle::Result;

// Explores the body once per iteration; `executions` is what must come out.
void explore(benchmark::State& state, const std::function<void()>& body, std::uint64_t executions) {
  Options options;
  options.keep_going = true;
  std::uint64_t complete = 0;
  std::uint64_t steps = 0;
  for (auto _ : state) {
    const Result result = heddle::check(body, options);
    if (result.complete != executions || result.redundant != 0 || result.blocked != 0)
      throw std::logic_error("expected " + std::to_string(executions) + " executions, got " +
                             std::to_string(result.complete));
    complete += result.complete;
    steps += result.steps;
  }
  using benchmark::Counter;
  state.counters["executions"] = static_cast<double>(executions);
  state.counters["executions/s"] = Counter(static_cast<double>(complete), Counter::kIsRate);
  state.counters["operations/s"] = Counter(static_cast<double>(steps), Counter::kIsRate);
  state.counters["s/operation"] = Counter(static_cast<double>(steps), Counter::kIsRate | Counter::kInvert);
}

template <class Work>
void run_threads(std::size_t count, Work work) {
  std::vector<heddle::thread> threads;
  threads.reserve(count);
  for (std::size_t t = 0; t < count; ++t) threads.emplace_back([work, t] { work(t); });
  for (heddle::thread& thread : threads) thread.join();
}

void fiber_switch(benchmark::State& state) {
  heddle::checker::StackPool stacks(64 * 1024);
  heddle::checker::Fiber fiber(stacks.acquire());
  fiber.assign(
      [](void* self) {
        for (;;) static_cast<heddle::checker::Fiber*>(self)->suspend();
      },
      &fiber);
  for (auto _ : state) fiber.resume();  // there and back
}
BENCHMARK(fiber_switch);

// Two threads, k times a load and a store of one variable.
void racy(benchmark::State& state) {
  const auto increments = state.range(0);
  explore(
      state,
      [=] {
        heddle::var<int> count{0, "count"};
        run_threads(2, [&](std::size_t) {
          for (int i = 0; i < increments; ++i) ++count;
        });
        heddle::outcome("count", count);
      },
      static_cast<std::uint64_t>(state.range(1)));
}
BENCHMARK(racy)->Args({4, 3'334})->Args({5, 34'904});

void mutex_counter(benchmark::State& state) {
  const auto threads = static_cast<std::size_t>(state.range(0));
  explore(
      state,
      [=] {
        heddle::mutex guard{"guard"};
        heddle::var<int> count{0, "count"};
        run_threads(threads, [&](std::size_t) {
          const heddle::lock_guard hold(guard);
          ++count;
        });
        heddle::require_eq(count, static_cast<int>(threads));
      },
      static_cast<std::uint64_t>(state.range(1)));
}
BENCHMARK(mutex_counter)->Args({4, 24})->Args({8, 40'320})->Unit(benchmark::kMillisecond);

void philosophers(benchmark::State& state) {
  const auto seats = static_cast<std::size_t>(state.range(0));
  explore(
      state,
      [=] {
        std::deque<heddle::mutex> forks;
        for (std::size_t seat = 0; seat < seats; ++seat) forks.emplace_back();
        run_threads(seats, [&](std::size_t seat) {
          const std::size_t next = (seat + 1) % seats;
          const heddle::lock_guard first(forks[std::min(seat, next)]);
          const heddle::lock_guard second(forks[std::max(seat, next)]);
        });
      },
      static_cast<std::uint64_t>(state.range(1)));
}
BENCHMARK(philosophers)->Args({3, 6})->Args({4, 14})->Args({5, 30});

// One writer and n readers of one variable.
void readers(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  explore(
      state,
      [=] {
        heddle::atomic<int> x{0, "x"};
        run_threads(n + 1, [&](std::size_t t) { t == 0 ? x.store(1) : static_cast<void>(x.load()); });
      },
      std::uint64_t{1} << n);
}
BENCHMARK(readers)->Arg(13)->Unit(benchmark::kMillisecond);

// Thread 0 looks for the last zero in a[0..n], thread i does a[i] = a[i-1] + 1.
void lastzero(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  explore(
      state,
      [=] {
        std::deque<heddle::atomic<int>> a;
        for (std::size_t i = 0; i <= n; ++i) a.emplace_back(0);
        run_threads(n + 1, [&](std::size_t t) {
          if (t > 0) {
            a[t].store(a[t - 1].load() + 1);
            return;
          }
          for (std::size_t i = n; a[i].load() != 0;) --i;
        });
      },
      static_cast<std::uint64_t>(state.range(1)));
}
BENCHMARK(lastzero)->Args({10, 3'328})->Unit(benchmark::kMillisecond);

// About 200 events per execution: ten threads work on variables of their own, two of them race at the end.
void long_program(benchmark::State& state) {
  explore(
      state,
      [] {
        std::deque<heddle::atomic<int>> own;
        for (int t = 0; t < 10; ++t) own.emplace_back(0);
        heddle::atomic<int> shared{0, "shared"};
        run_threads(10, [&](std::size_t t) {
          for (int i = 0; i < 9; ++i) own[t].store(own[t].load() + 1);
          if (t < 4) shared.fetch_add(1);
        });
      },
      24);
}
BENCHMARK(long_program);

}  // namespace

BENCHMARK_MAIN();
