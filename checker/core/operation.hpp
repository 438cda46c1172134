// checker/core/operation.hpp - what a thread is about to do.
//
// An Operation describes itself completely, so that nothing below the public headers knows which front
// end it came from, and so that its effect can be computed without running the thread. It lives on the
// stack of the thread that waits to perform it.
#pragma once

#include "checker/core/ids.hpp"

#include <heddle/detail/model.hpp>
#include <heddle/location.hpp>

#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

namespace heddle::checker {

using detail::Modify;
using detail::ObjectKind;
using detail::Word;
using detail::WordFormat;

enum class OperationKind : std::uint8_t {
  Load,
  Store,
  ReadModifyWrite,
  CompareExchange,
  Lock,
  LockAll,  // several mutexes in one step
  TryLock,
  Unlock,
  Join,
  Choose,
  Yield,
  Assume,  // of a false condition: never enabled
};
inline constexpr unsigned operation_kinds = 12;

struct Operation {
  OperationKind kind;
  std::memory_order order = std::memory_order_seq_cst;
  std::memory_order failure_order = std::memory_order_seq_cst;  // CompareExchange
  bool atomic_step = false;        // performed inside an AtomicStep; set by the machine
  bool compound = false;           // half of an operation such as ++
  ThreadIndex joined = no_thread;  // Join
  std::uint8_t alternatives = 1;   // Choose
  ObjectIndex object = no_object;
  std::span<const ObjectIndex> objects;  // LockAll; `object` is the first
  Word operand = 0;                      // Store, ReadModifyWrite; CompareExchange: the desired value
  Word expected = 0;                     // CompareExchange
  Modify modify = nullptr;               // ReadModifyWrite
  location where;

  Word result = 0;        // the value read, or the alternative chosen
  bool succeeded = true;  // CompareExchange, TryLock
};

// May have to wait for another thread.
constexpr bool can_block(OperationKind kind) {
  return kind == OperationKind::Lock || kind == OperationKind::LockAll || kind == OperationKind::Join ||
         kind == OperationKind::Assume;
}

// Commutes with every step of every other thread once it is enabled, so that running it at once loses
// nothing: the searches never branch over when to run it.
constexpr bool is_local(OperationKind kind) {
  return kind == OperationKind::Join || kind == OperationKind::Choose;
}

std::string_view to_string(OperationKind) noexcept;

}  // namespace heddle::checker
