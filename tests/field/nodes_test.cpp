// tests/field/nodes_test.cpp - locks, lists and counts whose nodes are on stacks and heaps

#include "tests/field/node.hpp"
#include "tests/field/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace heddle {
namespace {

using tests::delete_all;
using tests::each_class;
using tests::expect_among_defects;
using tests::expect_defect;
using tests::expect_outcomes;
using tests::expect_verified;
using tests::Node;
using tests::together;

// J. M. Mellor-Crummey and M. L. Scott (TOCS'91): a queue of nodes on the stacks of those who wait.
class McsLock {
 public:
  struct Waiter {
    atomic<Waiter*> next{nullptr, "next"};
    atomic<bool> waits{true, "waits"};
  };
  void lock(Waiter& mine) {
    Waiter* const before = tail_.exchange(&mine, memory_order_acq_rel);
    if (before == nullptr) return;
    before->next.store(&mine, memory_order_release);
    while (mine.waits.load(memory_order_acquire)) {
    }
  }
  void unlock(Waiter& mine, memory_order hand_over = memory_order_release, bool waits_for_next = true) {
    Waiter* next = mine.next.load(memory_order_acquire);
    if (next == nullptr) {
      Waiter* last = &mine;
      if (tail_.compare_exchange_strong(last, nullptr, hand_over, memory_order_relaxed)) return;
      if (!waits_for_next) return;
      while ((next = mine.next.load(memory_order_acquire)) == nullptr) {
      }
    }
    next->waits.store(false, hand_over);
  }

 private:
  atomic<Waiter*> tail_{nullptr, "tail"};
};

TEST(McsLockTest, ExcludesWithNodesOnTheStacksOfTheThreads) {
  expect_verified([] {
    McsLock lock;
    var<int> count{0, "count"};
    const auto work = [&] {
      McsLock::Waiter mine;
      lock.lock(mine);
      ++count;
      lock.unlock(mine);
    };
    together(work, work);
    require_eq(count, 2);
  });
}

TEST(McsLockTest, MayBeTakenAgainWithTheSameNode) {
  expect_verified(
      [] {
        McsLock lock;
        int count = 0;
        const auto work = [&](int times) {
          for (int i = 0; i < times; ++i) {
            McsLock::Waiter mine;
            lock.lock(mine);
            ++count;
            lock.unlock(mine);
          }
        };
        together([&] { work(2); }, [&] { work(1); });
        require_eq(count, 3);
      },
      each_class);
}

TEST(McsLockTest, RacesWhenItHandsOverRelaxed) {
  expect_among_defects(
      DefectKind::DataRace,
      [] {
        McsLock lock;
        var<int> count{0, "count"};
        const auto work = [&] {
          McsLock::Waiter mine;
          lock.lock(mine);
          ++count;
          lock.unlock(mine, memory_order_relaxed);
        };
        together(work, work);
      },
      each_class);
}

TEST(McsLockTest, LeavesTheForgottenOneWaitingForEver) {
  expect_defect(DefectKind::Livelock, [] {
    McsLock lock;
    McsLock::Waiter nodes[2];  // outlive the threads
    const auto work = [&](McsLock::Waiter& mine) {
      lock.lock(mine);
      lock.unlock(mine, memory_order_release, false);
    };
    together([&] { work(nodes[0]); }, [&] { work(nodes[1]); });
  });
}

// T. Craig (1993), A. Landin and E. Hagersten (1994): each waits for the node before its own, and frees it.
class ClhLock {
  struct Place {
    atomic<bool> held{true, "held"};
  };

 public:
  ClhLock() : tail_(new Place, "tail") { tail_.load()->held.store(false); }
  ~ClhLock() { delete tail_.load(); }
  void* lock(memory_order enter = memory_order_acq_rel) {
    auto* const mine = new Place;
    Place* const before = tail_.exchange(mine, enter);
    while (before->held.load(memory_order_acquire)) {
    }
    delete before;
    return mine;
  }
  static void unlock(void* place) { static_cast<Place*>(place)->held.store(false, memory_order_release); }

 private:
  atomic<Place*> tail_;
};

TEST(ClhLockTest, ExcludesAndFreesEveryNode) {
  expect_verified([] {
    ClhLock lock;
    var<int> count{0, "count"};
    const auto work = [&] {
      void* const place = lock.lock();
      ++count;
      ClhLock::unlock(place);
    };
    together(work, work);
    require_eq(count, 2);
  });
}

struct Link {
  explicit Link(int v) : value(v, "value") {}
  var<int> value;
  Link* next = nullptr;
};

class IntrusiveList {
 public:
  void insert(Link& link) {
    const lock_guard hold(guard_);
    link.next = std::exchange(first_, &link);
  }
  void remove(Link& link) {
    const lock_guard hold(guard_);
    for (Link** at = &first_; *at != nullptr; at = &(*at)->next)
      if (*at == &link) {
        *at = link.next;
        return;
      }
  }
  int sum() {
    const lock_guard hold(guard_);
    int total = 0;
    for (const Link* link = first_; link != nullptr; link = link->next) total += link->value.load();
    return total;
  }

