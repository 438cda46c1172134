// scenarios/litmus/message_passing.cpp - one thread writes a message and raises a flag

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

void message_passing(const heddle::Parameters& parameters) {
  const Orders order = orders_of(parameters.word("order"));
  heddle::atomic<int> message{0, "message"};
  heddle::atomic<int> flag{0, "flag"};
  int r1 = 0;
  int r2 = 0;

  heddle::thread first([&] {
    message.store(1, order.store);
    flag.store(1, order.store);
  });
  heddle::thread second([&] {
    r1 = flag.load(order.load);
    r2 = message.load(order.load);
  });
  first.join();
  second.join();

  heddle::outcome("r1", r1);
  heddle::outcome("r2", r2);
}

std::vector<heddle::DeclaredOutcome> outcomes(const heddle::Parameters& parameters) {
  using heddle::Grade;
  const bool weak = parameters.word("order") == "relaxed";
  return {{"r1=0 r2=0", Grade::Expected, "T2 comes first"},
          {"r1=0 r2=1", Grade::Expected, "the flag is late, the message is there"},
          {"r1=1 r2=0", weak ? Grade::Interesting : Grade::Forbidden,
           weak ? "the flag overtakes the message" : "whoever acquires the flag sees the message"},
          {"r1=1 r2=1", Grade::Expected, "T1 comes first"}};
}

const heddle::Registered registered{{
    .name = "litmus/message_passing",
    .lesson = "one thread writes a message and raises a flag",
    .story =
        "The reader that sees the flag raised counts on the message. With relaxed orders hardware may let one "
        "store, or one load, overtake the other, as ARM and POWER do and x86 does not; compilers may everywhere. "
        "A release of the flag that is acquired takes the message along.",
    .tags = {"litmus"},
    .parameters = {heddle::word("order", "relaxed", {"relaxed", "acquire_release", "seq_cst"},
                                "of the stores and loads")},
    .expects = std::nullopt,
    .outcomes = outcomes,
    .pair = "litmus/store_buffering",
    .body = message_passing,
}};

}  // namespace
