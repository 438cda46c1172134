// checker/core/ids.hpp - small numbers for threads, objects and events.
//
// Threads and objects are numbered densely so that they index arrays. The numbers are handed out by
// lineage (see machine/lineage.hpp): the same thread or object has the same number in every execution
// of an exploration, whatever the interleaving.
#pragma once

#include <bit>
#include <cstdint>

namespace heddle::checker {

using ThreadIndex = std::uint8_t;
using ObjectIndex = std::uint32_t;
using EventIndex = std::uint32_t;

inline constexpr unsigned threads_max = 63;
inline constexpr ThreadIndex main_thread = 0;
inline constexpr ThreadIndex no_thread = 0xff;
inline constexpr ObjectIndex no_object = ~ObjectIndex{0};
inline constexpr EventIndex no_event = ~EventIndex{0};

// A set of threads as a bit mask.
class ThreadSet {
 public:
  constexpr ThreadSet() = default;
  constexpr explicit ThreadSet(std::uint64_t bits) : bits_(bits) {}
  static constexpr ThreadSet of(ThreadIndex thread) { return ThreadSet(std::uint64_t{1} << thread); }

  constexpr bool empty() const { return bits_ == 0; }
  constexpr unsigned size() const { return static_cast<unsigned>(std::popcount(bits_)); }
  constexpr bool contains(ThreadIndex thread) const {
    return thread < threads_max && (bits_ >> thread & 1) != 0;
  }
  constexpr void insert(ThreadIndex thread) { bits_ |= std::uint64_t{1} << thread; }
  constexpr void erase(ThreadIndex thread) { bits_ &= ~(std::uint64_t{1} << thread); }
  // REQUIRES: !empty().
  constexpr ThreadIndex least() const { return static_cast<ThreadIndex>(std::countr_zero(bits_)); }
  // The n-th member in ascending order. REQUIRES: n < size().
  constexpr ThreadIndex nth(unsigned n) const {
    std::uint64_t rest = bits_;
    while (n-- > 0) rest &= rest - 1;
    return static_cast<ThreadIndex>(std::countr_zero(rest));
  }
  constexpr std::uint64_t bits() const { return bits_; }

  friend constexpr ThreadSet operator|(ThreadSet a, ThreadSet b) { return ThreadSet(a.bits_ | b.bits_); }
  friend constexpr ThreadSet operator&(ThreadSet a, ThreadSet b) { return ThreadSet(a.bits_ & b.bits_); }
  friend constexpr ThreadSet operator-(ThreadSet a, ThreadSet b) { return ThreadSet(a.bits_ & ~b.bits_); }
  friend constexpr bool operator==(ThreadSet, ThreadSet) = default;

  // for (ThreadIndex t : set), in ascending order.
  class iterator {
   public:
    constexpr explicit iterator(std::uint64_t rest) : rest_(rest) {}
    constexpr ThreadIndex operator*() const { return static_cast<ThreadIndex>(std::countr_zero(rest_)); }
    constexpr iterator& operator++() {
      rest_ &= rest_ - 1;
      return *this;
    }
    friend constexpr bool operator==(iterator, iterator) = default;

   private:
    std::uint64_t rest_;
  };
  constexpr iterator begin() const { return iterator(bits_); }
  constexpr iterator end() const { return iterator(0); }

 private:
  std::uint64_t bits_ = 0;
};

}  // namespace heddle::checker
