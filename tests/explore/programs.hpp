// tests/explore/programs.hpp - small concurrent programs that several tests explore.
#pragma once

#include "tests/verify/reading.hpp"

#include <heddle/atomic.hpp>
#include <heddle/choose.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace heddle::tests {

// Runs each of these in a thread of its own and waits for all.
inline void run_threads(const std::vector<std::function<void()>>& bodies) {
  std::deque<thread> threads;
  for (const auto& body : bodies) threads.emplace_back(body);
  for (thread& each : threads) each.join();
}

// Each thread reads the count and writes it plus one, so many times. Atomic, so that nothing is a defect.
inline Body split_increments(int threads, int increments) {
  return [=] {
    atomic<int> count{0, "count"};
    const auto work = [&] {
      for (int i = 0; i < increments; ++i) count.store(count.load() + 1);
    };
    run_threads(std::vector<std::function<void()>>(static_cast<std::size_t>(threads), work));
    outcome("count", count);
  };
}

inline Body locked_increments(int threads, int increments) {
  return [=] {
    mutex guard{"guard"};
    int count = 0;
    const auto work = [&] {
      for (int i = 0; i < increments; ++i) {
        const lock_guard hold(guard);
        ++count;
      }
    };
    run_threads(std::vector<std::function<void()>>(static_cast<std::size_t>(threads), work));
    outcome("count", count);
  };
}

// ++ on a plain variable, with what should come out.
inline Body racy_increments(int threads, int increments) {
  return [=] {
    var<int> count{0, "count"};
    const auto work = [&] {
      for (int i = 0; i < increments; ++i) ++count;
    };
    run_threads(std::vector<std::function<void()>>(static_cast<std::size_t>(threads), work));
    outcome("count", count);
    require_eq(count, threads * increments);
  };
}

inline Body store_buffering() {
  return [] {
    atomic<int> x{0, "x"}, y{0, "y"};
    int r1 = 0, r2 = 0;
    run_threads({[&] {
                   x.store(1);
                   r1 = y.load();
                 },
                 [&] {
                   y.store(1);
                   r2 = x.load();
                 }});
    outcome("r1", r1);
    outcome("r2", r2);
  };
}

inline Body one_writer(int readers) {
  return [=] {
    atomic<int> x{0, "x"};
    std::vector<int> seen(static_cast<std::size_t>(readers));
    std::vector<std::function<void()>> bodies{[&] { x.store(1); }};
    for (int& value : seen) bodies.emplace_back([&] { value = x.load(); });
    run_threads(bodies);
    std::string all;
    for (const int value : seen) all += std::to_string(value);
    outcome("seen", all);
  };
}

// One thread looks for the last zero of an array from its end while the others each set an element to its
// left neighbour plus one (Abdulla, Aronis, Jonsson, Sagonas; POPL'14).
inline Body lastzero(int size) {
  return [=] {
    std::deque<atomic<int>> a;
    for (int i = 0; i <= size; ++i) a.emplace_back(0, "a[" + std::to_string(i) + "]");
    std::vector<std::function<void()>> bodies{[&] {
      auto i = static_cast<std::size_t>(size);
      while (a[i].load() != 0) --i;
      outcome("last zero", static_cast<int>(i));
    }};
    for (std::size_t i = 1; i <= static_cast<std::size_t>(size); ++i)
      bodies.emplace_back([&a, i] { a[i].store(a[i - 1].load() + 1); });
    run_threads(bodies);
  };
}

inline Body opposite_order() {
  return [] {
    mutex a{"a"}, b{"b"};
    run_threads({[&] {
                   const lock_guard hold_a(a);
                   const lock_guard hold_b(b);
                 },
                 [&] {
                   const lock_guard hold_b(b);
                   const lock_guard hold_a(a);
                 }});
    outcome("ended", true);
  };
}

// Named programs of every kind of operation, each small enough for all its interleavings.
struct Program {
  const char* name;
  Body body;
};

inline void PrintTo(const Program& program, std::ostream* out) { *out << program.name; }

