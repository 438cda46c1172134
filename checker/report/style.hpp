// checker/report/style.hpp - colour and size of the text reports.
//
// Colour never carries meaning alone: everything it marks is also said in words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace heddle::checker {

enum class Tone { Good, Bad, Doubtful, Title, Quiet };

struct Style {
  std::size_t width = 80;  // columns
  std::size_t steps = 60;  // a longer execution is shown by its beginning and its end
  bool color = false;
  std::string program = "heddle";  // how the reader starts the tool

  std::string paint(Tone tone, std::string_view text) const;
};

// Breaks text at blanks so that no line is longer than `width`; every line begins with `indent` blanks.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

// "1 execution", "2 executions".
std::string counted(std::uint64_t n, std::string_view noun, std::string_view plural = {});

// With blanks after the text, or before it, to that width.
std::string padded(std::string text, std::size_t width);
std::string aligned(const std::string& text, std::size_t width);

// Text in single quotes when a shell would take it apart.
std::string for_shell(std::string_view text);

}  // namespace heddle::checker
