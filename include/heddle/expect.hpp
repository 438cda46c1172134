// heddle/expect.hpp - what a scenario observes and what it demands: outcome() and require().
//
//     heddle::outcome("count", count.load());       // one line of the table of outcomes
//     heddle::require(ready);                       // a defect in every execution where it is false
//     heddle::require(ready, "not ready");          // with a message of one's own
//     heddle::require_eq(count.load(), 2);          // the same, with both values in the message
//
// outcome(name, value) records a value of this execution. Executions with equal outcomes are counted
// together and every distinct outcome gets a witness. Recording a name again replaces its value; where
// threads record different values under one name, what they do has to say which of them comes last, or
// control is lost. Values may be integers, booleans, characters, floating point, enumerations or text.
//
// A failed requirement ends its thread (destructors run, locks are released) while the other threads
// go on, so that exploration stays exhaustive. The message carries the source text and the values.
// A heddle::var or heddle::atomic may be passed as it is: it is read once, at the line of the call.
//
// In a native run both do the same for that run. Outside both, outcome() does nothing and a failed
// requirement prints its message and aborts.
#pragma once

#include <heddle/atomic.hpp>
#include <heddle/detail/native.hpp>
#include <heddle/detail/operand.hpp>
#include <heddle/var.hpp>

#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>

namespace heddle {

namespace detail {

template <class T>
std::string shown(const T& value) {
  if constexpr (std::is_same_v<T, std::nullptr_t>) return "null";
  else if constexpr (std::is_same_v<T, bool>) return value ? "true" : "false";
  else if constexpr (std::is_enum_v<T>) return std::to_string(static_cast<long long>(value));
  else if constexpr (std::is_pointer_v<T> && !std::is_convertible_v<T, std::string_view>)
    return pointer_text(reinterpret_cast<Word>(value));
  else if constexpr (requires(std::ostringstream & out) { out << value; }) {
    std::ostringstream out;
    out << value;
    return out.str();
  } else return "a value";
}

template <class A, class B, class Holds>
void require_relation(const A& a, const B& b, const char* relation, Holds holds, location where) {
  const auto& left = operand(a, where);
  const auto& right = operand(b, where);
  if (!holds(left, right))
    expectation_failed("expected " + shown(left) + " " + relation + " " + shown(right), where);
}

}  // namespace detail

template <class T>
void outcome(std::string_view name, const T& value, location where = location::current()) {
  if (!detail::supervised()) return;
  const auto& seen = detail::operand(value, where);
  using Seen = std::remove_cvref_t<decltype(seen)>;
  const auto record = [&](auto... what) {
    if (detail::in_model()) detail::record_outcome(name, what...);
    else detail::native_run->record_outcome(name, what...);
  };
  if constexpr (std::is_convertible_v<Seen, std::string_view>) record(std::string_view(seen));
  else record(detail::to_word(seen), detail::word_format<Seen>());
}

template <class Condition>
void require(const Condition& condition, location where = location::current()) {
  if (!static_cast<bool>(detail::operand(condition, where)))
    detail::expectation_failed("expected true, was false", where);
}
// `message` takes the place of "expected true, was false".
template <class Condition>
void require(const Condition& condition, std::string_view message, location where = location::current()) {
  if (!static_cast<bool>(detail::operand(condition, where)))
    detail::expectation_failed(std::string(message), where);
}

template <class A, class B>
void require_eq(const A& a, const B& b, location where = location::current()) {
  detail::require_relation(
      a, b, "==", [](const auto& x, const auto& y) { return x == y; }, where);
}
template <class A, class B>
void require_ne(const A& a, const B& b, location where = location::current()) {
  detail::require_relation(
      a, b, "!=", [](const auto& x, const auto& y) { return x != y; }, where);
}
template <class A, class B>
void require_lt(const A& a, const B& b, location where = location::current()) {
  detail::require_relation(
      a, b, "<", [](const auto& x, const auto& y) { return x < y; }, where);
}
template <class A, class B>
void require_le(const A& a, const B& b, location where = location::current()) {
  detail::require_relation(
      a, b, "<=", [](const auto& x, const auto& y) { return x <= y; }, where);
}
template <class A, class B>
void require_gt(const A& a, const B& b, location where = location::current()) {
  detail::require_relation(
      a, b, ">", [](const auto& x, const auto& y) { return x > y; }, where);
}
template <class A, class B>
void require_ge(const A& a, const B& b, location where = location::current()) {
  detail::require_relation(
      a, b, ">=", [](const auto& x, const auto& y) { return x >= y; }, where);
}

}  // namespace heddle
