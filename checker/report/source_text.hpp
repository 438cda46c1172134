// checker/report/source_text.hpp - lines of source files, for showing next to the steps.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::checker {

class SourceText {
 public:
  // Relative paths are looked up below `root` and then below the working directory.
  explicit SourceText(std::string root) : root_(std::move(root)) {}

  // The line without surrounding blanks; empty when the file or the line does not exist.
  std::string line(const std::string& file, int number);
  // All lines; empty when the file cannot be read.
  const std::vector<std::string>& lines(const std::string& file);

 private:
  std::string root_;
  std::map<std::string, std::vector<std::string>> files_;
};

}  // namespace heddle::checker
