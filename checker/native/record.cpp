#include "checker/native/record.hpp"

#include "checker/core/format.hpp"

#include <algorithm>

namespace heddle::checker::native {

Record::Entry& Record::entry(std::string_view name) {
  for (std::size_t i = 0; i < used_; ++i)
    if (entries_[i].name == name) return entries_[i];
  if (used_ == entries_.size()) entries_.emplace_back();
  Entry& fresh = entries_[used_++];
  fresh.name = name;
  return fresh;
}

void Record::set(std::string_view name, detail::Word word, detail::WordFormat format) {
  const std::lock_guard hold(guard_);
  Entry& target = entry(name);
  target.word = word;
  target.format = format;
  target.is_text = false;
}

void Record::set(std::string_view name, std::string_view text) {
  const std::lock_guard hold(guard_);
  Entry& target = entry(name);
  target.text = text;
  target.is_text = true;
}

Hash Record::hash() const {
  Hash sum = used_;
  for (std::size_t i = 0; i < used_; ++i) {
    const Entry& each = entries_[i];
    const Hash name = with_text(0, each.name);
    sum += each.is_text ? with_text(name + 1, each.text)
                        : mixed(name + mixed(each.word + 2 + static_cast<Hash>(each.format)));
  }
  return sum;
}

heddle::native::Values Record::values() const {
  heddle::native::Values all;
  for (std::size_t i = 0; i < used_; ++i) {
    const Entry& each = entries_[i];
    all.emplace_back(each.name, each.is_text ? each.text : to_text(each.word, each.format));
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace heddle::checker::native
