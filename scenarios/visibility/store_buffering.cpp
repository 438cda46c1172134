// Two threads each raise a flag and then look for the other one. In whatever order the four steps come, the
// thread that looks last should see the flag of the other. Release and acquire do not give that: a release
// keeps earlier steps before the store, an acquire keeps later steps after the load, and the load may still
// overtake the store, which waits in a buffer. Both look, and neither sees anything. It is the one reordering
// of x86, and it breaks every lock that is made of such flags (peterson_release_acquire).

#include <heddle/atomic.hpp>
#include <heddle/expect.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>

#include <vector>

namespace {

using heddle::memory_order_acquire;
using heddle::memory_order_release;

void store_buffering(const heddle::Parameters&) {
  heddle::atomic<int> flag1{0, "flag1"};
  heddle::atomic<int> flag2{0, "flag2"};
  int r1 = 0;
  int r2 = 0;

  heddle::thread first([&] {
    flag1.store(1, memory_order_release);
    r1 = flag2.load(memory_order_acquire);
  });
  heddle::thread second([&] {
    flag2.store(1, memory_order_release);
    r2 = flag1.load(memory_order_acquire);
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
    .name = "visibility/store_buffering",
    .lesson = "release and acquire do not keep a load behind an earlier store",
    .story =
        "Each thread raises its flag and looks for that of the other. Both loads may come to memory before "
        "both stores: then each thread believes to be alone.",
    .tags = {"visibility"},
    .expects = {},
    .expects_under = {{heddle::MemoryModel::Tso, heddle::DefectKind::StaleRead},
                      {heddle::MemoryModel::Rc11, heddle::DefectKind::StaleRead}},
    .outcomes = outcomes,
    .pair = "visibility/store_buffering_seq_cst",
    .body = store_buffering,
}};

}  // namespace
