// tests/sync/probes_test.cpp - one line of each use of the standard's types: after `std::` has become
// `heddle::` it compiles and runs, as it does without.
//
// What cannot: a reference to a variable or its address as a T* (`int& r = x`, `int* p = &x`: what is done
// with it would not be seen; there is with_mut()), a member of a class in a variable (`point.x`: `point->x`
// reads it), std::max(x, 1) of a variable and a constant (two types: say x.load()), a std::stop_token in
// place of heddle's, a mutex's native_handle(). Not here: a condition_variable with a std::unique_lock,
// notify_all_at_thread_exit and system_clock.

#include "tests/sync/programs.hpp"

#include <heddle/atomic.hpp>
#include <heddle/atomic_shared_ptr.hpp>
#include <heddle/barrier.hpp>
#include <heddle/clock.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/future.hpp>
#include <heddle/latch.hpp>
#include <heddle/memory.hpp>
#include <heddle/mutex.hpp>
#include <heddle/once.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/shared_mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;

struct Probe {
  const char* name;
  void (*use)();
};
std::vector<Probe>& probes() {
  static std::vector<Probe> all;
  return all;
}
struct Registered {
  Registered(const char* name, void (*use)()) { probes().push_back({name, use}); }
};

#define PROBE(name)                                        \
  void probe_##name();                                     \
  const Registered registered_##name(#name, probe_##name); \
  void probe_##name()

struct Point {
  int a = 0;
  int b = 0;
};
struct Node {
  int value = 0;
  Node* next = nullptr;
};
enum class Color { Red, Green };
struct Eight {
  int a;
  int b;
  bool operator==(const Eight&) const = default;
};
struct Sixteen {
  void* pointer;
  std::uint64_t tag;
};

