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

void OutcomeLog::set(const Value& value) {
  const auto same = std::find_if(entries_.begin(), entries_.end(),
                                 [&](const Value& entry) { return entry.name == value.name; });
  if (same == entries_.end()) return entries_.push_back(value);
  if (same->by.thread != value.by.thread) replaced_.push_back(*same);
  *same = value;
}

// What another value was recorded after, by the order of causes, cannot have been the last.
std::optional<OutcomeLog::Contest> OutcomeLog::contest(const Causality& causality) const {
  const auto before = [&](const Value& earlier, const Value& later) {
    if (earlier.by.thread == later.by.thread || earlier.by.event == no_event) return true;
    return later.by.event != no_event && causality.before(earlier.by.event, later.by.event);
  };
  for (auto value = replaced_.begin(); value != replaced_.end(); ++value) {
    const auto last = std::find_if(entries_.begin(), entries_.end(),
                                   [&](const Value& entry) { return entry.name == value->name; });
    if (same_value(*value, *last) || before(*value, *last)) continue;
    const bool superseded = std::any_of(value + 1, replaced_.end(), [&](const Value& later) {
      return later.name == value->name && before(*value, later);
    });
    if (!superseded) return Contest{names_[value->name], value->by.thread, last->by.thread};
  }
  return std::nullopt;
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
