// Two threads each raise a flag and then look for the other one, and all four accesses are seq_cst. There is
// one order of all seq_cst steps, which keeps that of each thread: the thread that comes last in it sees the
// flag of the other. On x86 the store becomes an exchange, which empties the store buffer before the load.
// All four have to be seq_cst: with one that is not, both may look in vain again.

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <vector>

namespace {

using heddle::memory_order_seq_cst;

void store_buffering_seq_cst(const heddle::Parameters&) {
  heddle::atomic<int> flag1{0, "flag1"};
  heddle::atomic<int> flag2{0, "flag2"};
  int r1 = 0;
  int r2 = 0;

  heddle::thread first([&] {
    flag1.store(1, memory_order_seq_cst);
    r1 = flag2.load(memory_order_seq_cst);
  });
  heddle::thread second([&] {
    flag2.store(1, memory_order_seq_cst);
    r2 = flag1.load(memory_order_seq_cst);
  });
  first.join();
  second.join();

  heddle::outcome("r1", r1);
  heddle::outcome("r2", r2);
  heddle::require(r1 == 1 || r2 == 1);
}

std::vector<heddle::DeclaredOutcome> outcomes(const heddle::Parameters&) {
  using heddle::Grade;
  return {{"r1=0 r2=0", Grade::Forbidden, "neither sees the other"},
          {"r1=0 r2=1", Grade::Expected, "T1 looks before T2 raises its flag"},
          {"r1=1 r2=0", Grade::Expected, "T2 looks before T1 raises its flag"},
          {"r1=1 r2=1", Grade::Expected, "each sees the other"}};
}

const heddle::Registered registered{{
    .name = "visibility/store_buffering_seq_cst",
    .lesson = "of seq_cst steps there is one order, and who comes last in it sees the others",
    .story = "Each thread raises its flag and looks for that of the other. All are seq_cst, so the one that "
             "looks last sees what the other has raised.",
    .tags = {"visibility"},
    .expects = {},
    .outcomes = outcomes,
    .pair = "visibility/store_buffering",
    .body = store_buffering_seq_cst,
}};

}  // namespace
