// Hazard pointers announced with release. The thread then looks whether the head is still there; but a
// release store may wait in the buffer of the processor while a later load goes ahead. So the head is found
// unchanged, another thread takes the node out, sees no announcement, and deletes what the first is going to
// follow. The announcement and the second look have to be seq_cst, like the exchange and the scan on the
// other side: that is the store buffering of litmus/sb.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace {

struct Node {
  explicit Node(int v) : value(v, "value") {}
  heddle::var<int> value;
  heddle::var<Node*> next{nullptr, "next"};
};

// What each thread is looking at, and the nodes that it has taken out and not deleted yet.
class HazardPointers {
 public:
  ~HazardPointers() {
    for (const auto& nodes : retired_)
      for (Node* const node : nodes) delete node;
  }
  // What `source` points to, which is not to be deleted before the thread protects something else or clears.
  Node* protect(std::size_t thread, const heddle::atomic<Node*>& source) {
    Node* seen = source.load();
    for (;;) {
      hazards_[thread].store(seen, std::memory_order_release);
      Node* const again = source.load();
      if (again == seen) return seen;
      seen = again;
    }
  }
  void clear(std::size_t thread) { hazards_[thread].store(nullptr, std::memory_order_release); }
  void retire(std::size_t thread, Node* node) {
    std::vector<Node*>& nodes = retired_[thread];
    nodes.push_back(node);
    const auto unused =
        std::partition(nodes.begin(), nodes.end(), [&](Node* each) { return is_hazard(each); });
    std::for_each(unused, nodes.end(), [](Node* each) { delete each; });
    nodes.erase(unused, nodes.end());
  }

 private:
  bool is_hazard(const Node* node) const {
    return std::any_of(hazards_.begin(), hazards_.end(),
                       [&](const heddle::atomic<Node*>& hazard) { return hazard.load() == node; });
  }

  std::array<heddle::atomic<Node*>, 2> hazards_{heddle::atomic<Node*>{nullptr, "hazard0"},
                                                heddle::atomic<Node*>{nullptr, "hazard1"}};
  std::array<std::vector<Node*>, 2> retired_;
};

class Stack {
 public:
  ~Stack() {
    while (pop(0) != 0) {
    }
  }
  void push(int value) {
    auto* const node = new Node(value);
    Node* head = head_.load();
    do node->next = head;
    while (!head_.compare_exchange_strong(head, node));
  }
  // 0 when there is nothing.
  int pop(std::size_t thread) {
    Node* head = nullptr;
    do {
      head = hazard_pointers_.protect(thread, head_);
      if (head == nullptr) return 0;
    } while (!head_.compare_exchange_strong(head, head->next.load()));
    hazard_pointers_.clear(thread);
    const int value = head->value.load();
    hazard_pointers_.retire(thread, head);
    return value;
  }

 private:
  HazardPointers hazard_pointers_;
  heddle::atomic<Node*> head_{nullptr, "head"};
};

void treiber_stack_hazard_pointers_release(const heddle::Parameters& parameters) {
  const auto pops = static_cast<int>(parameters.integer("pops"));
  Stack stack;
  for (int value = 2 * pops; value > 0; --value) stack.push(value);

  int sums[2] = {};
  const auto work = [&](std::size_t thread) {
    for (int i = 0; i < pops; ++i) sums[thread] += stack.pop(thread);
  };
  heddle::thread first(work, 0);
  heddle::thread second(work, 1);
  first.join();
  second.join();
  heddle::require_eq(sums[0] + sums[1], pops * (2 * pops + 1));
}

const heddle::Registered registered{{
    .name = "structures/treiber_stack_hazard_pointers_release",
    .lesson = "what is announced has to be seen before one looks again",
    .story =
        "The hazard is stored with release, which may stay behind the second look at the head: the other thread "
        "deletes the node and has not seen the announcement. Under sequential consistency it is right.",
    .tags = {"lock-free"},
    .parameters = {heddle::integer("pops", 1, 1, 3, "how many values each of two threads pops")},
    .expects = {},
    .expects_under = {{heddle::MemoryModel::Tso, heddle::DefectKind::UseAfterFree},
                      {heddle::MemoryModel::Rc11, heddle::DefectKind::UseAfterFree}},
    .pair = "structures/treiber_stack_hazard_pointers",
    .body = treiber_stack_hazard_pointers_release,
}};

}  // namespace
