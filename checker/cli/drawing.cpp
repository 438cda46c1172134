#include "checker/cli/drawing.hpp"

#include "checker/cli/arguments.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string_view>

namespace heddle::checker {

namespace {

// Without a shell: a file may have any name.
int run_graphviz(const std::string& dot_file, const std::string& svg_file) {
  const pid_t child = fork();
  if (child == 0) {
    execlp("dot", "dot", "-Tsvg", "-o", svg_file.c_str(), dot_file.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status)) return 1;
  return WEXITSTATUS(status);
}

void write_text(const std::string& text, const std::string& file) {
  std::ofstream out(file);
  out << text;
  if (!out.flush()) throw UsageError("cannot write " + file);
}

}  // namespace

void write_drawing(const std::string& dot, const std::string& file) {
  if (std::string_view(file).ends_with(".dot")) return write_text(dot, file);
  if (!std::string_view(file).ends_with(".svg"))
    throw UsageError("'" + file + "' is neither a .dot nor an .svg file");
  const std::string dot_file = file + ".dot";
  write_text(dot, dot_file);
  const int status = run_graphviz(dot_file, file);
  std::remove(dot_file.c_str());
  if (status == 127)
    throw UsageError("an .svg file needs Graphviz: install the package graphviz, or write a .dot file");
  if (status != 0) throw UsageError("Graphviz could not write " + file);
}

}  // namespace heddle::checker
