// scenarios/litmus/store_buffering.cpp - each thread announces itself and looks for the other

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <string>
#include <vector>

namespace {

struct Orders {
  std::memory_order store;
  std::memory_order load;
};

Orders orders_of(const std::string& word) {
  if (word == "relaxed") return {heddle::memory_order_relaxed, heddle::memory_order_relaxed};
  if (word == "acquire_release") return {heddle::memory_order_release, heddle::memory_order_acquire};
  return {heddle::memory_order_seq_cst, heddle::memory_order_seq_cst};
}

void store_buffering(const heddle::Parameters& parameters) {
  const Orders order = orders_of(parameters.word("order"));
  heddle::atomic<int> x{0, "x"};
  heddle::atomic<int> y{0, "y"};
  int r1 = 0;
  int r2 = 0;

  heddle::thread first([&] {
    x.store(1, order.store);
    r1 = y.load(order.load);
  });
  heddle::thread second([&] {
    y.store(1, order.store);
    r2 = x.load(order.load);
  });
  first.join();
  second.join();

  heddle::outcome("r1", r1);
  heddle::outcome("r2", r2);
}

std::vector<heddle::DeclaredOutcome> outcomes(const heddle::Parameters& parameters) {
  using heddle::Grade;
  const bool strong = parameters.word("order") == "seq_cst";
  return {{"r1=0 r2=0", strong ? Grade::Forbidden : Grade::Interesting,
           strong ? "one of the stores is the first of all four" : "both stores still wait in their buffers"},
          {"r1=0 r2=1", Grade::Expected, "T1 comes first"},
          {"r1=1 r2=0", Grade::Expected, "T2 comes first"},
          {"r1=1 r2=1", Grade::Expected, "each sees the other"}};
}

const heddle::Registered registered{{
    .name = "litmus/store_buffering",
    .lesson = "each thread announces itself and looks for the other",
    .story =
        "The core of Dekker's and Peterson's algorithms. Put into one order, whatever it is, the thread whose "
        "load comes last sees the other's store. But a processor lets a load overtake its own store, which "
        "waits in a buffer: then both read 0. Only seq_cst keeps it from that.",
    .tags = {"litmus"},
    .parameters = {heddle::word("order", "relaxed", {"relaxed", "acquire_release", "seq_cst"},
                                "of the stores and loads")},
    .expects = std::nullopt,
    .outcomes = outcomes,
    .pair = "litmus/message_passing",
    .body = store_buffering,
}};

}  // namespace
