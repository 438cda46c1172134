// checker/native/histogram.hpp - counts what runs came to: outcomes, and failures by their message.
#pragma once

#include "checker/native/board.hpp"
#include "checker/native/record.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace heddle::checker::native {

// What one run came to. REQUIRES: its threads have ended.
struct Ended {
  std::uint64_t run;
  const Record& record;
  const std::optional<std::string>& failure;
  bool discarded;
};

// Counts on the board, on one thread of the running process.
class Histogram {
 public:
  explicit Histogram(Board& board) : board_(board) {}
  void count(const Ended& ended);

 private:
  template <class Text>
  void add(Hash hash, bool failure, const Ended& ended, Text text);

  Board& board_;
  std::unordered_map<Hash, Board::Counter*> known_;
};

// The counters as the watching process reports them.
std::vector<heddle::native::Outcome> outcomes_on(const Board& board);
std::vector<heddle::native::Failure> failures_on(const Board& board);

}  // namespace heddle::checker::native
