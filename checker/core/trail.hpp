// checker/core/trail.hpp - a stack of plain values that is pushed and cut back all the time.
//
// What is kept per event of a trace lives in trails. Next to a std::vector, its size is at hand instead of
// divided out of two pointers, and cutting it back only lowers that number.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

namespace heddle::checker {

template <class T>
class Trail {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& operator[](std::uint32_t index) const { return values_[index]; }
  T& operator[](std::uint32_t index) { return values_[index]; }
  const T& back() const { return values_[size_ - 1]; }
  T& back() { return values_[size_ - 1]; }
  const T* data() const { return values_.data(); }

  T& push(T value) {
    if (size_ == capacity_) grow();
    return values_[size_++] = value;
  }
  // Forgets the values from `size` on, if there are any.
  void truncate(std::uint32_t size) {
    if (size < size_) size_ = size;
  }

 private:
  void grow() {
    capacity_ = capacity_ * 2 + 16;
    values_.resize(capacity_);
  }

  std::vector<T> values_;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};

}  // namespace heddle::checker
