// scenarios/visibility/get_count_unlocked.cpp - a getter needs the lock as well

#include <heddle/expect.hpp>
#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <string>
#include <vector>

namespace {

class Counter {
 public:
  void increment() {
    const heddle::lock_guard hold(guard_);
    ++count_;
  }
  int get_count() { return count_.load(); }

 private:
  heddle::mutex guard_{"guard"};
  heddle::var<int> count_{0, "count"};
};

void get_count_unlocked(const heddle::Parameters& parameters) {
  const auto increments = parameters.integer("increments");
  std::vector<int> seen(static_cast<std::size_t>(parameters.integer("reads")));
  Counter counter;

  heddle::thread writer([&] {
    for (int i = 0; i < increments; ++i) counter.increment();
  });
  heddle::thread reader([&] {
    for (int& value : seen) value = counter.get_count();
  });
  writer.join();
  reader.join();

  for (std::size_t r = 0; r < seen.size(); ++r) heddle::outcome("r" + std::to_string(r + 1), seen[r]);
  for (std::size_t r = 1; r < seen.size(); ++r) heddle::require_le(seen[r - 1], seen[r]);
}

const heddle::Registered registered{{
    .name = "visibility/get_count_unlocked",
    .lesson = "a getter needs the lock as well",
    .story = "The counter locks when it increments, but its getter only returns an int, and who "
             "would lock for that? The read races with the write: nothing makes the new value "
             "visible to the reader, and the compiler may keep the old one for ever.",
    .tags = {"visibility", "race", "course"},
    .parameters = {heddle::integer("increments", 2, 1, 100, "increments by the writer"),
                   heddle::integer("reads", 2, 1, 100, "reads by the getter")},
    .expects = heddle::DefectKind::DataRace,
    .outcomes = [](const heddle::Parameters& p) -> std::vector<heddle::DeclaredOutcome> {
      if (p.integer("reads") != 2) return {};
      std::vector<heddle::DeclaredOutcome> declared;
      for (int first = 0; first <= p.integer("increments"); ++first)
        for (int second = first; second <= p.integer("increments"); ++second)
          declared.push_back({"r1=" + std::to_string(first) + " r2=" + std::to_string(second)});
      declared.push_back({"*", heddle::Grade::Forbidden, "the count goes back"});
      return declared;
    },
    .pair = "visibility/get_count_locked",
    .body = get_count_unlocked,
}};

}  // namespace