// For testing::TestWithParam.
inline std::string identifier(const Program& program) {
  std::string name = program.name;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

inline std::vector<Program> small_programs() {
  return {
      {"split increments", split_increments(2, 2)},
      {"locked increments", locked_increments(3, 1)},
      {"racy increments", racy_increments(2, 2)},
      {"store buffering", store_buffering()},
      {"readers", one_writer(3)},
      {"lastzero", lastzero(3)},
      {"opposite order", opposite_order()},
      {"compare exchange",
       [] {
         atomic<int> x{0, "x"};
         int won = 0;
         const auto claim = [&](int who) {
           int expected = 0;
           if (x.compare_exchange_strong(expected, who)) won = who;
         };
         run_threads({[&] { claim(1); }, [&] { claim(2); }, [&] { claim(3); }});
         outcome("won", won);
       }},
      {"try lock",
       [] {
         mutex guard{"guard"};
         std::string taken = "--";
         const auto attempt = [&](std::size_t who) {
           const unique_lock hold(guard, try_to_lock);
           if (hold) taken[who] = '+';
         };
         run_threads({[&] { attempt(0); }, [&] { attempt(1); }});
         outcome("taken", taken);
       }},
      {"scoped lock",
       [] {
         mutex a{"a"}, b{"b"}, c{"c"};
         std::string order;
         run_threads({[&] {
                        const scoped_lock hold(a, b);
                        order += '1';
                      },
                      [&] {
                        const scoped_lock hold(b, c);
                        order += '2';
                      },
                      [&] {
                        const scoped_lock hold(c, a);
                        order += '3';
                      }});
         outcome("order", order);
       }},
      {"choices",
       [] {
         atomic<int> x{0, "x"};
         run_threads({[&] { x.store(10 + static_cast<int>(choose(3))); },
                      [&] {
                        if (choose(2) == 1) x.fetch_add(100);
                      }});
         outcome("x", x);
       }},
      {"assumptions",
       [] {
         atomic<int> x{0, "x"}, y{0, "y"};
         run_threads({[&] {
                        x.store(1);
                        y.store(1);
                      },
                      [&] {
                        const int seen = y.load();
                        assume(seen == 1 || x.load() == 0);
                        outcome("y", seen);
                      }});
       }},
      {"nested threads",
       [] {
         atomic<int> x{0, "x"};
         run_threads({[&] {
                        x.fetch_add(1);
                        run_threads({[&] { x.store(5); }, [&] { x.fetch_add(10); }});
                      },
                      [&] { x.fetch_add(100); }});
         outcome("x", x);
       }},
      {"handing over",
       [] {
         var<int> data{0, "data"};
         atomic<bool> ready{false, "ready"};
         int seen = -1;
         run_threads({[&] {
                        data = 42;
                        ready.store(true, std::memory_order_release);
                      },
                      [&] {
                        if (ready.load(std::memory_order_acquire)) seen = data.load();
                      }});
         outcome("seen", seen);
       }},
      {"bit operations",
       [] {
         atomic<unsigned> bits{1, "bits"};
         run_threads({[&] {
                        bits.fetch_or(6);
                        bits.fetch_and(3);
                      },
                      [&] {
                        bits.fetch_xor(5);
                        bits.exchange(9);
                      }});
         outcome("bits", bits);
       }},
      {"a yield",
       [] {
         atomic<int> x{0, "x"};
         run_threads({[&] {
                        x.store(1);
                        yield();
                        x.store(2);
                      },
                      [&] { outcome("seen", x.load()); }});
       }},
      {"failing expectations",
       [] {
         atomic<int> x{0, "x"};
         mutex guard{"guard"};
         run_threads({[&] {
                        const lock_guard hold(guard);
                        x.store(1);
                        require_eq(x, 1);
                      },
                      [&] {
                        x.store(2);
                        const lock_guard hold(guard);
                        require(x.load() == 2);
                      }});
         outcome("x", x);
       }},
  };
}

}  // namespace heddle::tests
