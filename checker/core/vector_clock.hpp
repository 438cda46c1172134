// checker/core/vector_clock.hpp - vector clocks of all events of a trace in one flat array.
//
// Entry t of the clock of event e is the number of the last event of thread t that is before or equal
// to e. Clocks are 16 bits per thread: an execution is limited to 60,000 steps. A row is 16 threads wide
// until a thread with a higher index appears.
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
    const std::size_t needed = std::size_t{rows} * width_;
    if (needed > values_.size()) values_.resize(needed * 2);
  }

  // Whole lanes of constant length, so that each is a few vector instructions.
  void clear(ClockValue* row) const {
    for (unsigned block = 0; block < width_; block += lane)
      std::memset(row + block, 0, lane * sizeof(ClockValue));
  }
  void copy(ClockValue* row, const ClockValue* from) const {
    for (unsigned block = 0; block < width_; block += lane)
      std::memcpy(row + block, from + block, lane * sizeof(ClockValue));
  }
  void join(ClockValue* row, const ClockValue* from) const {
    for (unsigned block = 0; block < width_; block += lane) {
      ClockValue joined[lane];
      for (unsigned i = 0; i < lane; ++i) joined[i] = std::max(row[block + i], from[block + i]);
      std::memcpy(row + block, joined, sizeof joined);
    }
  }

 private:
  static constexpr unsigned lane = 16;

  void widen(ThreadIndex thread) {
    const unsigned wider = (thread / lane + 1) * lane;
    const std::size_t rows = values_.size() / width_;
    std::vector<ClockValue> values(rows * wider);
    for (std::size_t row = 0; row < rows; ++row)
      std::copy_n(values_.data() + row * width_, width_, values.data() + row * wider);
    values_ = std::move(values);
    width_ = wider;
  }

  std::vector<ClockValue> values_;
  unsigned width_ = lane;
};

}  // namespace heddle::checker
