// tests/bench/graphs.cpp - speed of the search of execution graphs, shape by shape.
//
//     heddle_graph_bench                 all shapes under all models: graphs, abandoned, graphs per CPU
//     second heddle_graph_bench SHAPE MODEL     one of them once, for a tool that counts instructions
//
// The shapes are those that other model checkers for C++ are measured with. Detectors are on, as they are in
// a check. Each shape states how many graphs it has: a wrong number ends the run.

#include <heddle/atomic.hpp>
#include <heddle/check.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using heddle::MemoryModel;
constexpr auto relaxed = heddle::memory_order_relaxed;
constexpr auto acquire = heddle::memory_order_acquire;
constexpr auto release = heddle::memory_order_release;

using Body = std::function<void()>;

template <class Work>
void run_threads(std::size_t count, Work work) {
  std::vector<heddle::thread> threads;
  threads.reserve(count);
  for (std::size_t t = 0; t < count; ++t) threads.emplace_back([work, t] { work(t); });
  for (heddle::thread& thread : threads) thread.join();
}

Body locks(std::size_t n) {
  return [=] {
    heddle::mutex guard{"guard"};
    heddle::var<int> count{0, "count"};
    run_threads(n, [&](std::size_t) {
      const heddle::lock_guard hold(guard);
      ++count;
    });
  };
}

Body fetch_adds(std::size_t n) {
  return [=] {
    heddle::atomic<int> x{0, "x"};
    run_threads(n, [&](std::size_t) { x.fetch_add(1, relaxed); });
  };
}

Body readers(std::size_t n) {
  return [=] {
    heddle::atomic<int> x{0, "x"};
    run_threads(n + 1,
                [&](std::size_t t) { t == 0 ? x.store(1, relaxed) : static_cast<void>(x.load(relaxed)); });
  };
}

// Thread 0 looks for the last zero in a[0..n], thread i does a[i] = a[i-1] + 1.
Body lastzero(std::size_t n) {
  return [=] {
    std::deque<heddle::atomic<int>> a;
    for (std::size_t i = 0; i <= n; ++i) a.emplace_back(0);
    run_threads(n + 1, [&](std::size_t t) {
      if (t > 0) {
        a[t].store(a[t - 1].load(acquire) + 1, release);
        return;
      }
      for (std::size_t i = n; a[i].load(acquire) != 0;) --i;
    });
  };
}

// Store buffering around a ring.
Body ring(std::size_t n, std::memory_order order) {
  return [=] {
    std::deque<heddle::atomic<int>> a;
    for (std::size_t i = 0; i < n; ++i) a.emplace_back(0);
    run_threads(n, [&](std::size_t t) {
      a[t].store(1, order);
      static_cast<void>(a[(t + 1) % n].load(order));
    });
  };
}

// Two threads, k times a relaxed load and store of one variable.
Body racy(std::size_t k) {
  return [=] {
    heddle::atomic<int> count{0, "count"};
    run_threads(2, [&](std::size_t) {
      for (std::size_t i = 0; i < k; ++i) count.store(count.load(relaxed) + 1, relaxed);
    });
  };
}

Body ticket_lock(std::size_t n) {
  return [=] {
    heddle::atomic<int> next{0, "next"};
    heddle::atomic<int> serving{0, "serving"};
    heddle::var<int> count{0, "count"};
    run_threads(n, [&](std::size_t) {
      const int mine = next.fetch_add(1, relaxed);
      while (serving.load(acquire) != mine) {
      }
      ++count;
      serving.store(mine + 1, release);
    });
  };
}

Body seqlock() {
  return [] {
    heddle::atomic<int> sequence{0, "sequence"};
    heddle::atomic<int> low{0, "low"};
    heddle::atomic<int> high{0, "high"};
    run_threads(3, [&](std::size_t t) {
      if (t == 0) {
        for (int value = 1; value <= 2; ++value) {
          sequence.store(2 * value - 1, relaxed);
          heddle::atomic_thread_fence(release);
          low.store(value, relaxed);
          high.store(value, relaxed);
          sequence.store(2 * value, release);
        }
        return;
      }
      static_cast<void>(sequence.load(acquire));
      static_cast<void>(low.load(relaxed));
      static_cast<void>(high.load(relaxed));
      heddle::atomic_thread_fence(acquire);
      static_cast<void>(sequence.load(relaxed));
    });
  };
}

// Nodes are numbers; 0 is none.
Body treiber(std::size_t threads, int operations) {
  return [=] {
    heddle::atomic<int> head{0, "head"};
    std::deque<heddle::atomic<int>> next;
    const int nodes = static_cast<int>(threads) * operations;
    for (int i = 0; i <= nodes; ++i) next.emplace_back(0);
    run_threads(threads, [&](std::size_t t) {
      for (int i = 0; i < operations; ++i) {
        const int node = static_cast<int>(t) * operations + i + 1;
        int top = head.load(relaxed);
        do next[static_cast<std::size_t>(node)].store(top, relaxed);
        while (!head.compare_exchange_strong(top, node, release, relaxed));
      }
      int top = head.load(acquire);
      while (top != 0 && !head.compare_exchange_strong(top, next[static_cast<std::size_t>(top)].load(relaxed),
                                                       acquire, acquire)) {
      }
    });
  };
}