PROBE(adopt_lock) {
  heddle::mutex m;
  m.lock();
  heddle::lock_guard hold(m, std::adopt_lock);
}
PROBE(async) {
  static_cast<void>(heddle::async([] { return 1; }).get());
}
PROBE(atomic_array_brace) {
  std::array<heddle::atomic<int>, 2> a{};
  a[0] = 1;
}
PROBE(atomic_bool_member_eq) {
  struct S {
    heddle::atomic<bool> b = false;
  } s;
  s.b = true;
}
PROBE(atomic_carray) {
  heddle::atomic<int> a[2];
  a[1] = 1;
}
PROBE(atomic_constinit_static) {
  static heddle::atomic<int> x{0};
  static_cast<void>(x.load());
}
PROBE(atomic_double_add) {
  heddle::atomic<double> d{0.5};
  d += 1.0;
}
PROBE(atomic_empty_brace) {
  heddle::atomic<int> x{};
  ++x;
}
PROBE(atomic_enum) {
  heddle::atomic<Color> c{Color::Red};
  c = Color::Green;
}
PROBE(atomic_eq_init) {
  heddle::atomic<int> x = 0;
  ++x;
}
PROBE(atomic_flag_init) {
  heddle::atomic_flag f = ATOMIC_FLAG_INIT;
  f.clear();
}
PROBE(atomic_free_functions) {
  heddle::atomic<int> x{0};
  heddle::atomic_store(&x, heddle::atomic_load(&x) + 1);
  heddle::atomic_fetch_add_explicit(&x, 1, heddle::memory_order_relaxed);
}
PROBE(atomic_int_alias) {
  heddle::atomic_int x{0};
  heddle::atomic_size_t n{1};
  x += static_cast<int>(n);
}
PROBE(atomic_ops) {
  heddle::atomic<unsigned> x{0};
  x |= 1u;
  x &= 1u;
  x ^= 1u;
}
PROBE(atomic_ptr_arith) {
  int a[2] = {};
  heddle::atomic<int*> p{a};
  ++p;
  p -= 1;
}
PROBE(atomic_shared_ptr) {
  heddle::atomic<heddle::shared_ptr<int>> p;
  p.store(heddle::make_shared<int>(1));
  static_cast<void>(*p.load());
}
PROBE(atomic_struct16) {
  heddle::atomic<Sixteen> s{Sixteen{nullptr, 1}};
  static_cast<void>(s.load().tag);
}
PROBE(atomic_struct8) {
  heddle::atomic<Eight> s{Eight{1, 2}};
  static_cast<void>(s.load().a);
}
PROBE(atomic_ternary) {
  heddle::atomic<int> x{1};
  static_cast<void>(x ? 1 : 2);
}
PROBE(atomic_thread_fence) { heddle::atomic_thread_fence(std::memory_order_seq_cst); }
PROBE(atomic_unique_array) {
  auto a = std::make_unique<heddle::atomic<int>[]>(2);
  a[1] = 1;
}
PROBE(atomic_vector) {
  std::vector<heddle::atomic<int>> v(2);
  v[0] = 1;
}
PROBE(atomic_wait) {
  heddle::atomic<int> x{1};
  x.wait(0);
  x.notify_all();
}
PROBE(auto_from_load) {
  heddle::atomic<int> x{1};
  auto seen = x.load();
  static_cast<void>(seen);
}
PROBE(barrier_completion) {
  heddle::barrier b(1, []() noexcept {});
  b.arrive_and_wait();
}
PROBE(const_atomic_read) {
  const heddle::atomic<int> x{1};
  int seen = x;
  static_cast<void>(seen);
}
PROBE(const_var_read) {
  const heddle::var<int> x{1};
  int seen = x;
  static_cast<void>(seen);
}
PROBE(cv_any) {
  heddle::mutex m;
  heddle::condition_variable_any c;
  heddle::unique_lock hold(m);
  c.wait(hold, [] { return true; });
}
PROBE(defer_lock) {
  heddle::mutex m;
  heddle::unique_lock hold(m, std::defer_lock);
  hold.lock();
}
PROBE(jthread_stop) {
  heddle::jthread t([](heddle::stop_token stop) { static_cast<void>(stop.stop_requested()); });
  t.request_stop();
}
PROBE(latch) {
  heddle::latch l(1);
  l.count_down();
  l.wait();
}
PROBE(memory_order_in_ns) {
  heddle::atomic<int> x{0};
  x.store(1, heddle::memory_order_release);
}
PROBE(once) {
  heddle::once_flag once;
  heddle::call_once(once, [] {});
}
PROBE(policy_ns) {
  heddle::async(heddle::launch::async, [] {}).get();
}
PROBE(promise) {
  heddle::promise<int> p;
  auto f = p.get_future();
  p.set_value(1);
  static_cast<void>(f.get());
}
PROBE(require_lt) {
  heddle::var<int> x{1};
  heddle::require_lt(x, 2);
}
PROBE(require_msg) { heddle::require(1 < 2, "has a message"); }
PROBE(scoped_lock_targs) {
  heddle::mutex m;
  heddle::scoped_lock<heddle::mutex> hold(m);
}
PROBE(scoped_lock_two) {
  heddle::mutex m, n;
  heddle::scoped_lock hold(m, n);
}
PROBE(semaphore) {
  heddle::counting_semaphore<3> s(1);
  s.acquire();
  s.release();
}
PROBE(shared_lock) {
  heddle::shared_mutex m;
  heddle::shared_lock hold(m);
}
PROBE(sleep_for) { heddle::this_thread::sleep_for(0ms); }
PROBE(std_lock_guard) {
  heddle::mutex m;
  std::lock_guard<heddle::mutex> hold(m);
}
PROBE(std_lock_guard_ctad) {
  heddle::mutex m;
  std::lock_guard hold(m);
}
PROBE(std_unique_lock) {
  heddle::mutex m;
  std::unique_lock<heddle::mutex> hold(m);
}
PROBE(struct_of_vars_agg) {
  struct S {
    heddle::var<int> a, b;
  } s{{1}, {2}};
  ++s.a;
}
PROBE(struct_of_vars_copy) {
  struct S {
    heddle::var<int> a, b;
  } s;
  S copy = s;
  s = copy;
}
PROBE(thread_args) {
  heddle::thread t([](int, std::string) {}, 1, "two");
  t.join();
}
PROBE(thread_get_id) {
  heddle::thread t([] {});
  static_cast<void>(t.get_id() == heddle::this_thread::get_id());
  t.join();
}
PROBE(thread_hw) { static_cast<void>(heddle::thread::hardware_concurrency()); }
PROBE(thread_lambda_init_var) {
  heddle::thread t([n = 1] { static_cast<void>(n); });
  t.join();
}
PROBE(thread_member) {
  struct S {
    void run() {}
  } s;
  heddle::thread t(&S::run, &s);
  t.join();
}
PROBE(thread_move_only) {
  heddle::thread t([p = std::make_unique<int>(1)] { static_cast<void>(*p); });
  t.join();
}
PROBE(thread_ref) {
  int n = 0;
  heddle::thread t([](int& x) { ++x; }, std::ref(n));
  t.join();
}
PROBE(thread_vector) {
  std::vector<heddle::thread> all;
  all.emplace_back([] {});
  for (auto& t : all) t.join();
}
PROBE(tracked_make_shared) {
  struct S : heddle::tracked {};
  auto p = std::make_shared<S>();
}
PROBE(tracked_unique) {
  struct S : heddle::tracked {};
  std::unique_ptr<S> p(new S);
}
PROBE(unique_lock_move) {
  heddle::mutex m;
  heddle::unique_lock a(m);
  heddle::unique_lock b = std::move(a);
}
PROBE(unique_lock_tmpl_cv) {
  heddle::mutex m;
  heddle::condition_variable c;
  heddle::unique_lock<heddle::mutex> hold(m);
  c.wait(hold, [] { return true; });
}
PROBE(var_array_brace) {
  std::array<heddle::var<int>, 2> a{};
  a[0] = 1;
}
PROBE(var_array_plain) {
  heddle::var<int> a[2];
  a[0] = 1;
}
PROBE(var_auto_copy) {
  heddle::var<int> x{1};
  auto y = x;
  ++y;
}
PROBE(var_bool_if) {
  heddle::var<bool> x{true};
  if (x) x = false;
}
PROBE(var_cout) {
  heddle::var<int> x{1};
  std::ostringstream out;
  out << x;
}
PROBE(var_deque_emplace) {
  std::deque<heddle::var<int>> d;
  d.emplace_back(1);
}
PROBE(var_double) {
  heddle::var<double> x{0.5};
  x += 1;
}
PROBE(var_eq_init) {
  heddle::var<int> x = 0;
  ++x;
}
PROBE(var_index) {
  int a[2] = {};
  heddle::var<int> i{1};
  static_cast<void>(a[i]);
}
PROBE(var_map_value) {
  std::map<int, heddle::var<int>> m;
  m[1] = 2;
}
PROBE(var_mult_assign) {
  heddle::var<int> x{1};
  x *= 2;
  x /= 2;
  x %= 2;
}
PROBE(var_or_assign) {
  heddle::var<unsigned> x{1};
  x |= 2;
  x &= 2;
  x ^= 2;
  x <<= 1;
  x >>= 1;
}
PROBE(var_ptr) {
  int n = 1;
  heddle::var<int*> p{&n};
  *p = 2;
  static_cast<void>(p[0]);
}
PROBE(var_ptr_arrow) {
  Node n;
  heddle::var<Node*> p{&n};
  p->value = 1;
}
PROBE(var_shared_ptr) {
  heddle::var<std::shared_ptr<int>> p;
  p = std::make_shared<int>(1);
}
PROBE(var_string) {
  heddle::var<std::string> s;
  s = "a";
}
PROBE(var_string_size) {
  heddle::var<std::string> s;
  static_cast<void>(s.size());
}
PROBE(var_struct_arrow) {
  heddle::var<Point> p;
  static_cast<void>(p->a);
}
PROBE(var_swap) {
  heddle::var<int> x{1}, y{2};
  std::swap(x, y);
}
PROBE(var_switch) {
  heddle::var<int> x{1};
  switch (x) {
    default: break;
  }
}
PROBE(var_ternary) {
  heddle::var<int> x{1};
  static_cast<void>(x ? 1 : 2);
}
PROBE(var_unique_ptr) {
  auto p = std::make_unique<heddle::var<int>>(1);
  ++*p;
}
PROBE(var_vector_index) {
  heddle::var<std::vector<int>> v{std::vector<int>{1}};
  static_cast<void>(v[0]);
}
PROBE(var_vector_load_store) {
  heddle::var<std::vector<int>> v;
  v.store(v.load());
}
PROBE(var_vector_of) {
  std::vector<heddle::var<int>> v(2);
  ++v[1];
}
PROBE(var_vector_push) {
  heddle::var<std::vector<int>> v;
  v.push_back(1);
}
PROBE(var_vector_resize) {
  std::vector<heddle::var<int>> v;
  v.resize(2);
}
PROBE(volatile_atomic) {
  volatile heddle::atomic<int> x{0};
  x.store(1);
  ++x;
}
PROBE(wait_until_system_clock) {
  heddle::mutex m;
  heddle::condition_variable c;
  heddle::unique_lock hold(m);
  c.wait_until(hold, std::chrono::system_clock::now(), [] { return true; });
}

TEST(ProbesTest, CompileAndRun) {
  EXPECT_EQ(probes().size(), 88u);
  for (const Probe& probe : probes()) {
    probe.use();
    const heddle::Result result = heddle::check(probe.use, heddle::tests::everything());
    EXPECT_EQ(result.verdict, heddle::Verdict::Verified) << probe.name << "\n"
                                                         << heddle::tests::summary(result) << result.reason;
  }
}

}  // namespace
