// heddle/detail/operand.hpp - an argument that may be a value, or an object of Heddle's that has one.
#pragma once

#include <heddle/location.hpp>

namespace heddle::detail {

// The value; a variable or an atomic object is read once, at this line.
template <class T>
decltype(auto) operand(const T& value, location where) {
  if constexpr (requires { observed(value, where); }) return observed(value, where);
  else return (value);
}

}  // namespace heddle::detail
