// tests/sync/shared_ptr_test.cpp - owners that count, under every memory model.

#include "tests/sync/programs.hpp"

#include <heddle/atomic_shared_ptr.hpp>
#include <heddle/memory.hpp>
#include <heddle/native.hpp>
#include <heddle/shared_ptr.hpp>
#include <heddle/var.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>

namespace heddle {
namespace {

using tests::run_threads;

class SharedPtrTest : public testing::TestWithParam<MemoryModel> {
 protected:
  static Result explored(const tests::Body& body) {
    Options options = tests::everything();
    options.model = GetParam();
    return check(body, options);
  }
  static void expect_verified(const tests::Body& body) {
    const Result result = explored(body);
    EXPECT_EQ(result.verdict, Verdict::Verified) << tests::summary(result) << result.reason;
    EXPECT_TRUE(result.exhaustive) << result.reason;
  }
  static void expect_defect(const tests::Body& body, DefectKind kind) {
    const Result result = explored(body);
    EXPECT_NE(tests::defect_of(result, kind), nullptr) << tests::summary(result);
  }
};

INSTANTIATE_TEST_SUITE_P(Models, SharedPtrTest,
                         testing::Values(MemoryModel::Sc, MemoryModel::Tso, MemoryModel::Rc11),
                         [](const auto& model) { return std::string(to_string(model.param)); });

struct Base {
  virtual ~Base() = default;
  int number = 1;
};
struct Derived : Base, enable_shared_from_this<Derived> {
  int more = 2;
};

// Everything that one thread can see, outside and under the checker.
void use_every_member() {
  int ended = 0;
  {
    shared_ptr<int> number(new int(1), [&](int* pointer) {
      ++ended;
      delete pointer;
    });
    require(number.use_count() == 1 && *number == 1 && number && get_deleter<int>(number) == nullptr);
    shared_ptr<int> copy = number;
    weak_ptr<int> weak = copy;
    require(number.use_count() == 2 && weak.use_count() == 2 && !weak.expired());
    require(copy == number && copy != nullptr && !copy.owner_before(number) && !weak.owner_before(copy));
    shared_ptr<int> moved = std::move(copy);
    require(copy == nullptr && moved.use_count() == 2);
    number.reset();
    require_eq(moved.use_count(), 1);
    require(weak.lock() == moved);
    swap(number, moved);
    number = nullptr;
    require(ended == 1 && weak.expired() && weak.lock() == nullptr);
    bool refused = false;
    try {
      shared_ptr<int> none(weak);
    } catch (const bad_weak_ptr&) {
      refused = true;
    }
    require(refused);
  }
  shared_ptr<Base> base = make_shared<Derived>();
  auto derived = dynamic_pointer_cast<Derived>(base);
  require(derived->more == 2 && static_pointer_cast<Derived>(base)->shared_from_this() == derived);
  shared_ptr<int> part(derived, &derived->more);
  base.reset();
  derived.reset();
  require(*part == 2 && part.use_count() == 1);
  shared_ptr<const int> constant = part;
  require(const_pointer_cast<int>(constant) == part);
  shared_ptr<int[]> row(new int[2]{3, 4});
  require(row[1] == 4 && make_shared<int[]>(2)[1] == 0);
  shared_ptr<int> unique = std::make_unique<int>(5);
  unique = std::make_unique<int>(6);
  require_eq(*unique, 6);
  std::unordered_set<shared_ptr<int>> all{unique};
  require(all.count(unique) == 1);
  atomic<shared_ptr<int>> head = unique;
  shared_ptr<int> seen = part;
  require(!head.compare_exchange_strong(seen, part) && seen == unique);
  require(head.compare_exchange_weak(seen, part) && head.load() == part);
  require(head.exchange(nullptr) == part && head.load() == nullptr);
  head = unique;
  head.wait(nullptr);
  head.notify_all();
  require_eq(unique.use_count(), 4);  // unique, all, seen, head
  atomic<weak_ptr<int>> last = weak_ptr<int>(unique);
  require(last.load().lock() == unique);
}

TEST_P(SharedPtrTest, DoesWhatTheStandardsDoes) {
  use_every_member();
  expect_verified(use_every_member);
}

struct Node : tracked {
  var<int> value{0, "value"};
};

TEST_P(SharedPtrTest, TheLastOwnerEndsItAfterAllOthers) {
  expect_verified([] {
    shared_ptr<Node> node(new Node);
    const auto use = [](shared_ptr<Node> mine) { static_cast<void>(mine->value.load()); };
    thread one(use, node);
    thread two(use, node);
    node.reset();
    one.join();
    two.join();
  });
}

TEST_P(SharedPtrTest, TheCountsProtectNoPointee) {
  expect_defect(
      [] {
        shared_ptr<Node> node(new Node);
        const auto work = [node] { ++node->value; };
        run_threads({work, work});
      },
      DefectKind::DataRace);
}

#ifndef __SANITIZE_ADDRESS__  // which ends the process where what is freed is used
TEST_P(SharedPtrTest, APointerThatIsAssignedIsAPlainVariable) {
  expect_defect(
      [] {
        auto node = make_shared<Node>();
        run_threads({[&] { node = nullptr; }, [&] { shared_ptr<Node> copy = node; }});
      },
      DefectKind::DataRace);
}
#endif

TEST_P(SharedPtrTest, TwoFamiliesOfOwnersFreeTwice) {
  expect_defect(
      [] {
        struct Plain : tracked {};
        Plain* plain = new Plain;
        shared_ptr<Plain> first(plain);
        shared_ptr<Plain> second(plain);
      },
      DefectKind::UseAfterFree);
}

TEST_P(SharedPtrTest, LockFindsAnOwnerOrNone) {
  const tests::Body body = [] {
    auto node = make_shared<Node>();
    weak_ptr<Node> weak = node;
    run_threads({[&] { outcome("found", weak.lock() != nullptr); }, [&] { node.reset(); }});
    outcome("expired", weak.expired());
  };
  expect_verified(body);
  EXPECT_EQ(tests::outcomes_of(explored(body)),
            (tests::Texts{"expired=true found=false", "expired=true found=true"}));
}

TEST_P(SharedPtrTest, ADecisionByTheUseCountIsExplored) {
  const tests::Body body = [] {
    auto node = make_shared<Node>();
    thread other([node]() mutable { node.reset(); });
    outcome("alone", node.use_count() == 1);
    other.join();
  };
  const tests::Texts seen = tests::outcomes_of(explored(body));
  EXPECT_TRUE(seen.contains("alone=false"));
}

TEST_P(SharedPtrTest, AnAtomicPublishesWithRelease) {
  const auto publish = [](std::memory_order order) {
    return [=] {
      atomic<shared_ptr<Node>> head{nullptr, "head"};
      run_threads({[&] {
                     auto node = make_shared<Node>();
                     node->value = 1;
                     head.store(node, order);
                   },
                   [&] {
                     if (auto node = head.load(std::memory_order_acquire)) require_eq(node->value, 1);
                   }});
    };
  };
  expect_verified(publish(std::memory_order_release));
  expect_defect(publish(std::memory_order_relaxed), DefectKind::DataRace);
}

TEST_P(SharedPtrTest, AnAtomicIsReplacedWhileItIsRead) {
  const tests::Body body = [] {
    atomic<shared_ptr<Node>> head{shared_ptr<Node>(new Node), "head"};
    run_threads({[&] {
                   auto seen = head.load();
                   outcome("seen", seen->value.load());
                 },
                 [&] {
                   shared_ptr<Node> next(new Node);
                   next->value = 1;
                   head.store(next);
                 }});
  };
  expect_verified(body);
  EXPECT_EQ(tests::outcomes_of(explored(body)), (tests::Texts{"seen=0", "seen=1"}));
}

TEST_P(SharedPtrTest, AStackOfOwnersLosesNothing) {
  struct Link {
    int number;
    shared_ptr<Link> next;
  };
  expect_verified([] {
    atomic<shared_ptr<Link>> head;
    const auto push = [&](int number) {
      auto link = make_shared<Link>();
      link->number = number;
      link->next = head.load();
      while (!head.compare_exchange_weak(link->next, link)) {
      }
    };
    run_threads({[&] { push(1); }, [&] { push(2); }});
    int sum = 0;
    for (auto link = head.load(); link != nullptr; link = link->next) sum += link->number;
    require_eq(sum, 3);
  });
}

// In a process of its own: one that has had threads is none to explore in.
TEST(AtomicSharedPtrTest, IsAtomicOnRealThreads) {
  const auto body = [] {
    atomic<shared_ptr<int>> count(make_shared<int>(0));
    const auto work = [&] {
      for (int i = 0; i < 100; ++i) {
        shared_ptr<int> seen = count.load();
        while (!count.compare_exchange_weak(seen, make_shared<int>(*seen + 1))) {
        }
      }
    };
    run_threads({work, work});
    outcome("count", *count.load());
    outcome("owners", count.load().use_count());
  };
  native::Options options;
  options.form = native::Form::Whole;
  options.runs = 50;
  options.time = std::chrono::milliseconds(0);
  const native::Result seen = native::run(body, options);
  ASSERT_EQ(seen.outcomes.size(), 1u);
  EXPECT_EQ(seen.outcomes.front().values, (native::Values{{"count", "200"}, {"owners", "2"}}));
}

}  // namespace
}  // namespace heddle
