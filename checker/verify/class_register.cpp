#include "checker/verify/class_register.hpp"

namespace heddle::checker {

bool ClassRegister::seen(Hash hash) {
  hash &= ~Hash{1};  // 1 means empty
  if ((hash >> 1 & mask_) != 0) return false;
  if (!insert(hash)) return true;
  if (size_ > capacity / 4 * 3) thin_out();
  return false;
}

bool ClassRegister::may_have_seen(Hash hash) const {
  hash &= ~Hash{1};
  return (hash >> 1 & mask_) != 0 || table_[slot_of(hash)] == hash;
}

// Where it is, or would be.
std::size_t ClassRegister::slot_of(Hash hash) const {
  std::size_t slot = (hash >> 40) % capacity;
  while (table_[slot] != 1 && table_[slot] != hash) slot = (slot + 1) % capacity;
  return slot;
}

bool ClassRegister::insert(Hash hash) {
  const std::size_t slot = slot_of(hash);
  if (table_[slot] == hash) return false;
  table_[slot] = hash;
  ++size_;
  return true;
}

void ClassRegister::thin_out() {
  mask_ = mask_ << 1 | 1;
  std::vector<Hash> all(capacity, 1);
  all.swap(table_);
  size_ = 0;
  for (const Hash hash : all)
    if (hash != 1 && (hash >> 1 & mask_) == 0) insert(hash);
}

}  // namespace heddle::checker
