// heddle/location.hpp - where in the source an operation was written.
//
// Every operation of the public types takes a trailing `location` that defaults to the line of the
// caller, so that a trace can show the line a programmer wrote. std::source_location would say the
// same, but clang 14 cannot compile libstdc++ 12's, so the builtins are used directly.
//
//     int load(location where = location::current()) const;
//
// A location is a plain value; `file` points to a string literal and lives as long as the program.
#pragma once

namespace heddle {

struct location {
  const char* file = nullptr;  // as the compiler was given it; nullptr when unknown
  int line = 0;                // 1-based; 0 when unknown
  int unused = 0;              // instead of padding, which would be undefined, and differ from run to run

  static constexpr location current(const char* file = __builtin_FILE(),
                                    int line = __builtin_LINE()) noexcept {
    return {file, line, 0};
  }
  constexpr bool known() const noexcept { return file != nullptr; }
  friend constexpr bool operator==(const location&, const location&) = default;
};

namespace detail {

// An operand together with the line it was written on. Unary operators cannot have default arguments, but
// the constructor of a parameter can.
template <class Object>
struct Located {
  Object& object;
  location where;
  Located(Object& o, location w = location::current())  // NOLINT(google-explicit-constructor): the point
      : object(o), where(w) {}
};

}  // namespace detail

}  // namespace heddle
