#include "checker/native/histogram.hpp"

#include <algorithm>
#include <tuple>

namespace heddle::checker::native {

namespace {

// Names and values, each ended by a zero.
std::string packed(const Values& values) {
  std::string text;
  for (const auto& [name, value] : values) text += name + '\0' + value + '\0';
  return text;
}

Values unpacked(std::string_view text) {
  const auto next = [&] {
    const std::size_t end = text.find('\0');
    std::string part(text.substr(0, end));
    text.remove_prefix(end + 1);
    return part;
  };
  Values values;
  while (!text.empty()) {
    std::string name = next();
    values.emplace_back(std::move(name), next());
  }
  return values;
}

}  // namespace

template <class Text>
void Histogram::add(Hash hash, bool failure, const Ended& ended, Text text) {
  const auto [place, fresh] = known_.try_emplace(hash, nullptr);
  if (fresh) place->second = board_.append(hash, failure, text());
  Board::Counter* const counter = place->second;
  if (counter == nullptr) return;
  ++counter->runs;
  if (ended.failure) ++counter->failed;
  if (counter->first == 0) counter->first = ended.run;
}

void Histogram::count(const Ended& ended) {
  Board::Shared& shared = board_.shared();
  if (ended.discarded) {
    shared.discarded.fetch_add(1, std::memory_order_relaxed);
  } else {
    if (!ended.record.empty())
      add(ended.record.hash(), false, ended, [&] { return packed(ended.record.values()); });
    if (ended.failure) {
      shared.failed.fetch_add(1, std::memory_order_relaxed);
      add(with_text(~Hash{0}, *ended.failure), true, ended, [&] { return *ended.failure; });
    }
  }
  shared.runs.fetch_add(1, std::memory_order_relaxed);
  shared.progress.fetch_add(1, std::memory_order_relaxed);
}

std::vector<heddle::native::Outcome> outcomes_on(const Board& board) {
  std::vector<heddle::native::Outcome> outcomes;
  for (std::size_t i = 0; i < board.shared().counters; ++i) {
    const Board::Counter& counter = board.counter(i);
    if (!counter.failure) outcomes.push_back({unpacked(board.text(counter)), counter.runs, counter.failed});
  }
  std::sort(outcomes.begin(), outcomes.end(),
            [](const auto& a, const auto& b) { return a.values < b.values; });
  return outcomes;
}

std::vector<heddle::native::Failure> failures_on(const Board& board) {
  std::vector<heddle::native::Failure> failures;
  for (std::size_t i = 0; i < board.shared().counters; ++i) {
    const Board::Counter& counter = board.counter(i);
    if (counter.failure) failures.push_back({std::string(board.text(counter)), counter.runs, counter.first});
  }
  std::sort(failures.begin(), failures.end(), [](const auto& a, const auto& b) {
    return std::tie(b.runs, a.message) < std::tie(a.runs, b.message);
  });
  return failures;
}

}  // namespace heddle::checker::native
