// checker/core/vector_clock.hpp - vector clocks of all events of a trace in one flat array.
//
// Entry t of the clock of event e is the number of the last event of thread t that is before or equal
// to e. Clocks are 16 bits per thread: an execution is limited to 60,000 steps. A row is one lane of 8
// threads wide, which is one vector register, until a thread with a higher index appears.
#pragma once

#include "checker/core/ids.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace heddle::checker {

using ClockValue = std::uint16_t;

class ClockTable {
 public:
  unsigned width() const { return width_; }
  const ClockValue* operator[](EventIndex row) const { return values_.data() + std::size_t{row} * width_; }
  ClockValue* operator[](EventIndex row) { return values_.data() + std::size_t{row} * width_; }

  // Makes room for rows 0..rows-1 and threads 0..thread. Keeps what is there.
  void reserve(EventIndex rows, ThreadIndex thread) {
    if (thread >= width_) widen(thread);
    if (rows > rows_) lengthen(rows);
  }

  void clear(ClockValue* row) const {
    each_lane([&](unsigned first) { std::memset(row + first, 0, lane * sizeof(ClockValue)); });
  }
  void copy(ClockValue* row, const ClockValue* from) const {
    each_lane([&](unsigned first) { std::memcpy(row + first, from + first, lane * sizeof(ClockValue)); });
  }
  void join(ClockValue* row, const ClockValue* from) const {
    each_lane([&](unsigned first) {
      ClockValue joined[lane];
      for (unsigned i = 0; i < lane; ++i) joined[i] = std::max(row[first + i], from[first + i]);
      std::memcpy(row + first, joined, sizeof joined);
    });
  }

 private:
  static constexpr unsigned lane = 8;

  // Nearly always there is but one.
  template <class Action>
  void each_lane(Action action) const {
    unsigned first = 0;
    do action(first);
    while ((first += lane) < width_);
  }

  void lengthen(EventIndex rows) {
    rows_ = rows * 2;
    values_.resize(std::size_t{rows_} * width_);
  }

  void widen(ThreadIndex thread) {
    const unsigned wider = (thread / lane + 1) * lane;
    std::vector<ClockValue> values(std::size_t{rows_} * wider);
    for (std::size_t row = 0; row < rows_; ++row)
      std::copy_n(values_.data() + row * width_, width_, values.data() + row * wider);
    values_ = std::move(values);
    width_ = wider;
  }

  std::vector<ClockValue> values_;
  EventIndex rows_ = 0;
  unsigned width_ = lane;
};

}  // namespace heddle::checker
