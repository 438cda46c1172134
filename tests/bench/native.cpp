// tests/bench/native.cpp - runs per second of the two native forms, side by side.
//
// Each row runs a small scenario in both forms, a second each. `ratio` is what the stress form gains over
// starting threads for each run, `weak/s` how often the stress form saw the outcome that no interleaving has.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/native.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <stdexcept>

namespace {

using heddle::native::Form;
using heddle::native::Result;
using heddle::native::Values;

Result run(const std::function<void()>& body, Form form) {
  heddle::native::Options options;
  options.form = form;
  options.time = std::chrono::seconds(1);
  Result result = heddle::native::run(body, options);
  if (result.form != form || result.fault) throw std::logic_error("the runs did not end as they should");
  return result;
}

double per_second(std::uint64_t count, const Result& result) {
  return static_cast<double>(count) / std::chrono::duration<double>(result.elapsed).count();
}

void both_forms(benchmark::State& state, const std::function<void()>& body, const Values& weak) {
  for (auto _ : state) {
    const Result whole = run(body, Form::Whole);
    const Result stress = run(body, Form::Stress);
    std::uint64_t seen = 0;
    for (const heddle::native::Outcome& outcome : stress.outcomes)
      if (outcome.values == weak) seen = outcome.runs;
    state.counters["whole/s"] = per_second(whole.runs, whole);
    state.counters["stress/s"] = per_second(stress.runs, stress);
    state.counters["ratio"] = per_second(stress.runs, stress) / per_second(whole.runs, whole);
    state.counters["weak/s"] = per_second(seen, stress);
  }
}

template <class First, class Second>
void two_threads(First first, Second second) {
  heddle::thread one(first);
  heddle::thread two(second);
  one.join();
  two.join();
}

void native_store_buffering(benchmark::State& state) {
  both_forms(state,
             [] {
               heddle::atomic<int> x{0, "x"};
               heddle::atomic<int> y{0, "y"};
               int r1 = 0;
               int r2 = 0;
               two_threads(
                   [&] {
                     x.store(1, heddle::memory_order_relaxed);
                     r1 = y.load(heddle::memory_order_relaxed);
                   },
                   [&] {
                     y.store(1, heddle::memory_order_relaxed);
                     r2 = x.load(heddle::memory_order_relaxed);
                   });
               heddle::outcome("r1", r1);
               heddle::outcome("r2", r2);
             },
             {{"r1", "0"}, {"r2", "0"}});
}
BENCHMARK(native_store_buffering)->Iterations(1)->UseRealTime()->Unit(benchmark::kSecond);

void native_message_passing(benchmark::State& state) {
  both_forms(state,
             [] {
               heddle::atomic<int> message{0, "message"};
               heddle::atomic<int> flag{0, "flag"};
               int r1 = 0;
               int r2 = 0;
               two_threads(
                   [&] {
                     message.store(1, heddle::memory_order_relaxed);
                     flag.store(1, heddle::memory_order_relaxed);
                   },
                   [&] {
                     r1 = flag.load(heddle::memory_order_relaxed);
                     r2 = message.load(heddle::memory_order_relaxed);
                   });
               heddle::outcome("r1", r1);
               heddle::outcome("r2", r2);
             },
             {{"r1", "1"}, {"r2", "0"}});
}
BENCHMARK(native_message_passing)->Iterations(1)->UseRealTime()->Unit(benchmark::kSecond);

void native_lost_update(benchmark::State& state) {
  both_forms(state,
             [] {
               heddle::var<int> count{0, "count"};
               const auto work = [&] { ++count; };
               two_threads(work, work);
               heddle::outcome("count", count);
             },
             {});
}
BENCHMARK(native_lost_update)->Iterations(1)->UseRealTime()->Unit(benchmark::kSecond);

}  // namespace
