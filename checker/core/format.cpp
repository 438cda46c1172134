#include "checker/core/format.hpp"

#include <cstdio>
#include <string_view>

namespace heddle::checker {

using detail::WordFormat;

std::string to_text(detail::Word word, WordFormat format) {
  const auto floating = [](double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%g", value);
    return std::string(buffer);
  };
  switch (format) {
    case WordFormat::Opaque: return {};
    case WordFormat::Boolean: return word != 0 ? "true" : "false";
    case WordFormat::Signed: return std::to_string(static_cast<std::int64_t>(word));
    case WordFormat::Unsigned: return std::to_string(word);
    case WordFormat::Character: {
      const char c = static_cast<char>(word);
      return c >= ' ' && c <= '~' ? std::string("'") + c + "'" : std::to_string(static_cast<int>(c));
    }
    case WordFormat::Float: return floating(detail::from_word<float>(word));
    case WordFormat::Double: return floating(detail::from_word<double>(word));
    case WordFormat::Pointer: return word != 0 ? "non-null" : "null";
  }
  return {};
}

std::string values_text(const std::vector<std::pair<std::string, std::string>>& values) {
  std::string text;
  for (const auto& [name, value] : values) text += (text.empty() ? "" : " ") + name + "=" + value;
  return text;
}

std::string place_text(location where) {
  if (!where.known()) return {};
  const std::string_view file = where.file;
  return " (" + std::string(file.substr(file.rfind('/') + 1)) + ":" + std::to_string(where.line) + ")";
}

}  // namespace heddle::checker
