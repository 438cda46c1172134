// checker/cli/drawing.hpp - writes a drawing to a file.
#pragma once

#include <string>

namespace heddle::checker {

// Writes the text to a .dot file, or what Graphviz makes of it to an .svg file. Throws UsageError when that
// cannot be done.
void write_drawing(const std::string& dot, const std::string& file);

}  // namespace heddle::checker
