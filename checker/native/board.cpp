#include "checker/native/board.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

namespace heddle::checker::native {

namespace {

constexpr std::size_t counters_at = (sizeof(Board::Shared) + 63) / 64 * 64;
constexpr std::size_t text_at = counters_at + Board::counters_most * sizeof(Board::Counter);
constexpr std::size_t board_bytes = text_at + Board::text_most;

}  // namespace

// Pages that nobody touches cost nothing.
Board::Board()
    : memory_(mmap(nullptr, board_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0)) {
  if (memory_ == MAP_FAILED)
    throw std::system_error(errno, std::generic_category(), "cannot share memory with a process");
  auto* const bytes = static_cast<char*>(memory_);
  shared_ = new (bytes) Shared{};
  shared_->crashed = -1;
  counters_ = reinterpret_cast<Counter*>(bytes + counters_at);
  text_ = bytes + text_at;
}

Board::~Board() { munmap(memory_, board_bytes); }

Board::Counter* Board::append(Hash hash, bool failure, std::string_view text) {
  const std::uint32_t index = shared_->counters.load(std::memory_order_relaxed);
  const std::uint32_t used = shared_->text_used.load(std::memory_order_relaxed);
  if (index == counters_most || text.size() > text_most - used) return nullptr;
  std::memcpy(text_ + used, text.data(), text.size());
  counters_[index] = {.hash = hash,
                      .runs = 0,
                      .failed = 0,
                      .first = 0,
                      .text = used,
                      .size = static_cast<std::uint32_t>(text.size()),
                      .failure = failure};
  shared_->text_used = used + static_cast<std::uint32_t>(text.size());
  shared_->counters = index + 1;
  return &counters_[index];
}

}  // namespace heddle::checker::native