Body ms_queue(std::size_t producers) {
  return [=] {
    heddle::atomic<int> head{1, "head"};
    heddle::atomic<int> tail{1, "tail"};
    std::deque<heddle::atomic<int>> next;
    for (std::size_t i = 0; i <= producers + 1; ++i) next.emplace_back(0);
    run_threads(producers + 1, [&](std::size_t t) {
      if (t == producers) {
        int first = head.load(acquire);
        const int second = next[static_cast<std::size_t>(first)].load(acquire);
        if (second != 0) head.compare_exchange_strong(first, second, release, relaxed);
        return;
      }
      const int node = static_cast<int>(t) + 2;
      for (;;) {
        int last = tail.load(acquire);
        int none = next[static_cast<std::size_t>(last)].load(acquire);
        if (none == 0 &&
            next[static_cast<std::size_t>(last)].compare_exchange_strong(none, node, release, relaxed)) {
          tail.compare_exchange_strong(last, node, release, relaxed);
          return;
        }
        tail.compare_exchange_strong(last, none, release, relaxed);
      }
    });
  };
}

struct Shape {
  const char* name;
  Body body;
  std::array<std::uint64_t, 3> graphs;  // under sc, tso, rc11
};

std::vector<Shape> shapes() {
  return {
      {"locks-6", locks(6), {720, 720, 720}},
      {"locks-8", locks(8), {40'320, 40'320, 40'320}},
      {"fetch_adds-7", fetch_adds(7), {5'040, 5'040, 5'040}},
      {"fetch_adds-8", fetch_adds(8), {40'320, 40'320, 40'320}},
      {"readers-13", readers(13), {8'192, 8'192, 8'192}},
      {"lastzero-10", lastzero(10), {3'328, 3'328, 3'328}},
      {"lastzero-15", lastzero(15), {147'456, 147'456, 147'456}},
      {"ring-8-relaxed", ring(8, relaxed), {255, 256, 256}},
      {"ring-8-seq_cst", ring(8, heddle::memory_order_seq_cst), {255, 255, 255}},
      {"racy-2x4", racy(4), {3'334, 3'334, 3'334}},
      {"ticket_lock-4", ticket_lock(4), {24, 24, 24}},
      {"seqlock", seqlock(), {4'489, 4'489, 6'561}},
      {"treiber-2x2", treiber(2, 2), {496, 496, 496}},
      {"ms_queue-2", ms_queue(2), {28, 28, 28}},
  };
}

constexpr std::array models{MemoryModel::Sc, MemoryModel::Tso, MemoryModel::Rc11};

heddle::Result explore(const Shape& shape, MemoryModel model) {
  heddle::Options options;
  options.model = model;
  options.strategy = heddle::StrategyKind::Graphs;
  options.keep_going = true;
  options.minimize_executions = 0;
  heddle::Result result = heddle::check(shape.body, options);
  const std::uint64_t stated = shape.graphs[static_cast<std::size_t>(model)];
  if (result.redundant != 0 || !result.exhaustive || result.complete != stated) {
    std::fprintf(stderr, "%s under %s: %llu graphs instead of %llu, %llu redundant %s\n", shape.name,
                 std::string(to_string(model)).c_str(), static_cast<unsigned long long>(result.complete),
                 static_cast<unsigned long long>(stated), static_cast<unsigned long long>(result.redundant),
                 result.reason.c_str());
    std::exit(1);
  }
  return result;
}

// Repeated until it has taken long enough to be measured; the fastest of these.
void measure(const Shape& shape, MemoryModel model) {
  double best = 1e9;
  double total = 0;
  heddle::Result result;
  for (int run = 0; run < 1'000 && (total < 0.5 || run < 3); ++run) {
    const std::clock_t start = std::clock();
    result = explore(shape, model);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    best = std::min(best, std::max(seconds, 1e-6));
    total += seconds;
  }
  std::printf("%-16s %-5s %9llu %9llu %12.0f %10.4f\n", shape.name, std::string(to_string(model)).c_str(),
              static_cast<unsigned long long>(result.complete),
              static_cast<unsigned long long>(result.blocked), static_cast<double>(result.complete) / best,
              best);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 1) {
    std::printf("%-16s %-5s %9s %9s %12s %10s\n", "shape", "model", "graphs", "abandoned", "graphs/s",
                "seconds");
    for (const Shape& shape : shapes())
      for (const MemoryModel model : models) measure(shape, model);
    return 0;
  }
  const auto model = argc == 3 ? heddle::parse_memory_model(argv[2]) : std::nullopt;
  for (const Shape& shape : shapes()) {
    if (!model || shape.name != std::string_view(argv[1])) continue;
    std::printf("%llu\n", static_cast<unsigned long long>(explore(shape, *model).complete));
    return 0;
  }
  std::fprintf(stderr, "usage: heddle_graph_bench [SHAPE sc|tso|rc11]\n");
  return 64;
}
