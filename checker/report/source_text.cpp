#include "checker/report/source_text.hpp"

#include <fstream>

namespace heddle::checker {

const std::vector<std::string>& SourceText::lines(const std::string& file) {
  const auto [entry, fresh] = files_.try_emplace(file);
  if (!fresh) return entry->second;
  std::ifstream in(file.starts_with('/') ? file : root_ + "/" + file);
  if (!in) in.open(file);
  for (std::string line; std::getline(in, line);) entry->second.push_back(line);
  return entry->second;
}

std::string SourceText::line(const std::string& file, int number) {
  const auto& all = lines(file);
  if (number < 1 || static_cast<std::size_t>(number) > all.size()) return {};
  const std::string& line = all[static_cast<std::size_t>(number) - 1];
  const std::size_t first = line.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace heddle::checker
