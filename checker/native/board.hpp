// checker/native/board.hpp - what the running process tells the watching one: memory that both share.
//
// The running process writes, the watching one reads, at any time and after any end of the first. So there
// are no pointers to what only one of them has; string literals have the same address in both, as one is the
// fork of the other.
#pragma once

#include "checker/core/hash.hpp"
#include "checker/core/ids.hpp"

#include <heddle/location.hpp>
#include <heddle/native.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace heddle::checker::native {

using heddle::native::Values;

inline constexpr std::size_t threads_most = threads_max;  // of one run, main included

// What one thread of the running scenario does.
struct alignas(64) Slot {
  enum class State : std::uint8_t { Unused, Running, Waiting };
  std::atomic<State> state{State::Unused};
  std::atomic<std::uint64_t> run{0};
  std::array<char, 24> thread{};  // name
  const char* what;               // it waits for
  std::array<char, 40> object{};  // its name; empty when it has none
  location where;

  void name(std::string_view text);
};

class Board {
 public:
  // Throws std::system_error.
  Board();
  ~Board();
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  struct Counter {
    Hash hash;
    std::uint64_t runs;
    std::uint64_t failed;
    std::uint64_t first;  // run
    std::uint32_t text;   // offset
    std::uint32_t size;
    bool failure;  // or else an outcome
  };
  static constexpr std::size_t counters_most = 1 << 16;
  static constexpr std::size_t text_most = 1 << 24;

  struct Shared {
    std::atomic<bool> stop;               // by the watching process: end soon
    std::atomic<std::uint64_t> progress;  // changes as runs end
    std::atomic<std::uint64_t> runs;
    std::atomic<std::uint64_t> discarded;
    std::atomic<std::uint64_t> failed;
    std::atomic<std::uint64_t> running;  // nanoseconds in runs, of the whole form
    std::atomic<bool> weak_orders;
    std::array<char, 300> unsuited;  // why the stress form does not suit
    std::atomic<bool> refused;       // it was begun, and did not suit
    std::atomic<bool> finished;
    std::atomic<int> crashed;  // slot of the thread that got a fatal signal; -1: none
    std::array<Slot, threads_most> slots;
    std::atomic<std::uint32_t> counters;
    std::atomic<std::uint32_t> text_used;
  };

  Shared& shared() { return *shared_; }
  const Shared& shared() const { return *shared_; }
  Counter& counter(std::size_t index) { return counters_[index]; }
  const Counter& counter(std::size_t index) const { return counters_[index]; }
  std::string_view text(const Counter& counter) const { return {text_ + counter.text, counter.size}; }
  // Appends a counter with this text; null when the board is full.
  Counter* append(Hash hash, bool failure, std::string_view text);

 private:
  void* memory_;
  Shared* shared_;
  Counter* counters_;
  char* text_;
};

// Copies what fits, and ends it with a zero.
template <std::size_t size>
void copy_text(std::array<char, size>& to, std::string_view from) {
  const std::size_t length = from.copy(to.data(), size - 1);
  to[length] = '\0';
}

inline void Slot::name(std::string_view text) { copy_text(thread, text); }

}  // namespace heddle::checker::native
