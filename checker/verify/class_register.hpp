// checker/verify/class_register.hpp - remembers which equivalence classes have been seen.
//
// A fixed table, so that memory does not grow with the number of executions. Once it is three quarters
// full it keeps only classes whose hash ends in one more zero bit, so that it goes on sampling; the count
// of repetitions is then a lower bound.
#pragma once

#include "checker/core/hash.hpp"

#include <cstdint>
#include <vector>

namespace heddle::checker {

class ClassRegister {
 public:
  // Returns whether this class is known to have been seen before.
  bool seen(Hash hash);
  // Whether it is one that has been seen, or may have been.
  bool may_have_seen(Hash hash) const;
  bool sampled() const { return mask_ != 0; }

 private:
  static constexpr std::size_t capacity = std::size_t{1} << 16;
  void thin_out();
  bool insert(Hash hash);
  std::size_t slot_of(Hash hash) const;

  std::vector<Hash> table_ = std::vector<Hash>(capacity, 1);  // 1: empty; writing it makes the pages resident
  std::size_t size_ = 0;
  Hash mask_ = 0;  // only hashes without these bits are kept
};

}  // namespace heddle::checker
