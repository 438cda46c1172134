#include "tests/cli/tool.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <stdexcept>

namespace heddle::test {

Finished heddle(std::vector<std::string> arguments) {
  return heddle(Launch{.arguments = std::move(arguments)});
}
Finished heddle(Launch launch) { return run(HEDDLE_TOOL, launch); }

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

std::vector<Json> json_lines(const std::string& text) {
  std::vector<Json> all;
  for (const std::string& line : lines(text)) all.push_back(Json::parse(line));
  return all;
}

Json heddle_json(std::vector<std::string> arguments) {
  arguments.emplace_back("--json");
  const Finished finished = heddle(arguments);
  const std::vector<Json> all = json_lines(finished.out);
  if (all.size() != 1) throw std::runtime_error("not one JSON object: " + finished.out + finished.err);
  return all.front();
}

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const Json& scenario : json_lines(heddle({"list", "--json"}).out))
    names.push_back(scenario.at("scenario"));
  return names;
}

std::vector<std::string> tokens_in(const std::string& text) {
  std::vector<std::string> tokens;
  std::istringstream in(text);
  for (std::string word; in >> word;)
    if (word.starts_with("h1:")) tokens.push_back(word);
  return tokens;
}

std::string fresh_directory(const std::string& name) {
  struct Removed {
    std::vector<std::string> paths;
    ~Removed() {
      std::error_code ignored;
      for (const std::string& path : paths) std::filesystem::remove_all(path, ignored);
    }
  };
  static Removed removed;
  // Tests run side by side, each in a process of its own.
  const std::string path = testing::TempDir() + "heddle-" + name + "-" + std::to_string(getpid());
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  removed.paths.push_back(path);
  return path;
}

}  // namespace heddle::test