 private:
  mutex guard_{"guard"};
  Link* first_ = nullptr;
};

TEST(IntrusiveListTest, HoldsNodesOfTheStacksOfItsThreads) {
  expect_outcomes(
      {"sum=0", "sum=1", "sum=2", "sum=3"},
      [] {
        IntrusiveList list;
        int sum = 0;
        const auto stay = [&](int value) {
          Link mine(value);
          list.insert(mine);
          list.remove(mine);
        };
        thread a([&] { stay(1); });
        thread b([&] { stay(2); });
        sum = list.sum();
        a.join();
        b.join();
        outcome("sum", sum);
      },
      each_class);
}

// M. M. Michael (TPDS'04): who takes a node frees it only if nobody has announced to use it.
class HazardStack {
 public:
  explicit HazardStack(memory_order announce, bool looks_again)
      : announce_(announce), looks_again_(looks_again) {
    head_.store(new Node(1, new Node(2)));
  }
  ~HazardStack() {
    delete_all(head_.load());
    for (Node* const node : kept_) delete node;
  }
  void pop(int who) {
    Node* top = nullptr;
    Node* next = nullptr;
    do {
      top = protect(who);
      if (top == nullptr) return;
      next = top->next.load();
    } while (!head_.compare_exchange_strong(top, next));
    hazards_[who].store(nullptr, memory_order_release);
    if (hazards_[1 - who].load() == top) kept_[who] = top;
    else delete top;
  }

 private:
  Node* protect(int who) {
    for (;;) {
      Node* const top = head_.load();
      hazards_[who].store(top, announce_);
      if (!looks_again_ || head_.load() == top) return top;
    }
  }

  memory_order announce_;
  bool looks_again_;
  atomic<Node*> head_{nullptr, "head"};
  atomic<Node*> hazards_[2];
  Node* kept_[2] = {};
};

tests::Body two_pops(memory_order announce, bool looks_again) {
  return [=] {
    HazardStack stack(announce, looks_again);
    together([&] { stack.pop(0); }, [&] { stack.pop(1); });
  };
}

TEST(HazardPointerTest, ProtectsWhatIsAnnouncedAndLookedAtAgain) {
  expect_verified(two_pops(memory_order_seq_cst, true), each_class);
}

struct Counted {
  atomic<int> references{2, "references"};
  var<int> payload{0, "payload"};
};

template <class Drop>
tests::Body two_owners(Drop drop) {
  return [=] {
    auto* const object = new Counted;
    const auto work = [=] {
      (void)object->payload.load();
      if (drop(object->references)) delete object;
    };
    together(work, work);
  };
}

TEST(ReferenceCountTest, FreesAfterAllUsesWithAcquireAndRelease) {
  expect_verified(two_owners([](auto& count) { return count.fetch_sub(1, memory_order_acq_rel) == 1; }));
}

TEST(ReferenceCountTest, FreesAfterAllUsesWithAFenceBeforeTheDelete) {
  expect_verified(two_owners([](auto& count) {
    if (count.fetch_sub(1, memory_order_release) != 1) return false;
    heddle::atomic_thread_fence(memory_order_acquire);
    return true;
  }));
}

struct Message {
  explicit Message(int v) : value(v, "value") {}
  var<int> value;
};

tests::Body mailbox(memory_order give, memory_order take) {
  return [=] {
    atomic<Message*> slot{nullptr, "slot"};
    thread sender([&] { slot.store(new Message(7), give); });
    Message* message = nullptr;
    while ((message = slot.exchange(nullptr, take)) == nullptr) yield();
    require_eq(message->value, 7);
    delete message;
    sender.join();
  };
}

TEST(MailboxTest, HandsOverAMessageThatTheReceiverFrees) {
  expect_verified(mailbox(memory_order_release, memory_order_acquire), each_class);
}

// A reader that has the old version may go on with it: the writer frees it when the reader has been joined.
TEST(ReadCopyUpdateTest, AReaderSeesOneVersionOrTheOther) {
  struct Config {
    int low;
    int high;
  };
  expect_outcomes({"config=12", "config=34"}, [] {
    atomic<const Config*> current{new Config{1, 2}, "current"};
    thread reader([&] {
      const Config* const config = current.load(memory_order_acquire);
      outcome("config", config->low * 10 + config->high);
    });
    const Config* const old = current.exchange(new Config{3, 4}, memory_order_acq_rel);
    reader.join();
    delete old;
    delete current.load();
  });
}

TEST(DoubleCheckedLockingTest, IsRightWithAcquireAndRelease) {
  struct Singleton {
    var<int> config{1, "config"};
  };
  expect_verified([] {
    atomic<Singleton*> instance{nullptr, "instance"};
    mutex guard{"guard"};
    const auto get = [&] {
      Singleton* single = instance.load(memory_order_acquire);
      if (single == nullptr) {
        const lock_guard hold(guard);
        single = instance.load(memory_order_relaxed);
        if (single == nullptr) {
          single = new Singleton;
          instance.store(single, memory_order_release);
        }
      }
      require_eq(single->config, 1);
    };
    together(get, get);
    delete instance.load();
  });
}

}  // namespace
}  // namespace heddle
