#include "checker/core/outcome_log.hpp"

#include "checker/core/format.hpp"

#include <algorithm>

namespace heddle::checker {

std::size_t OutcomeLog::interned(std::vector<std::string>& known, std::string_view text) {
  const auto found = std::find(known.begin(), known.end(), text);
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  known.emplace_back(text);
  return known.size() - 1;
}

void OutcomeLog::set(std::string_view name, detail::Word word, detail::WordFormat format, bool is_text) {
  const Value value{interned(names_, name), word, format, is_text};
  const auto same = std::find_if(entries_.begin(), entries_.end(),
                                 [&](const Value& entry) { return entry.name == value.name; });
  if (same != entries_.end()) *same = value;
  else entries_.push_back(value);
}

Hash OutcomeLog::hash() const {
  Hash sum = entries_.size();
  for (const Value& value : entries_)
    sum += mixed(mixed(value.word + value.name * 0x9e3779b97f4a7c15u) + static_cast<Hash>(value.format) +
                 (value.is_text ? 16 : 0));
  return mixed(sum);
}

std::vector<std::pair<std::string, std::string>> OutcomeLog::values() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const Value& value : entries_)
    all.emplace_back(names_[value.name],
                     value.is_text ? texts_[value.word] : to_text(value.word, value.format));
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace heddle::checker
